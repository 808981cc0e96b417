"""Addresses of what a customer may ask of the house."""

from django.urls import path

from zhenke.doors.pages.rights import consent

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path(f"{_HER}consent/", consent.consent, name="customer_consent"),
]
