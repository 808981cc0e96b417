"""What the house still owes its members in points, and how much of it will probably never be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from zhenke.basics.bulk import for_column
from zhenke.membership.queries.accounts import as_day
from zhenke.membership.queries.nights import houses

ENOUGH_LOTS = 200
"""Of fewer lots that have ended no share is told: "not enough data"."""
_WINDOW_MONTHS = 24


@dataclass(frozen=True, slots=True)
class MonthOwed:
    """Points that end in one month: those that may be spent, those that wait, and how many will probably end unspent.

    `month` is its first day. `breakage_points` is None while there is not enough data.
    """

    programme: str
    month: date
    spendable: int
    pending: int
    breakage_points: int | None


@dataclass(frozen=True, slots=True)
class Breakage:
    """How the expected share is found: of the points of lots that have ended, how many ended unspent.

    `share_permille` is None below 200 lots: not enough data.
    """

    programme: str
    lots: int
    points: int
    ended_unspent: int
    share_permille: int | None


@dataclass(frozen=True, slots=True)
class Liability:
    """The points owed on a day, by programme and month of their end; with the method of the estimate; and the debts."""

    on_date: date
    months: tuple[MonthOwed, ...]
    breakage: tuple[Breakage, ...]
    owed_to_house: dict[str, int]


_OWED_SQL = """
SELECT t.expires_on_date, a.kind, CAST(SUM(f.points_left) AS BIGINT)
FROM (SELECT account_id, lot_id, SUM(points) AS points_left FROM membership_pointsleg
      WHERE lot_id IS NOT NULL GROUP BY account_id, lot_id HAVING SUM(points) <> 0) f
JOIN membership_pointslot t ON t.id = f.lot_id JOIN membership_pointsaccount a ON a.id = f.account_id
WHERE a.programme_id = %s AND t.expires_on_date >= %s
GROUP BY t.expires_on_date, a.kind ORDER BY t.expires_on_date
"""
# Of a lot what was taken back with its line was never owed; the rest was spent, or ended unspent.
_ENDED_SQL = """
SELECT COUNT(*), CAST(COALESCE(SUM(t.points), 0) AS BIGINT),
  CAST(COALESCE(SUM((SELECT COALESCE(-SUM(l.points), 0) FROM membership_pointsleg l
       JOIN membership_pointsentry e ON e.id = l.entry_id WHERE l.lot_id = t.id AND e.kind = 'reverse')), 0) AS BIGINT),
  CAST(COALESCE(SUM((SELECT COALESCE(-SUM(l.points), 0) FROM membership_pointsleg l
       JOIN membership_pointsentry e ON e.id = l.entry_id WHERE l.lot_id = t.id AND e.kind = 'expire')), 0) AS BIGINT)
FROM membership_pointslot t WHERE t.programme_id = %s AND t.expires_on_date >= %s AND t.expires_on_date < %s
"""
_DEBTS_SQL = """
SELECT CAST(COALESCE(-SUM(l.points), 0) AS BIGINT) FROM membership_pointsleg l
JOIN membership_pointsaccount a ON a.id = l.account_id WHERE a.programme_id = %s AND a.kind = 'debt'
"""


def liability(*, on_date: date) -> Liability:
    """Return what is owed in points on a day, by month of its end and by programme, with the expected breakage.

    The share is that of the lots which ended in the 24 months before the day: points that ended unspent, of all their
    points that were not taken back with a return. Each month's estimate is rounded down to whole points.

    Shape:  months in order; empty when nothing is owed. Four SQL queries for each programme.
    Sees:   no viewer: sums of the house, of nobody.
    """
    months: list[MonthOwed] = []
    shares: list[Breakage] = []
    debts: dict[str, int] = {}
    for house in houses():
        share = _breakage(house.programme, house.key, on_date)
        shares.append(share)
        months += _months(house.programme, house.key, on_date, share.share_permille)
        with connection.cursor() as cursor:
            cursor.execute(_DEBTS_SQL, [house.programme])
            debts[house.key] = int(cursor.fetchone()[0])
    return Liability(on_date, tuple(months), tuple(shares), debts)


def _months(programme: int, key: str, on_date: date, share: int | None) -> list[MonthOwed]:
    sums: dict[date, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OWED_SQL, [programme, for_column(on_date, vendor=connection.vendor)])
        for ends, kind, points in cursor.fetchall():
            of_month = sums.setdefault(as_day(ends).replace(day=1), {})
            of_month[kind] = of_month.get(kind, 0) + int(points)
    found = []
    for month, kinds in sums.items():
        spendable, pending = kinds.get("member", 0), kinds.get("pending", 0)
        unspent = None if share is None else (spendable + pending) * share // 1000
        found.append(MonthOwed(key, month, spendable, pending, unspent))
    return found


def _breakage(programme: int, key: str, on_date: date) -> Breakage:
    since = on_date.replace(day=1, year=on_date.year - _WINDOW_MONTHS // 12)
    days = [for_column(day, vendor=connection.vendor) for day in (since, on_date)]
    with connection.cursor() as cursor:
        cursor.execute(_ENDED_SQL, [programme, *days])
        lots, points, reversed_points, unspent = map(int, cursor.fetchone())
    kept = points - reversed_points
    share = unspent * 1000 // kept if lots >= ENOUGH_LOTS and kept > 0 else None
    return Breakage(key, lots, kept, unspent, share)
