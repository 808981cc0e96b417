"""A backup was put back: what it opened when it was made may have been closed since, so nothing stays open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.catalogue.operations.shares import end_every_share
from zhenke.customers.operations.exports import end_every_export
from zhenke.customers.operations.permits import end_every_permit
from zhenke.customers.operations.sign_up import end_every_sign_up
from zhenke.staff import SYSTEM
from zhenke.staff.audit import record
from zhenke.staff.operations.people import end_every_session
from zhenke.staff.operations.tokens import pause_tokens


@transaction.atomic
def end_restored_access(*, made_at: datetime, keeps_tokens: bool, now: datetime) -> dict[str, int]:
    """End every session, link, permit and export of a copy of the database, stop its programs, and say how many.

    Nobody knows what was ended between the backup and now: whoever belongs here signs in again, and the owner lets each
    program in again. `keeps_tokens` leaves the programs as they were.

    Writes: sessions with the proofs in them, SignUpLink, PieceShare, LookPermit, Export, ApiToken; one audit line.
    Twice:  nothing is open any more; a second audit line.
    """
    counts = {
        "sessions": end_every_session(),
        "tokens": 0 if keeps_tokens else pause_tokens(now=now),
        "sign_up_links": end_every_sign_up(now=now),
        "piece_links": end_every_share(now=now),
        "permits": end_every_permit(now=now),
        "exports": end_every_export(now=now),
    }
    record(
        action="backup.restored",
        by=SYSTEM,
        now=now,
        made_date=made_at.date(),
        keeps_tokens=keeps_tokens,
        **counts,  # type: ignore[arg-type]
    )
    return counts
