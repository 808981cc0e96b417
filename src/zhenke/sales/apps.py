"""Wiring of the room for Django."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "zhenke.sales"
