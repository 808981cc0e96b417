"""What was earned with a line is taken back when the line comes back."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import connection, transaction

from zhenke.membership.operations.accounts import MAIN, hold_standing
from zhenke.membership.operations.writing import Kind, Movement, Why, earlier, moved_by, write_entry, write_legs
from zhenke.membership.queries.accounts import held_in
from zhenke.membership.rules.ledger import Cause, points_to_reverse, reversed_legs
from zhenke.staff.models import Shop, Viewer

_LOT_SQL = "SELECT id, points FROM membership_pointslot WHERE opened_by_id = %s"
# What of a lot ended unspent, less what reversals took of that since.
_ENDED_SQL = """
SELECT CAST(COALESCE(SUM(CASE WHEN e.kind = 'expire' AND l.lot_id = %s THEN -l.points
                              WHEN e.kind = 'reverse' AND a.kind = 'expired' THEN l.points ELSE 0 END), 0) AS BIGINT)
FROM membership_pointsleg l JOIN membership_pointsentry e ON e.id = l.entry_id
JOIN membership_pointsaccount a ON a.id = l.account_id
WHERE (l.lot_id = %s AND e.kind = 'expire') OR (e.undoes_id = %s AND e.kind = 'reverse')
"""
_ALREADY_SQL = """
SELECT CAST(COALESCE(SUM(l.points), 0) AS BIGINT)
FROM membership_pointsentry e JOIN membership_pointsleg l ON l.entry_id = e.id
JOIN membership_pointsaccount a ON a.id = l.account_id
WHERE e.undoes_id = %s AND e.kind = 'reverse' AND a.kind = 'programme'
"""


@transaction.atomic
def reverse_earned(
    *,
    earned: Cause,
    cause: Cause,
    share_back: Fraction,
    on_date: date,
    by: Viewer,
    now: datetime,
    shop: Shop | None = None,
    reason: str = "",
    programme: str = MAIN,
) -> Movement | None:
    """Take back what was earned under `earned`, as far as its line is back; return what moved.

    What is left of the line's own lot goes first, then her other lots; the rest she owes, and what she earns next pays
    it. When two archives became one it is taken from the one that stands.

    Units:  `share_back` is how much of the line is back by now, this return included (0..1, by quantity or amount as
            the caller counts): the second half of a line is `share_back=1`, and all its points are back then.
    Errors: PointsWrong for a share outside 0..1.
    Writes: one entry with its legs; nothing when nothing was earned, nothing is left to take, or she was forgotten:
            None then.
    Twice:  the first answer, `is_new` False.
    """
    with connection.cursor() as cursor:
        origin = earlier(cursor, kind=Kind.EARN, cause=earned, programme=programme)
        if origin is None:
            return None
        accounts = hold_standing(cursor, entry=origin.entry_id, programme=programme)
        before = earlier(cursor, kind=Kind.REVERSE, cause=cause, programme=programme)
        if before is not None or accounts is None:
            return before
        (lot, points), already = _one(cursor, _LOT_SQL, origin.entry_id), _one(cursor, _ALREADY_SQL, origin.entry_id)[0]
        takes = points_to_reverse(earned=int(points), already=int(already), share_back=share_back)
        if takes == 0:
            return None
        (ended,) = _one(cursor, _ENDED_SQL, lot, lot, origin.entry_id)
        held = held_in(cursor, accounts)
        legs = reversed_legs(points=takes, lot=lot, held=held, ended=max(0, int(ended)), on_date=on_date)
        why = Why(cause, on_date, now, by, shop=shop, undoes=origin.entry_id, reason=reason)
        entry = write_entry(cursor, kind=Kind.REVERSE, programme=accounts.programme, why=why)
        if entry is None:  # the same return at the same moment for another archive: it is written
            return earlier(cursor, kind=Kind.REVERSE, cause=cause, programme=programme)
        write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
    return moved_by(entry, legs)


def _one(cursor: Any, sql: str, *values: int) -> tuple[Any, ...]:
    cursor.execute(sql, values)
    return tuple(cursor.fetchone())
