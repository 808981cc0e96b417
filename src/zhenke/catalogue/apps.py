"""Wiring of the room for Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "zhenke.catalogue"
