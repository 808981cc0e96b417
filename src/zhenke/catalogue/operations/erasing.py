"""A customer is forgotten: what she owns is known no more, and of others' pieces she is neither giver nor wearer."""

from __future__ import annotations

from django.db import transaction

from zhenke.catalogue.models import Piece, PieceOwner, PiecePhoto
from zhenke.catalogue.operations.photos import drop_photo_files

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {
    "catalogue_piece.customer_id": "deleted, with stones, papers, photos, inspections, valuations and links",
    "catalogue_piece.wearer_id": "unlinked, with the day of the secret",
    "catalogue_pieceowner.from_customer_id": "unlinked",
    "catalogue_pieceowner.to_customer_id": "unlinked",
}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Delete a customer's pieces with all that belongs to them, and take her off those of others.

    Writes: deletes Piece and what hangs on it; Piece (wearer), PieceOwner of others' pieces. The files of the photos go
            when the transaction has ended.
    Twice:  deletes nothing more.
    """
    photos = list(PiecePhoto.objects.filter(piece__customer=customer_id))
    transaction.on_commit(lambda: drop_photo_files(photos))
    pieces = Piece.objects.filter(customer=customer_id)
    gone = pieces.count()
    pieces.delete()
    Piece.objects.filter(wearer=customer_id).update(wearer=None, secret_until_date=None)
    PieceOwner.objects.filter(from_customer=customer_id).update(from_customer=None)
    PieceOwner.objects.filter(to_customer=customer_id).update(to_customer=None)
    return {"pieces": gone, "photos": len(photos)}
