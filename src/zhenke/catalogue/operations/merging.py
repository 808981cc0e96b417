"""Whose pieces they are, when two archives become one or two again."""

from __future__ import annotations

from django.db import connection, transaction

from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.catalogue.models import Piece

# One line for each column of this room that holds the key of a customer.
POINTERS = (
    Pointer("catalogue_piece"),
    Pointer("catalogue_piece", "wearer_id"),
    Pointer("catalogue_pieceowner", "from_customer_id"),
    Pointer("catalogue_pieceowner", "to_customer_id"),
)
_PIECES = Piece._meta.db_table


@transaction.atomic
def move_customer(*, loser: int, winner: int) -> Moved:
    """Give the loser's pieces to the winner; return what moved. What one of the two had for the other is her own now.

    Writes: Piece, PieceOwner.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
        own = Piece.objects.filter(customer=winner, wearer=winner).values_list("pk", flat=True)
        mover.change(_PIECES, {key: {"wearer_id": None, "secret_until_date": None} for key in own})
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give the pieces back; return what something touched and stays.

    Writes: Piece, PieceOwner.
    Twice:  the caller asks once.
    """
    with connection.cursor() as cursor:
        return put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
