"""Addresses of imports."""

from django.urls import path

from zhenke.doors.pages.imports import views

urlpatterns = [
    path("imports/", views.imports_page, name="imports"),
    path("imports/<int:import_id>/", views.import_page, name="import"),
    path("imports/<int:import_id>/columns/", views.import_columns, name="import_columns"),
    path("imports/<int:import_id>/take/", views.import_take, name="import_take"),
    path("imports/<int:import_id>/resume/", views.import_resume, name="import_resume"),
    path("imports/<int:import_id>/drop/", views.import_drop, name="import_drop"),
    path("imports/<int:import_id>/undo/", views.import_undo, name="import_undo"),
    path("imports/<int:import_id>/refused.csv", views.import_reject_file, name="import_reject_file"),
]
