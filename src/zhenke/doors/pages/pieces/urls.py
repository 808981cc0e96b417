"""Addresses of pieces, and of the links that show one to others."""

from django.urls import path

from zhenke.doors.pages.pieces import people, shared, sheets, views

_IT = "pieces/<int:piece_id>/"

urlpatterns = [
    path("customers/<int:customer_id>/pieces/new/", sheets.new_piece, name="piece_new"),
    path(_IT, views.piece_page, name="piece"),
    path(f"{_IT}edit/", sheets.edit, name="piece_edit"),
    path(f"{_IT}stone/", sheets.stone, name="piece_stone"),
    path(f"{_IT}certificate/", sheets.certificate, name="piece_certificate"),
    path(f"{_IT}inspection/", sheets.inspection, name="piece_inspection"),
    path(f"{_IT}valuation/", sheets.valuation, name="piece_valuation"),
    path(f"{_IT}inspected/", views.inspected, name="piece_inspected"),
    path(f"{_IT}inspected/<int:inspection_id>/undo/", views.inspected_undo, name="piece_inspected_undo"),
    path(f"{_IT}photos/", sheets.photo_add, name="piece_photo_add"),
    path(f"{_IT}photos/<int:photo_id>/", views.photo, name="piece_photo"),
    path(f"{_IT}photos/<int:photo_id>/drop/", sheets.photo_drop, name="piece_photo_drop"),
    path(f"{_IT}reveal/", views.reveal, name="piece_reveal"),
    path(f"{_IT}hand-on/", people.hand_on, name="piece_hand_on"),
    path(f"{_IT}meant-for/", people.meant_for, name="piece_meant_for"),
    path(f"{_IT}share/", shared.share, name="piece_share"),
    path(f"{_IT}share/<int:share_id>/close/", shared.share_close, name="piece_share_close"),
    path("s/<str:token>/", shared.look, name="shared_piece"),
    path("s/<str:token>/photos/<int:number>/", shared.look_photo, name="shared_piece_photo"),
]
