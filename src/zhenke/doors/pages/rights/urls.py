"""Addresses of what a customer may ask of the house."""

from django.urls import path

from zhenke.doors.pages.rights import consent, proof, rights

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path(f"{_HER}consent/", consent.consent, name="customer_consent"),
    path(f"{_HER}consent/proof/", proof.proof, name="customer_consent_proof"),
    path(f"{_HER}rights/", rights.rights, name="customer_rights"),
    path(f"{_HER}rights/copy/", rights.copy, name="customer_copy"),
    path(f"{_HER}rights/forget/", rights.forget, name="customer_forget"),
    path(f"{_HER}looks/", rights.looks, name="customer_looks"),
]
