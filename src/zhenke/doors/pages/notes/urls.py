"""Addresses of notes, their photos, and the lines that name somebody."""

from django.urls import path

from zhenke.doors.pages.notes import views

_HERS = "customers/<int:customer_id>/notes/"

urlpatterns = [
    path("mentions/<int:mention_id>/open/", views.mention_open, name="mention_open"),
    path("mentions/<int:mention_id>/seen/", views.mention_seen, name="mention_seen"),
    path("mentions/<int:mention_id>/unseen/", views.mention_unseen, name="mention_unseen"),
    path(f"{_HERS}<int:interaction_id>/undo/", views.note_undo, name="note_undo"),
    path(f"{_HERS}photos/<int:note_photo_id>/", views.note_photo, name="note_photo"),
    path(f"{_HERS}photos/<int:note_photo_id>/drop/", views.note_photo_drop, name="note_photo_drop"),
]
