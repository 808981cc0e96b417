"""Wiring of the room for Django."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "zhenke.care"
