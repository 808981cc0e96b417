"""Whose points they are, when two archives become one or two again: moved by entries, so that the books show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhenke.basics.ids import new_id
from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.membership.models import PointsAccount
from zhenke.membership.operations.accounts import hold_accounts, hold_several
from zhenke.membership.operations.writing import Kind, Why, write_entry, write_legs
from zhenke.membership.queries.accounts import Accounts, accounts_of, held_in
from zhenke.membership.queries.movements import legs_between, programmes_of
from zhenke.membership.rules.ledger import HERS, Cause, merged_legs, unmerged_legs
from zhenke.staff.models import Viewer

# One line for each column of this room that holds the key of a customer.
POINTERS = (
    Pointer("membership_pointsproposal"),
    Pointer(
        "membership_pointsaccount",
        own="its points go to the winner's by an entry; then it is nobody's and says which account stands for it",
    ),
)
_ACCOUNTS, _MERGES = PointsAccount._meta.db_table, "merge_entries"


@transaction.atomic
def move_customer(*, loser: int, winner: int, on_date: date, by: Viewer, now: datetime) -> Moved:
    """Give the loser's points to the winner, lot by lot with their ends, and what she owes; return what moved.

    What the one owes, the other's points then pay. The loser's accounts are empty and nobody's afterwards.

    Writes: one entry for each programme in which the loser has or owes something; PointsAccount; PointsProposal.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
        entries: dict[str, int] = {}
        for programme in programmes_of(cursor, customer_id=loser):
            theirs, ours = _both(cursor, loser=loser, winner=winner, programme=programme, now=now)
            legs = merged_legs(loser=held_in(cursor, theirs), winner=held_in(cursor, ours))
            if legs:
                why = Why(Cause("merge", str(new_id())), on_date, now, by)
                entry = write_entry(cursor, kind=Kind.MERGE, programme=ours.programme, why=why)
                if entry is None:
                    raise LookupError("a new key was used before")
                write_legs(cursor, entry=entry, legs=legs, accounts={0: theirs, 1: ours})
                entries[str(entry)] = ours.programme
            change: Mapping[int, dict[str, Any]] = {
                theirs.keys[place]: {"customer_id": None, "merged_into_id": ours.keys[place]} for place in HERS
            }
            mover.change(_ACCOUNTS, change)
    if entries:
        mover.moved.twins[_MERGES] = entries
    return mover.moved


def _both(cursor: Any, *, loser: int, winner: int, programme: str, now: datetime) -> tuple[Accounts, Accounts]:
    """Return the accounts of both, held in the order of their keys, as the night holds them."""
    ours = hold_accounts(cursor, customer_id=winner, programme=programme, now=now, locks=False)
    theirs = hold_accounts(cursor, customer_id=loser, programme=programme, now=now, locks=False)
    hold_several(cursor, [key for accounts in (ours, theirs) for key in accounts.hers])
    return theirs, ours


@transaction.atomic
def move_customer_back(*, moved: Moved, loser: int, on_date: date, by: Viewer, now: datetime) -> list[LeftRow]:
    """Give the loser's points back: what is left of her lots, and of what she owed; return what stays.

    Where nothing happened since, both have exactly what they had. What was spent of her lots since stays spent; what
    was earned since stays with the archive that was kept.

    Writes: one entry for each that the merge wrote; PointsAccount; PointsProposal.
    Twice:  the caller asks once.
    """
    entries = sorted(map(int, moved.twins.pop(_MERGES, {})))
    into = [image["merged_into_id"] for image in moved.after.get(_ACCOUNTS, {}).values()]
    with connection.cursor() as cursor:
        # Held before anything is changed, in the order of their keys, as the night holds them.
        hold_several(cursor, sorted({*map(int, moved.before.get(_ACCOUNTS, {})), *into}))
        left = put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
        for entry in entries:
            _give_back(cursor, entry, loser=loser, why=Why(Cause("merge", str(entry)), on_date, now, by, undoes=entry))
    return left


def _give_back(cursor: Any, merge: int, *, loser: int, why: Why) -> None:
    told = legs_between(cursor, entry=merge)
    theirs = accounts_of(cursor, customer_id=loser, programme=told.programme)
    ours = accounts_of(cursor, customer_id=told.other_than(theirs), programme=told.programme) if theirs else None
    if theirs is None or ours is None:
        return
    legs = unmerged_legs(merged=told.sides(theirs), winner=held_in(cursor, ours))
    if not legs:
        return
    entry = write_entry(cursor, kind=Kind.UNMERGE, programme=ours.programme, why=why)
    if entry is not None:
        write_legs(cursor, entry=entry, legs=legs, accounts={0: theirs, 1: ours})
