"""Addresses of looks that two people answer for."""

from django.urls import path

from zhenke.doors.pages.permits import views

urlpatterns = [
    path("permits/", views.permits_page, name="permits"),
    path("permits/<int:permit_id>/decide/", views.permit_decide, name="permit_decide"),
    path("permits/<int:permit_id>/alone/", views.permit_alone, name="permit_alone"),
    path("permits/wait/", views.permit_wait, name="permit_wait"),
    path("customers/<int:customer_id>/reveal/ask/", views.ask_for_contact, name="customer_ask_permit"),
    path("pieces/<int:piece_id>/reveal/ask/", views.ask_for_piece, name="piece_ask_permit"),
]
