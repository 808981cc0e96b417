"""Points are spent, the oldest lot first, and come back to the same lots when the spending is called off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhenke.customers.models import Customer
from zhenke.membership.operations.accounts import MAIN, hold_accounts, hold_standing
from zhenke.membership.operations.writing import (
    Kind,
    Movement,
    Why,
    earlier,
    moved_by,
    write_entry,
    write_legs,
)
from zhenke.membership.queries.accounts import Accounts, as_day, held_in
from zhenke.membership.rules.ledger import (
    BalanceTooLow,
    Cause,
    CauseReused,
    Lot,
    MovementUnknown,
    expired_legs,
    given_back_legs,
    spent_legs,
)
from zhenke.staff.models import Shop, Viewer

# What a spending took of each lot, less what its cancellations gave back (what then paid a debt came back too).
_TAKEN_SQL = """
SELECT l.lot_id, CAST(-SUM(l.points) AS BIGINT), t.active_on_date, t.expires_on_date
FROM membership_pointsleg l JOIN membership_pointslot t ON t.id = l.lot_id
WHERE l.entry_id = %s GROUP BY l.lot_id, t.active_on_date, t.expires_on_date
"""
_BACK_SQL = """
SELECT CAST(COALESCE(-SUM(l.points), 0) AS BIGINT)
FROM membership_pointsentry e JOIN membership_pointsleg l ON l.entry_id = e.id
JOIN membership_pointsaccount a ON a.id = l.account_id
WHERE e.undoes_id = %s AND e.kind = 'cancel' AND a.kind = 'programme'
"""


@transaction.atomic
def spend(
    *,
    customer: Customer,
    points: int,
    cause: Cause,
    on_date: date,
    by: Viewer,
    now: datetime,
    shop: Shop | None = None,
    rules_version: int | None = None,
    reason: str = "",
    programme: str = MAIN,
) -> Movement:
    """Take points off what a customer may spend: the lot that ends soonest first.

    Units:  whole points >= 1.
    Errors: BalanceTooLow, PointsWrong; CauseReused if this cause spent another number of points. Nothing is written
            then.
    Writes: one entry with its legs; maybe her accounts.
    Twice:  the first answer, `is_new` False, also when the balance would not bear it again. Two at the same moment wait
            for each other: a balance is never spent twice.
    """
    why = Why(cause, on_date, now, by, shop=shop, rules_version=rules_version, reason=reason)
    with connection.cursor() as cursor:
        accounts = hold_accounts(cursor, customer_id=customer.pk, programme=programme, now=now)
        try:
            legs = spent_legs(held=held_in(cursor, accounts), points=points, on_date=on_date)
        except BalanceTooLow:
            before = earlier(cursor, kind=Kind.SPEND, cause=cause, programme=programme)
            if before is None:
                raise
            return _same(before, points, cause)
        entry = write_entry(cursor, kind=Kind.SPEND, programme=accounts.programme, why=why)
        if entry is None:
            return _same(earlier(cursor, kind=Kind.SPEND, cause=cause, programme=programme), points, cause)
        write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
    return moved_by(entry, legs)


def _same(before: Movement | None, points: int, cause: Cause) -> Movement:
    if before is None or before.points != -points:
        raise CauseReused(cause_kind=cause.kind, cause_id=cause.id)
    return before


@transaction.atomic
def cancel_spend(
    *,
    spent: Cause,
    cause: Cause,
    on_date: date,
    by: Viewer,
    now: datetime,
    points: int | None = None,
    shop: Shop | None = None,
    reason: str = "",
    programme: str = MAIN,
) -> Movement | None:
    """Give spent points back to the lots they came from, with the same ends; all that is not back yet, or `points`.

    A lot that has ended meanwhile gets its points back and ends with them at once. What is owed is paid first. When two
    archives became one the points come back to the one that stands; None when nobody does (the customer was forgotten),
    or when nothing is left to give back.

    Errors: MovementUnknown if nothing was spent under `spent`; PointsWrong for more than is left to give back.
    Writes: one entry with its legs, one more if a lot had ended.
    Twice:  the first answer, `is_new` False.
    """
    with connection.cursor() as cursor:
        origin = earlier(cursor, kind=Kind.SPEND, cause=spent, programme=programme)
        if origin is None:
            raise MovementUnknown
        accounts = hold_standing(cursor, entry=origin.entry_id, programme=programme)
        before = earlier(cursor, kind=Kind.CANCEL, cause=cause, programme=programme)
        if before is not None or accounts is None:
            return before
        taken = _still_taken(cursor, origin.entry_id)
        wanted = sum(lot.left for lot in taken) if points is None else points
        if wanted == 0 and points is None:
            return None
        held = held_in(cursor, accounts)
        legs = given_back_legs(taken=taken, points=wanted, owed=held.owed)
        why = Why(cause, on_date, now, by, shop=shop, undoes=origin.entry_id, reason=reason)
        entry = write_entry(cursor, kind=Kind.CANCEL, programme=accounts.programme, why=why)
        if entry is None:
            raise CauseReused(cause_kind=cause.kind, cause_id=cause.id)
        write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
        _end_again(cursor, accounts, {lot.key for lot in taken if not lot.is_live(on_date)}, why, entry)
    return moved_by(entry, legs)


def _end_again(cursor: Any, accounts: Accounts, ended: set[int], why: Why, cancel: int) -> None:
    """Let lots that had ended before they got points back end with them: the night has gone by already."""
    gone = [
        leg
        for lot in (held_in(cursor, accounts).member if ended else ())
        if lot.key in ended
        for leg in expired_legs(lot=lot.key, left=lot.left)
    ]
    if gone:
        also = Why(Cause("cancel", str(cancel)), why.on_date, why.now, why.by, shop=why.shop)
        entry = write_entry(cursor, kind=Kind.EXPIRE, programme=accounts.programme, why=also)
        if entry is not None:
            write_legs(cursor, entry=entry, legs=gone, accounts=accounts)


def _still_taken(cursor: Any, entry: int) -> list[Lot]:
    """Return what a spending took of each lot and was not given back since.

    Parts come back from the lots that end last, so what is back already is found by its sum alone.
    """
    cursor.execute(_TAKEN_SQL, [entry])
    taken = [Lot(key, int(points), as_day(active), as_day(ends)) for key, points, active, ends in cursor.fetchall()]
    cursor.execute(_BACK_SQL, [entry])
    (back,) = cursor.fetchone()
    left = []
    for lot in sorted(taken, key=lambda lot: (lot.expires_on_date, lot.key), reverse=True):
        is_back = min(lot.left, int(back))
        back -= is_back
        left.append(Lot(lot.key, lot.left - is_back, lot.active_on_date, lot.expires_on_date))
    return left
