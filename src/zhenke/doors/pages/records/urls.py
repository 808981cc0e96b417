"""Addresses of the figures of records, and of values to choose between."""

from django.urls import path

from zhenke.doors.pages.records import claims, views

urlpatterns = [
    path("records/", views.records_page, name="records"),
    path("records/conflicts/", claims.conflicts_page, name="conflicts"),
    path("customers/<int:customer_id>/claims/", claims.claims_sheet, name="customer_claims"),
    path("customers/<int:customer_id>/claims/<int:claim_id>/undo/", claims.claim_undo, name="customer_claim_undo"),
]
