"""Addresses of the new customer."""

from django.urls import path

from zhenke.doors.pages.new_customer import views

urlpatterns = [
    path("customers/new/", views.new_customer, name="new_customer"),
    path("customers/new/hints/", views.hints, name="new_customer_hints"),
]
