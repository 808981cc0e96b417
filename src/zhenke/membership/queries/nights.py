"""What a night has to look at: lots by their days, and what is left of them, thousands in one query."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from zhenke.basics.bulk import for_column, rows_where
from zhenke.membership.models import PointsAccount
from zhenke.membership.queries.accounts import as_day
from zhenke.membership.rules.ledger import Place


@dataclass(frozen=True, slots=True)
class House:
    """A programme and its two accounts."""

    programme: int
    key: str
    source: int
    expired: int


@dataclass(frozen=True, slots=True)
class DueLot:
    """A lot and the day that makes it due."""

    lot: int
    on_date: date


@dataclass(frozen=True, slots=True)
class LeftLot:
    """What is left of a lot in one customer's account, and her accounts; `last_entry` is the last that touched it."""

    lot: int
    left: int
    last_entry: int
    member: int
    pending: int
    debt: int


def houses() -> list[House]:
    """Return every programme with the house's own accounts, the oldest first."""
    rows = PointsAccount.objects.filter(kind__in=[Place.PROGRAMME, Place.EXPIRED])
    found: dict[tuple[int, str], dict[str, int]] = {}
    for programme, key, kind, account in rows.values_list("programme_id", "programme__key", "kind", "pk"):
        found.setdefault((programme, key), {})[kind] = account
    return [House(*one, kinds[Place.PROGRAMME], kinds[Place.EXPIRED]) for one, kinds in sorted(found.items())]


def lots_to_activate(
    *, programme: int, first: date | None, day: date, after: tuple[date, int] | None, size: int
) -> list[DueLot]:
    """Return lots that may be spent from some day in [`first`, `day`] on, after a place, in the order of (day, key)."""
    return _lots("active_on_date", "<=", programme, first, day, after, size)


def lots_to_expire(
    *, programme: int, first: date | None, day: date, after: tuple[date, int] | None, size: int
) -> list[DueLot]:
    """Return lots whose last day is in [`first`, `day`), after a place, in the order of (day, key)."""
    return _lots("expires_on_date", "<", programme, first, day, after, size)


def _lots(
    column: str, until: str, programme: int, first: date | None, day: date, after: tuple[date, int] | None, size: int
) -> list[DueLot]:
    from_day, from_key = after or (first or date.min, 0)
    sql = (
        f"SELECT id, {column} FROM membership_pointslot WHERE programme_id = %s AND {column} {until} %s "  # noqa: S608
        f"AND ({column}, id) > (%s, %s) ORDER BY {column}, id LIMIT %s"
    )
    days = [for_column(one, vendor=connection.vendor) for one in (day, from_day)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [programme, days[0], days[1], from_key, size])
        return [DueLot(key, as_day(found)) for key, found in cursor.fetchall()]


def still_left(cursor: Any, *, programme: int, lots: Sequence[int], place: Place) -> list[LeftLot]:
    """Return what is left of lots in customers' accounts of one place, by account; those with nothing are left out.

    Shape:  one SQL query; in the order of lots, so that the oldest pays a debt first.
    """
    is_postgres = connection.vendor == "postgresql"
    among = "l.lot_id = ANY(%s)" if is_postgres else "l.lot_id IN (SELECT value FROM json_each(%s))"
    wanted = list(lots) if is_postgres else json.dumps(list(lots))
    cursor.execute(
        "SELECT f.lot_id, f.points_left, f.last_entry, m.id, w.id, d.id FROM ("  # noqa: S608 (a choice of ours)
        "  SELECT l.lot_id, l.account_id, CAST(SUM(l.points) AS BIGINT) AS points_left, MAX(l.entry_id) AS last_entry"
        f"  FROM membership_pointsleg l WHERE {among} GROUP BY l.lot_id, l.account_id HAVING SUM(l.points) > 0"
        ") f JOIN membership_pointsaccount a ON a.id = f.account_id AND a.kind = %s AND a.programme_id = %s "
        "JOIN membership_pointsaccount m ON m.customer_id = a.customer_id AND m.programme_id = a.programme_id"
        " AND m.kind = 'member' "
        "JOIN membership_pointsaccount w ON w.customer_id = a.customer_id AND w.programme_id = a.programme_id"
        " AND w.kind = 'pending' "
        "JOIN membership_pointsaccount d ON d.customer_id = a.customer_id AND d.programme_id = a.programme_id"
        " AND d.kind = 'debt' ORDER BY f.lot_id, m.id",
        [wanted, place.value, programme],
    )
    return [LeftLot(*row) for row in cursor.fetchall()]


def owed_on(cursor: Any, debts: Collection[int]) -> dict[int, int]:
    """Return what is owed on debt accounts, by account; those without debt are left out."""
    columns = ("account_id", "points")
    rows = rows_where(
        cursor, vendor=connection.vendor, table="membership_pointsleg", columns=columns, key="account_id",
        values=sorted(set(debts)),
    )  # fmt: skip
    owed: dict[int, int] = {}
    for account, points in rows:
        owed[account] = owed.get(account, 0) - int(points)
    return {account: points for account, points in owed.items() if points}
