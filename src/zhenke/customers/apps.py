"""Wiring of the room for Django."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhenke.customers"
