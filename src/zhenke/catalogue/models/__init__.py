"""Tables of the catalogue: styles, and the pieces that customers own."""

from zhenke.catalogue.models.ownership import PieceOwner, PiecePhoto, PieceShare
from zhenke.catalogue.models.pieces import Certificate, Inspection, Piece, Stone, Valuation
from zhenke.catalogue.models.styles import Style

__all__ = [
    "Certificate",
    "Inspection",
    "Piece",
    "PieceOwner",
    "PiecePhoto",
    "PieceShare",
    "Stone",
    "Style",
    "Valuation",
]
