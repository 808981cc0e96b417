"""Wiring of the room for Django."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "zhenke.staff"
