"""Addresses of the floor."""

from django.urls import path

from bench.floor import views

urlpatterns = [
    path("list/", views.customers),
    path("word/", views.by_word),
    path("tail/", views.by_tail),
    path("profile/<int:key>/", views.profile),
    path("today/", views.today),
]
