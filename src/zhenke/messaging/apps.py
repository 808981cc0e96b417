"""Wiring of the room for Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "zhenke.messaging"
