"""Addresses of exports."""

from django.urls import path

from zhenke.doors.pages.exports import views

urlpatterns = [
    path("exports/", views.exports_page, name="exports"),
    path("exports/new/", views.export_new, name="export_new"),
    path("exports/<int:export_id>/", views.export_page, name="export"),
    path("exports/<int:export_id>/decide/", views.export_decide, name="export_decide"),
    path("exports/<int:export_id>/withdraw/", views.export_withdraw, name="export_withdraw"),
    path("exports/<int:export_id>/download/", views.export_download, name="export_download"),
]
