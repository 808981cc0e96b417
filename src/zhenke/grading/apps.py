"""Wiring of the room for Django."""

from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "zhenke.grading"
