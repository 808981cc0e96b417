"""A piece is looked at with its numbers and weights: what the look asks for, its count and its mark are one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.catalogue.operations import show_piece
from zhenke.catalogue.queries import WholePiece, piece_for
from zhenke.customers.operations.permits import allow_look
from zhenke.staff.models import Viewer


@transaction.atomic
def reveal_piece(
    *, viewer: Viewer, piece: int, reason: str, proved_at: datetime | None, today: date, now: datetime
) -> WholePiece:
    """Return a piece (by its key) whole; the look counts against the same limit of the day as a whole contact.

    What it asks for besides a reason depends on how important the owner is: a proof of who looks, `proved_at`, and a
    second person's permit (customers/rules/importance.py).

    Units:  `reason` is a code: service, valuation, check …
    Errors: PieceUnknown outside the viewer's sight; NotAllowed if the role is never shown them; LookReasonMissing;
            ProofMissing, SecondPersonMissing, RevealsUsedUp.
    Writes: RevealTally, a permit used up, the owner's alert; one audit line "piece.revealed", one more for an alarm.
    Twice:  a second line: each look leaves its own mark.
    Source: promises.md P18, §3.2, §3.3.
    """
    found = piece_for(viewer=viewer, id=piece, today=today)
    whole = show_piece(viewer=viewer, piece=found, reason=reason, now=now)
    allow_look(viewer=viewer, customer=found.customer, group="pieces", subject=found.pk, proved_at=proved_at, now=now)
    return whole
