"""What a customer has, and how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhenke.customers.models import Customer
from zhenke.customers.queries import CustomerUnknown, visible
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import PointsEntry
from zhenke.membership.queries.accounts import accounts_of, held_in
from zhenke.membership.rules.ledger import Held, Lot, Place, in_spending_order, spendable
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer


@dataclass(frozen=True, slots=True)
class PointsBalance:
    """What a customer may spend on a day, what waits (with its days), what she owes, and what ends next."""

    spendable: int = 0
    pending: int = 0
    owed: int = 0
    waiting: tuple[tuple[date, int], ...] = ()
    """Of what waits: from which day it may be spent, and how much."""
    next_end: date | None = None
    next_end_points: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether she never had points, or has none and owes none."""
        return not (self.spendable or self.pending or self.owed)


def balance_of(*, viewer: Viewer, customer: Customer, on_date: date, programme: str = "main") -> PointsBalance:
    """Return a customer's balance on a day of the shop: a sum over her legs, kept nowhere.

    Shape:  two SQL queries, one more for who is not the system.
    Errors: CustomerUnknown unless she is in sight.
    Sees:   as `customers.queries.visible`; marketing, which is shown bands of many, nothing of one person.
    """
    held = _held(viewer, customer, programme)
    waiting: dict[date, int] = {}
    for lot in held.pending:
        waiting[lot.active_on_date] = waiting.get(lot.active_on_date, 0) + lot.left
    live = held.live(on_date)
    next_end = live[0].expires_on_date if live else None
    return PointsBalance(
        spendable=spendable(held, on_date),
        pending=sum(waiting.values()),
        owed=held.owed,
        waiting=tuple(sorted(waiting.items())),
        next_end=next_end,
        next_end_points=sum(lot.left for lot in live if lot.expires_on_date == next_end),
    )


def lots_of(*, viewer: Viewer, customer: Customer, on_date: date, programme: str = "main") -> list[Lot]:
    """Return the lots a customer may spend on a day, the one that is spent first at the front.

    Errors: CustomerUnknown unless she is in sight.
    Sees:   as `customers.queries.visible`; marketing, which is shown bands of many, nothing of one person.
    """
    return in_spending_order(_held(viewer, customer, programme).live(on_date))


def _held(viewer: Viewer, customer: Customer, programme: str) -> Held:
    if not _is_shown(viewer, customer):
        return Held()
    with connection.cursor() as cursor:
        accounts = accounts_of(cursor, customer_id=customer.pk, programme=programme)
        return held_in(cursor, accounts) if accounts else Held()


def _is_shown(viewer: Viewer, customer: Customer) -> bool:
    """Return whether the viewer is shown points of a customer. Errors: CustomerUnknown unless she is in sight."""
    if not isinstance(viewer, SystemViewer) and not visible(viewer=viewer).filter(pk=customer.pk).exists():
        raise CustomerUnknown
    return sight_of(viewer.role).points


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One movement in plain codes: its kind, its cause, and by how much it changed what she may spend, has, owes."""

    entry_id: int
    kind: str
    cause_kind: str
    cause_id: str
    at: datetime
    on_date: date
    shop_id: int | None
    reason: str
    member: int
    pending: int
    debt: int

    @property
    def points(self) -> int:
        """Points that came or went, wherever they lie; 0 when points only began to be spendable."""
        return self.member + self.pending + self.debt


_FAMILY_SQL = """
WITH RECURSIVE family(id) AS (
  SELECT a.id FROM membership_pointsaccount a WHERE a.customer_id = %s
    AND a.programme_id = (SELECT p.id FROM membership_programme p WHERE p.key = %s)
  UNION
  SELECT a.id FROM membership_pointsaccount a JOIN family f ON a.merged_into_id = f.id
)
SELECT a.id, a.kind FROM family f JOIN membership_pointsaccount a ON a.id = f.id
"""


def points_history(
    *, viewer: Viewer, customer: Customer, before: int | None, size: int, programme: str = "main"
) -> list[HistoryLine]:
    """Return a customer's movements, the newest first, from before one entry on; what archives that became hers had
    is part of it.

    Shape:  at most `size`; the last one's `entry_id` is the next page's `before`. Three SQL queries.
    Errors: CustomerUnknown unless she is in sight.
    Sees:   as `customers.queries.visible`; marketing, which is shown bands of many, nothing of one person.
    """
    if not _is_shown(viewer, customer):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY_SQL, [customer.pk, programme])
        kinds = dict(cursor.fetchall())
        if not kinds:
            return []
        entries = _entries(cursor, list(kinds), before, size)
        sums = _sums(cursor, list(kinds), entries, kinds)
    rows = PointsEntry.objects.in_bulk(entries)
    return [_line(rows[key], sums[key]) for key in entries if key in rows]


def _line(entry: PointsEntry, sums: dict[str, int]) -> HistoryLine:
    return HistoryLine(
        entry_id=entry.pk,
        kind=entry.kind,
        cause_kind=entry.cause_kind,
        cause_id=entry.cause_id,
        at=entry.at,
        on_date=entry.on_date,
        shop_id=entry.shop_id,
        reason=entry.reason,
        member=sums.get(Place.MEMBER, 0),
        pending=sums.get(Place.PENDING, 0),
        debt=sums.get(Place.DEBT, 0),
    )


def _entries(cursor: Any, accounts: list[int], before: int | None, size: int) -> list[int]:
    """Return the newest entries of some accounts: each account's own newest, read off the index, then all together."""
    each = (
        "SELECT * FROM (SELECT DISTINCT entry_id FROM membership_pointsleg WHERE account_id = %s AND entry_id < %s "
        "ORDER BY entry_id DESC LIMIT %s) s"
    )
    sql = " UNION ".join([each] * len(accounts)) + " ORDER BY 1 DESC LIMIT %s"
    values = [value for account in accounts for value in (account, before or 2**62, size)]
    cursor.execute(sql, [*values, size])
    return [key for (key,) in cursor.fetchall()]


def _sums(cursor: Any, accounts: list[int], entries: Iterable[int], kinds: dict[int, str]) -> dict[int, dict[str, int]]:
    keys = list(entries)
    found: dict[int, dict[str, int]] = {key: {} for key in keys}
    if not keys:
        return found
    marks, among = (", ".join(["%s"] * len(some)) for some in (keys, accounts))
    cursor.execute(
        "SELECT entry_id, account_id, CAST(SUM(points) AS BIGINT) FROM membership_pointsleg "  # noqa: S608 (marks)
        f"WHERE entry_id IN ({marks}) AND account_id IN ({among}) GROUP BY entry_id, account_id",
        [*keys, *accounts],
    )
    for entry, account, points in cursor.fetchall():
        kind = kinds[account]
        found[entry][kind] = found[entry].get(kind, 0) + int(points)
    return found
