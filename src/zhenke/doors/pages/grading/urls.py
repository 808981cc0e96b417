"""Addresses of grading."""

from django.urls import path

from zhenke.doors.pages.grading import views

urlpatterns = [
    path("grading/", views.grading_page, name="grading"),
    path("grading/preview/", views.grading_preview, name="grading_preview"),
    path("grading/publish/", views.grading_publish, name="grading_publish"),
    path("grading/versions/<int:version>/roll-back/", views.grading_roll_back, name="grading_roll_back"),
    path("grading/regrade/", views.grading_regrade, name="grading_regrade"),
]
