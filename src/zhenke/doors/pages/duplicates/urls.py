"""Addresses of the review of possible duplicates."""

from django.urls import path

from zhenke.doors.pages.duplicates import views

urlpatterns = [
    path("customers/duplicates/", views.duplicates_page, name="duplicates"),
    path("customers/duplicates/<int:pair_id>/", views.compare_page, name="duplicate"),
    path("customers/duplicates/<int:pair_id>/not-same/", views.not_same, name="duplicate_not_same"),
    path("customers/duplicates/<int:pair_id>/again/", views.look_again, name="duplicate_again"),
    path("customers/merges/<int:merge_id>/undo/", views.merge_undo, name="merge_undo"),
]
