"""Write a movement: one entry for one cause, once, with legs that add up to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhenke.basics.bulk import for_column, insert_rows
from zhenke.basics.ids import new_id
from zhenke.membership.models import PointsEntry
from zhenke.membership.queries.accounts import Accounts
from zhenke.membership.rules.ledger import Cause, Leg, Place, is_balanced
from zhenke.staff.models import Shop, Viewer

Kind = PointsEntry.Kind
_COLUMNS = (
    "programme_id", "kind", "cause_kind", "cause_id", "at", "on_date", "shop_id", "by_id", "approved_by_id",
    "undoes_id", "rules_version", "reason", "checked_points",
)  # fmt: skip
_ENTRY = (
    f"INSERT INTO membership_pointsentry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))}) "  # noqa: S608
    "ON CONFLICT (cause_kind, cause_id, kind, programme_id) DO NOTHING RETURNING id"
)
_LOT = (
    "INSERT INTO membership_pointslot (id, programme_id, opened_by_id, points, active_on_date, expires_on_date) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
_LEGS = "INSERT INTO membership_pointsleg (entry_id, account_id, lot_id, points) VALUES "
_EARLIER = (
    "SELECT id, undoes_id FROM membership_pointsentry "
    "WHERE cause_kind = %s AND cause_id = %s AND kind = %s "
    "AND programme_id = (SELECT p.id FROM membership_programme p WHERE p.key = %s)"
)
_MOVED = (
    "SELECT a.kind, CAST(SUM(l.points) AS BIGINT) FROM membership_pointsleg l "
    "JOIN membership_pointsaccount a ON a.id = l.account_id WHERE l.entry_id = %s GROUP BY a.kind"
)


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as it stands in the books: by how much it changed what she may spend, what waits, what she owes.

    `is_new` is False when this cause had written it before.
    """

    entry_id: int
    is_new: bool
    member: int = 0
    pending: int = 0
    debt: int = 0
    expired: int = 0

    @property
    def points(self) -> int:
        """Points that came to her (above nothing) or went from her, wherever they lie."""
        return self.member + self.pending + self.debt


@dataclass(frozen=True, slots=True)
class Why:
    """What an entry says besides its points."""

    cause: Cause
    on_date: date
    now: datetime
    by: Viewer
    shop: Shop | None = None
    approved_by: Viewer | None = None
    undoes: int | None = None
    rules_version: int | None = None
    reason: str = ""


def write_entry(cursor: Any, *, kind: str, programme: int, why: Why, checked: int | None = None) -> int | None:
    """Write the entry alone; return its key, None when this cause has one already: that is no error to the database."""
    vendor = connection.vendor
    cursor.execute(
        _ENTRY,
        [
            programme, kind, why.cause.kind, why.cause.id, for_column(why.now, vendor=vendor),
            for_column(why.on_date, vendor=vendor), why.shop.pk if why.shop else None, why.by.id,
            why.approved_by.id if why.approved_by else None, why.undoes, why.rules_version, why.reason, checked,
        ],
    )  # fmt: skip
    row = cursor.fetchone()
    return int(row[0]) if row else None


def write_lot(cursor: Any, *, lot: int, entry: int, programme: int, points: int, active: date, ends: date) -> None:
    """Write a lot that an entry opens."""
    days = (for_column(day, vendor=connection.vendor) for day in (active, ends))
    cursor.execute(_LOT, [lot, programme, entry, points, *days])


def write_legs(cursor: Any, *, entry: int, legs: Sequence[Leg], accounts: Mapping[int, Accounts] | Accounts) -> None:
    """Write the legs of an entry; `accounts` are one customer's, or those of each side.

    Errors: ValueError for legs that do not add up (a fault of our code): nothing may be written then.
    """
    if not legs or not is_balanced(legs):
        raise ValueError("the legs of a movement do not add up to nothing")
    sides = accounts if isinstance(accounts, Mapping) else {0: accounts}
    told = [value for leg in legs for value in (entry, sides[leg.side].keys[leg.place], leg.lot, leg.points)]
    cursor.execute(_LEGS + ", ".join(["(%s, %s, %s, %s)"] * len(legs)), told)


def moved_by(entry: int, legs: Iterable[Leg], *, side: int = 0) -> Movement:
    """Return a movement that was just written, seen from one side."""
    sums = dict.fromkeys(Place, 0)
    for leg in legs:
        if leg.side == side or leg.place in (Place.PROGRAMME, Place.EXPIRED):
            sums[leg.place] += leg.points
    return Movement(entry, True, *(sums[one] for one in (Place.MEMBER, Place.PENDING, Place.DEBT, Place.EXPIRED)))


def earlier(cursor: Any, *, kind: str, cause: Cause, programme: str) -> Movement | None:
    """Return what this cause wrote before, None if nothing."""
    cursor.execute(_EARLIER, [cause.kind, cause.id, kind, programme])
    row = cursor.fetchone()
    return movement_of(cursor, row[0]) if row else None


def movement_of(cursor: Any, entry: int) -> Movement:
    """Return a movement that was written before."""
    cursor.execute(_MOVED, [entry])
    sums = {Place(kind): int(points) for kind, points in cursor.fetchall()}
    places = (Place.MEMBER, Place.PENDING, Place.DEBT, Place.EXPIRED)
    return Movement(entry, False, *(sums.get(one, 0) for one in places))


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """A movement of a night's batch: its own cause, its legs, and the accounts that they name, already by key."""

    cause: Cause
    legs: tuple[tuple[int, int | None, int], ...]  # account, lot, points
    checked: int | None = None


def write_many(
    cursor: Any, *, kind: str, programme: int, movements: Sequence[OneOfMany], on_date: date, now: datetime
) -> None:
    """Write many movements of the house's own at once, in their order.

    Errors: ValueError for legs that do not add up; the database's when a cause was used before.
    """
    if any(sum(points for _, _, points in one.legs) for one in movements):
        raise ValueError("the legs of a movement do not add up to nothing")
    vendor = connection.vendor
    at, day = for_column(now, vendor=vendor), for_column(on_date, vendor=vendor)
    keys = _next_keys(cursor, len(movements))
    nothing = (None, None, None, None, None, "")
    entries = (
        (key, programme, kind, one.cause.kind, one.cause.id, at, day, *nothing, one.checked)
        for key, one in zip(keys, movements, strict=True)
    )
    columns = ("id", *_COLUMNS)
    insert_rows(cursor, vendor=vendor, table="membership_pointsentry", columns=columns, rows=entries)
    legs = ((key, *leg) for key, one in zip(keys, movements, strict=True) for leg in one.legs)
    names = ("entry_id", "account_id", "lot_id", "points")
    insert_rows(cursor, vendor=vendor, table="membership_pointsleg", columns=names, rows=legs)


def _next_keys(cursor: Any, count: int) -> list[int]:
    """Return the next keys of the sequence of entries: PostgreSQL gives them out, SQLite's only writer counts on."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('membership_pointsentry', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'membership_pointsentry'")
    row = cursor.fetchone()
    last = int(row[0]) if row else 0
    return list(range(last + 1, last + count + 1))


def new_lot() -> int:
    """Return the key of a lot that is about to be written."""
    return new_id()
