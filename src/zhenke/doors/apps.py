"""Wiring of the doors for Django: templates, static files, words, start-up checks."""

from django.apps import AppConfig
from django.core.checks import register

from zhenke.doors.checks import routes_have_rows


class DoorsConfig(AppConfig):
    name = "zhenke.doors"

    def ready(self) -> None:
        """Refuse to start with a route that nobody declared."""
        register(routes_have_rows)
