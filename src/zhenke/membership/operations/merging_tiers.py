"""One tier for two archives that became one, and two tiers again; the rights that were given go along."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from zhenke.basics.bulk import delete_where, insert_rows
from zhenke.basics.merging import Image, LeftRow, Moved, Mover, Pointer, put_rows_back, whole_rows
from zhenke.membership.models import Membership, TierChange
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries.rules import rules_now

# One line for each column of these tables that holds the key of a customer.
POINTERS = (
    Pointer("membership_tierchange"),
    Pointer("membership_rightuse"),
    Pointer("membership_membership", own="the loser's is taken out; the winner has the better tier of both"),
)
_MEMBERS, _CHANGES = Membership._meta.db_table, TierChange._meta.db_table
_KEY = "customer_id"
_OWN = {_MEMBERS: _KEY}


@transaction.atomic
def move_customer(*, loser: int, winner: int, on: date, now: datetime) -> Moved:
    """Give the winner the loser's history and rights, and the better tier of the two; return what moved.

    Called when the receipts have moved: the figures are counted again for all of them. Nobody falls by a merge: what
    protects one of the two tiers protects the tier that stays, and grace begins anew.

    Writes: Membership, TierChange, RightUse.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
        both = {row.pk: row for row in Membership.objects.filter(pk__in=[loser, winner])}
        before = _whole(cursor, winner)
        mover.take_out(_MEMBERS, {loser: 0} if loser in both else {}, key=_KEY)
        known = set(TierChange.objects.filter(customer=winner).values_list("pk", flat=True))
        if both:
            _take_better(both, winner)
            review_members(customer_ids=[winner], on=on, reason="merge", now=now)
        made = set(TierChange.objects.filter(customer=winner).values_list("pk", flat=True)) - known
        mover.moved.note_created(_CHANGES, sorted(made))
        after = _whole(cursor, winner)
    mover.moved.twins["winner"] = {"key": winner}
    mover.moved.before.setdefault("winner", {}).update({str(winner): one for one in before})
    mover.moved.after.setdefault("winner", {}).update({str(winner): one for one in after})
    return mover.moved


def _take_better(both: dict[int, Membership], winner: int) -> None:
    """Write the better of two tiers as the winner's, before it is judged anew."""
    held = rules_now()
    if held is None:
        return
    best = max(both.values(), key=lambda one: (held.rules.tiers.rank(one.tier), one.pk == winner))
    until = [one.protected_until_date for one in both.values() if one.protected_until_date is not None]
    Membership.objects.update_or_create(
        pk=winner,
        defaults={
            "rules_id": held.id,
            "tier": best.tier,
            "joined_date": min(one.joined_date for one in both.values()),
            "since_date": best.since_date,
            "grace_until_date": None,
            "protected_until_date": max(until, default=None),
            "reviewed_at": best.reviewed_at,
        },
    )


@transaction.atomic
def move_customer_back(*, moved: Moved, loser: int, on: date, now: datetime) -> list[LeftRow]:
    """Give both their own tiers back; where something touched the winner's since, both are counted again.

    Writes: Membership, TierChange, RightUse.
    Twice:  the caller asks once.
    """
    if "winner" not in moved.twins:
        return []
    winner = moved.twins.pop("winner")["key"]
    before = list(moved.before.pop("winner", {}).values())
    after = list(moved.after.pop("winner", {}).values())
    with connection.cursor() as cursor:
        is_same = _whole(cursor, winner) == after
        if not is_same:
            moved.created.pop(_CHANGES, None)
        left = put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys=_OWN, still=lambda table, image: True)
        if is_same:
            delete_where(cursor, vendor=connection.vendor, table=_MEMBERS, key=_KEY, values=[winner])
            for image in before:
                told = [tuple(image.values())]
                insert_rows(cursor, vendor=connection.vendor, table=_MEMBERS, columns=tuple(image), rows=told)
            return left
    review_members(customer_ids=[winner, loser], on=on, reason="merge_undone", now=now)
    return left


def _whole(cursor: object, customer: int) -> list[Image]:
    return whole_rows(cursor, vendor=connection.vendor, table=_MEMBERS, key=_KEY, values=[customer])
