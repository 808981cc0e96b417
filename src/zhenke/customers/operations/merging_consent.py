"""What two archives of one person allowed: the entries move, and the stricter of the two wins."""

from __future__ import annotations

from datetime import datetime

from zhenke.basics.merging import Mover
from zhenke.customers.models import ConsentEntry
from zhenke.customers.queries.consent import said_by
from zhenke.customers.rules.consent import stricter

ENTRIES = ConsentEntry._meta.db_table


def merge_consents(mover: Mover, *, loser: int, winner: int, now: datetime) -> None:
    """Give the loser's entries to the winner; a no of either that a yes of the other would cover is said again."""
    again = stricter(mine=said_by([winner]), theirs=said_by([loser]))
    going = [key for (key,) in mover.rows(ENTRIES, ("id",), "customer_id", [loser])]
    mover.change(ENTRIES, {key: {"customer_id": winner} for key in going})
    rows = [
        ConsentEntry(
            customer_id=winner,
            purpose=purpose,
            channel=channel,
            state=ConsentEntry.State.WITHDRAWN,
            at=now,
            proof=ConsentEntry.Proof.MERGE,
        )
        for purpose, channel in again
    ]
    ConsentEntry.objects.bulk_create(rows)
    if rows:
        mover.moved.note_created(ENTRIES, [row.pk for row in rows])
