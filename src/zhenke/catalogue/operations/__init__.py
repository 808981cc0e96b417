"""Writes of the catalogue, by topic."""

from zhenke.catalogue.operations.papers import (
    add_certificate,
    add_inspection,
    add_valuation,
    drop_inspection,
    drop_stone,
    put_stone,
)
from zhenke.catalogue.operations.photos import add_photo, drop_photo
from zhenke.catalogue.operations.pieces import (
    NotHanded,
    SerialTaken,
    add_piece,
    change_piece,
    hand_on,
    set_surprise,
    show_piece,
)
from zhenke.catalogue.operations.shares import count_view, revoke_share, share_piece
from zhenke.catalogue.operations.sold import keep_sold, load_details, mean_lines_for, take_back_sold
from zhenke.catalogue.operations.styles import StyleNumberTaken, add_style, forget_styles, load_styles
from zhenke.catalogue.operations.undoing import forget_sold

__all__ = [
    "NotHanded",
    "SerialTaken",
    "StyleNumberTaken",
    "add_certificate",
    "add_inspection",
    "add_photo",
    "add_piece",
    "add_style",
    "add_valuation",
    "change_piece",
    "count_view",
    "drop_inspection",
    "drop_photo",
    "drop_stone",
    "forget_sold",
    "forget_styles",
    "hand_on",
    "keep_sold",
    "load_details",
    "load_styles",
    "mean_lines_for",
    "put_stone",
    "revoke_share",
    "set_surprise",
    "share_piece",
    "show_piece",
    "take_back_sold",
]
