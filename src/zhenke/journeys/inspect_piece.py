"""A piece was looked at: it is written down, its follow-up is settled, the next day is set."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.care.operations import settle_inspection
from zhenke.catalogue.models import Inspection, Piece
from zhenke.catalogue.operations import add_inspection
from zhenke.staff.models import Viewer


@transaction.atomic
def inspect_piece(*, piece: Piece, on_date: date, seen: str, next_date: date, by: Viewer, now: datetime) -> Inspection:
    """Write down an inspection and close the follow-up that asked for it.

    Writes: one Inspection, the piece's next day, an audit line; its open follow-up done as "inspected".
    Twice:  the inspection of that day, nothing is written.
    Errors: NotAllowed; BadPiece naming the field.
    """
    made = add_inspection(piece=piece, on_date=on_date, seen=seen, next_date=next_date, by=by, now=now)
    settle_inspection(piece_id=piece.pk, due_date=made.due_date, by=by, now=now)
    return made
