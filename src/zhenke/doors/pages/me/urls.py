"""Addresses of one's own page."""

from django.urls import path

from zhenke.doors.pages.me import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/language/", views.set_language, name="set_language"),
]
