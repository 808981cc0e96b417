"""What was checked, what moved since, and what accounts add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Max

from zhenke.basics.bulk import rows_where
from zhenke.membership.models import PointsEntry

_CHECKS = (
    "SELECT MAX(id) FROM membership_pointsentry WHERE kind = 'check' AND cause_kind = 'house' AND cause_id LIKE %s"
)


def last_check(*, programme: int) -> int:
    """Return the key of the last check, 0 before the first."""
    checks = PointsEntry.objects.filter(programme=programme, kind=PointsEntry.Kind.CHECK)
    return int(checks.aggregate(last=Max("pk"))["last"] or 0)


def accounts_moved_since(*, programme: int, entry: int, most: int) -> list[int]:
    """Return the customers' accounts that moved after an entry, in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT l.account_id FROM membership_pointsleg l "
            "JOIN membership_pointsaccount a ON a.id = l.account_id "
            "WHERE l.entry_id > %s AND a.programme_id = %s AND a.customer_id IS NOT NULL ORDER BY 1 LIMIT %s",
            [entry, programme, most],
        )
        return [key for (key,) in cursor.fetchall()]


def sums_of(cursor: Any, accounts: Sequence[int]) -> list[tuple[int, int]]:
    """Return what accounts add up to, by account; one without legs is left out."""
    columns = ("account_id", "points")
    rows = rows_where(
        cursor, vendor=connection.vendor, table="membership_pointsleg", columns=columns, key="account_id",
        values=list(accounts),
    )  # fmt: skip
    sums: dict[int, int] = {}
    for account, points in rows:
        sums[account] = sums.get(account, 0) + int(points)
    return sorted(sums.items())


def house_sums(cursor: Any, accounts: Sequence[int]) -> list[tuple[int, int]]:
    """Return what the house's accounts add up to: their last check and the legs since."""
    found = []
    for account in accounts:
        cursor.execute(_CHECKS, [f"{account}:%"])
        (check,) = cursor.fetchone()
        cursor.execute(
            "SELECT COALESCE((SELECT checked_points FROM membership_pointsentry WHERE id = %s), 0)"
            " + COALESCE((SELECT SUM(points) FROM membership_pointsleg WHERE account_id = %s AND entry_id > %s), 0)",
            [check or 0, account, check or 0],
        )
        found.append((account, int(cursor.fetchone()[0])))
    return found
