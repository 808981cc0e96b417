"""The night calls off what was put aside and not fetched in time: the points come back to their lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhenke.grading.queries import house_zone
from zhenke.membership.operations.redeeming import cancel_redemption
from zhenke.membership.queries.rewards import late_redemptions
from zhenke.staff import SYSTEM

BATCH = 200


@dataclass(frozen=True)
class EndedReservations:
    """How many were called off, and how many points they had cost."""

    redemptions: int = 0
    points: int = 0


def end_reservations(*, now: datetime) -> EndedReservations:
    """Call off whatever was put aside up to a day before today, of the house.

    Writes: Redemption; entries of the ledger. Not one transaction: each commits.
    Twice:  finds nothing. Stopped half-way, it goes on where it was.
    """
    day, count, points = now.astimezone(house_zone()).date(), 0, 0
    while late := late_redemptions(day=day, size=BATCH):
        for one in late:
            if cancel_redemption(redemption=one, reason="not_fetched", by=SYSTEM, now=now):
                count, points = count + 1, points + one.points
    return EndedReservations(count, points)
