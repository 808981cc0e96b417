"""Addresses of importance, service team and protected people."""

from django.urls import path

from zhenke.doors.pages.importance import protected, sheets

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path(f"{_HER}importance/", sheets.importance, name="customer_importance"),
    path(f"{_HER}team/", sheets.team, name="customer_team"),
    path("settings/protected/", protected.settings_protected, name="settings_protected"),
]
