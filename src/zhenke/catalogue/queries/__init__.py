"""Reads of the catalogue, by topic."""

from zhenke.catalogue.queries.pieces import (
    PieceUnknown,
    SeenPiece,
    find_pieces,
    holders_of_pieces,
    is_shown_whole,
    piece_for,
    pieces_due,
    pieces_of,
    seen_piece,
)
from zhenke.catalogue.queries.shares import SharedPiece, shared_photo, shared_piece, shares_of
from zhenke.catalogue.queries.sold import lines_worked_on
from zhenke.catalogue.queries.styles import find_styles, style_by_no, styles
from zhenke.catalogue.queries.whole import WholePiece, inspection_of, photo_file, photo_for, whole_piece

__all__ = [
    "PieceUnknown",
    "SeenPiece",
    "SharedPiece",
    "WholePiece",
    "find_pieces",
    "find_styles",
    "holders_of_pieces",
    "inspection_of",
    "is_shown_whole",
    "lines_worked_on",
    "photo_file",
    "photo_for",
    "piece_for",
    "pieces_due",
    "pieces_of",
    "seen_piece",
    "shared_photo",
    "shared_piece",
    "shares_of",
    "style_by_no",
    "styles",
    "whole_piece",
]
