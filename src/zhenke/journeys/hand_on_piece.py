"""A piece changes hands: given, sold, inherited or swapped among customers; what is planned for it goes along."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.care.operations import move_inspection
from zhenke.catalogue.models import Piece, PieceOwner
from zhenke.catalogue.operations import hand_on
from zhenke.customers.models import Customer
from zhenke.staff.models import Viewer


@transaction.atomic
def hand_on_piece(
    *, piece: Piece, to: Customer, how: str, on_date: date, by: Viewer, now: datetime
) -> PieceOwner | None:
    """Make another customer the owner of a piece; return the change of hands, None if it is hers already.

    Writes: the piece, its history, open links closed, an audit line; its open follow-up goes to the new owner.
    Twice:  None, nothing is written.
    Errors: NotAllowed; NotHanded.
    """
    change = hand_on(piece=piece, to=to, how=how, on_date=on_date, by=by, now=now)
    if change is not None:
        move_inspection(piece_id=piece.pk, due_date=piece.next_inspection_date, to=to)
    return change
