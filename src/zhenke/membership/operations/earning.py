"""Points are earned; when their waiting is over they may be spent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from zhenke.customers.models import Customer
from zhenke.membership.operations.accounts import MAIN, hold_accounts
from zhenke.membership.operations.writing import (
    Kind,
    Movement,
    Why,
    earlier,
    moved_by,
    new_lot,
    write_entry,
    write_legs,
    write_lot,
)
from zhenke.membership.queries.accounts import held_in
from zhenke.membership.rules.ledger import Cause, PointsWrong, earned_legs, end_of_lot
from zhenke.staff.models import Shop, Viewer


@transaction.atomic
def earn(
    *,
    customer: Customer,
    points: int,
    cause: Cause,
    on_date: date,
    pending_days: int,
    months: int,
    by: Viewer,
    now: datetime,
    shop: Shop | None = None,
    rules_version: int | None = None,
    reason: str = "",
    programme: str = MAIN,
) -> Movement:
    """Write down points that a customer earned, as one lot; return what moved.

    The lot may be spent `pending_days` after `on_date`, when the night lets it (at once for 0, or when that day is long
    over: a late receipt), and ends with the same day of the month `months` after it may be spent. What she owes is
    paid first when the lot may be spent.

    Units:  whole points >= 1; days and months >= 0 and >= 1; `on_date` is the shop's day. One cause is one line, one
            birthday: what is taken back later is taken back by the same cause (`reverse_earned`).
    Errors: PointsWrong.
    Writes: one entry with a lot and two legs or more; maybe her accounts.
    Twice:  the first answer (`is_new` False), whatever points the repeat says: rules may have changed since.
    """
    if points < 1 or pending_days < 0 or months < 1:
        raise PointsWrong(points=min(points, pending_days, months))
    active = on_date + timedelta(days=pending_days)
    # The last night may have looked at a day that is over everywhere; it does not look at it again.
    waits = pending_days > 0 and active >= now.date() - timedelta(days=1)
    why = Why(cause, on_date, now, by, shop=shop, rules_version=rules_version, reason=reason)
    with connection.cursor() as cursor:
        accounts = hold_accounts(cursor, customer_id=customer.pk, programme=programme, now=now)
        entry = write_entry(cursor, kind=Kind.EARN, programme=accounts.programme, why=why)
        if entry is None:
            return _before(earlier(cursor, kind=Kind.EARN, cause=cause, programme=programme))
        owed = 0 if waits else held_in(cursor, accounts).owed
        lot, ends = new_lot(), end_of_lot(active, months)
        write_lot(cursor, lot=lot, entry=entry, programme=accounts.programme, points=points, active=active, ends=ends)
        legs = earned_legs(points=points, lot=lot, owed=owed, waits=waits)
        write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
    return moved_by(entry, legs)


def _before(found: Movement | None) -> Movement:
    if found is None:
        raise LookupError("the movement that had this cause is gone")
    return found
