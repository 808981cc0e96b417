"""Addresses of the reception."""

from django.urls import path

from zhenke.doors.pages.reception import views

urlpatterns = [
    path("reception/", views.reception, name="reception"),
    path("reception/<int:customer_id>/", views.glance, name="reception_glance"),
]
