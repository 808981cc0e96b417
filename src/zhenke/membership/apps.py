"""Wiring of the room for Django."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "zhenke.membership"
