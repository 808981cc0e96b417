"""What the night tells members, as messages are to say it: one notice for each thing, whose cause never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhenke.membership.queries.notices import ending_points, spendable_since, tier_moves_since
from zhenke.sales.queries import sales_of_lines

CAUGHT_UP_DAYS = 6
"""So many nights that were left out are caught up."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one customer; `template` says what, cause and occurrence which one."""

    customer_id: int
    template: str
    fields: dict[str, str | int | date]
    cause_id: int
    occurrence: str = ""


def to_tell_of_ending(*, day: date, steps: Sequence[int]) -> list[Notice]:
    """Return notices of points that end in so many days: all of one month, when its first day is near enough.

    Shape:  one row per customer, month and step; two SQL queries a step.
    Sees:   no viewer: the night asks.
    """
    found = []
    for step in steps:
        first, last = day + timedelta(days=step - CAUGHT_UP_DAYS), day + timedelta(days=step)
        near = {(one.customer_id, one.month): one for one in ending_points(first=first, last=last)}
        if not near:
            continue
        end_of_month = (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        whole = {(one.customer_id, one.month): one for one in ending_points(first=first, last=end_of_month)}
        for key, one in near.items():
            fields: dict[str, str | int | date] = {"points": whole[key].points, "expires_on": one.first_end}
            occurrence = f"{one.month}:{step}"
            found.append(Notice(one.customer_id, "points_expiring", fields, one.customer_id, occurrence))
    return found


def to_tell_of_tiers(*, day: date) -> list[Notice]:
    """Return notices of tiers that moved.

    Shape:  one row per member at most; two SQL queries.
    Sees:   no viewer: the night asks.
    """
    moves = tier_moves_since(first=day - timedelta(days=CAUGHT_UP_DAYS))
    return [Notice(one.customer_id, "tier_changed", {"tier": one.to_tier}, one.pk) for one in moves]


def to_tell_of_earned(*, day: date) -> list[Notice]:
    """Return notices of points of a sale that waited and may be spent now.

    Shape:  one row per customer and receipt; two SQL queries.
    Sees:   no viewer: the night asks.
    """
    rows = spendable_since(first=day - timedelta(days=CAUGHT_UP_DAYS))
    sales = sales_of_lines(line_ids=[row.line_id for row in rows])
    points: dict[tuple[int, int], int] = {}
    for row in rows:
        if row.line_id in sales:
            key = (row.customer_id, sales[row.line_id])
            points[key] = points.get(key, 0) + row.points
    return [Notice(customer, "points_earned", {"points": sum_}, sale) for (customer, sale), sum_ in points.items()]
