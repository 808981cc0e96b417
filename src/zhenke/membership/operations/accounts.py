"""Open accounts and hold them: whoever moves a customer's points has her accounts alone until the transaction ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhenke.basics.bulk import for_column
from zhenke.basics.ids import new_ids
from zhenke.membership.models import Programme
from zhenke.membership.queries.accounts import HERS_SQL, Accounts, accounts_in, accounts_of, standing_accounts
from zhenke.membership.rules.ledger import HERS, Place

MAIN = "main"
_OPEN = (
    "INSERT INTO membership_pointsaccount (id, programme_id, kind, customer_id, created_at) "
    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_TOUCHED = (
    "SELECT DISTINCT l.account_id FROM membership_pointsleg l JOIN membership_pointsaccount a ON a.id = l.account_id "
    "WHERE l.entry_id = %s AND a.kind IN ('member', 'pending', 'debt')"
)


@transaction.atomic
def open_programme(*, now: datetime, key: str = MAIN, currency: str = "CNY") -> Programme:
    """Return the programme with this key, opened with its two accounts if it is new.

    Writes: Programme, PointsAccount.
    Twice:  the programme that is there; its currency stays.
    """
    Programme.objects.bulk_create([Programme(key=key, currency=currency, created_at=now)], ignore_conflicts=True)
    programme = Programme.objects.get(key=key)
    at = for_column(now, vendor=connection.vendor)
    with connection.cursor() as cursor:
        for place, account in zip((Place.PROGRAMME, Place.EXPIRED), new_ids(2), strict=True):
            cursor.execute(_OPEN, [account, programme.pk, place.value, None, at])
    return programme


def hold_accounts(cursor: Any, *, customer_id: int, programme: str, now: datetime, locks: bool = True) -> Accounts:
    """Return a customer's accounts, opened if need be, held until the transaction ends.

    On PostgreSQL the rows are locked, unless the caller does that by itself; SQLite's writers wait for each other
    anyway.

    Writes: maybe Programme, PointsAccount.
    Twice:  holds them still.
    """
    find = held_accounts if locks else accounts_of
    found = find(cursor, customer_id=customer_id, programme=programme)
    if found is not None:
        return found
    opened = open_programme(now=now, key=programme)
    at = for_column(now, vendor=connection.vendor)
    for place, account in zip(HERS, new_ids(3), strict=True):
        cursor.execute(_OPEN, [account, opened.pk, place.value, customer_id, at])
    made = find(cursor, customer_id=customer_id, programme=programme)
    if made is None:
        raise LookupError("the accounts that were just opened are gone")
    return made


def held_accounts(cursor: Any, *, customer_id: int, programme: str) -> Accounts | None:
    """Return a customer's accounts, held until the transaction ends; None while she has none. Writes nothing."""
    # Not FOR UPDATE: who writes a leg looks at these rows' keys, and must not wait for that alone.
    lock = " FOR NO KEY UPDATE OF a" if connection.vendor == "postgresql" else ""
    cursor.execute(HERS_SQL + lock, [customer_id, programme])
    return accounts_in(cursor.fetchall())


def hold_standing(cursor: Any, *, entry: int, programme: str) -> Accounts | None:
    """Return the accounts that stand today for those an entry moved, held until the transaction ends.

    Merges move accounts; nobody's are those of a customer who was forgotten: None then. Writes nothing.
    """
    cursor.execute(_TOUCHED, [entry])
    touched = [key for (key,) in cursor.fetchall()]
    # The second time is for a merge that came in between: whoever waited for it finds the accounts empty.
    for _ in range(2):
        holder = standing_accounts(cursor, touched)
        if holder is None:
            return None
        found = held_accounts(cursor, customer_id=holder, programme=programme)
        if found is not None:
            return found
    return None


def hold_several(cursor: Any, accounts: Sequence[int]) -> None:
    """Hold the member accounts of many customers until the transaction ends, in the order everybody holds them in."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT id FROM membership_pointsaccount WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(accounts)],
        )
