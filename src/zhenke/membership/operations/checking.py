"""Checks: an entry that says which balance an account had then, held later against the sum of the legs before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhenke.basics.bulk import rows_where
from zhenke.membership.models import PointsEntry
from zhenke.membership.operations.accounts import hold_several
from zhenke.membership.operations.writing import Kind, OneOfMany, write_many
from zhenke.membership.queries.checks import accounts_moved_since, house_sums, last_check, sums_of
from zhenke.membership.queries.nights import House, houses
from zhenke.membership.rules.ledger import Cause

BATCH = 1_000
MOST = 20_000
HERS, HOUSES = "account", "house"
"""Kinds of cause: of a customer's account, of the house's, of which there are few."""


def check_balances(*, day: date, now: datetime, most: int = MOST) -> int:
    """Write down the balances of the house's accounts and of those that moved since the last check; return how many.

    The house's accounts are summed on from their last check, while nobody writes: a moment once a night.

    Units:  at most `most` customers' accounts a night, the rest moves on or is found by `verify_ledger`.
    Writes: one entry without legs for each account and day, in batches that commit.
    Twice:  on one day nothing more.
    """
    written = 0
    for house in houses():
        after = last_check(programme=house.programme)
        moved = accounts_moved_since(programme=house.programme, entry=after, most=most)
        for start in range(0, len(moved), BATCH):
            written += _check_some(house, moved[start : start + BATCH], day=day, now=now)
        written += _check_house(house, day=day, now=now)
    return written


@transaction.atomic
def _check_some(house: House, accounts: Sequence[int], *, day: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        hold_several(cursor, sorted(accounts))
        return _write(cursor, house, HERS, sums_of(cursor, accounts), day=day, now=now)


@transaction.atomic
def _check_house(house: House, *, day: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Entries get their numbers before they are seen; so that none below this check's comes later, all wait.
            cursor.execute("LOCK TABLE membership_pointsentry IN SHARE ROW EXCLUSIVE MODE")
        sums = house_sums(cursor, (house.source, house.expired))
        return _write(cursor, house, HOUSES, sums, day=day, now=now)


def _write(cursor: Any, house: House, cause: str, sums: Iterable[tuple[int, int]], *, day: date, now: datetime) -> int:
    told = {f"{account}:{day.isoformat()}": points for account, points in sums}
    known = rows_where(
        cursor, vendor=connection.vendor, table=PointsEntry._meta.db_table, columns=("cause_id", "cause_kind", "kind"),
        key="cause_id", values=list(told),
    )  # fmt: skip
    done = {key for key, of_what, kind in known if (of_what, kind) == (cause, Kind.CHECK)}
    moves = [OneOfMany(Cause(cause, key), (), points) for key, points in told.items() if key not in done]
    if moves:
        write_many(cursor, kind=Kind.CHECK, programme=house.programme, movements=moves, on_date=day, now=now)
    return len(moves)
