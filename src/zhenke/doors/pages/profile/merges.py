"""What was merged into an archive, as the profile tells it, with the way back of the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhenke.customers.models import Customer, Merge
from zhenke.customers.queries.merges import merges_of
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One merge: when, by whom (\"\": the house), whether it was undone, and whether the viewer may undo it now."""

    id: int
    at: datetime
    who: str
    is_undone: bool
    may_undo: bool


def merge_rows(*, viewer: StaffMember, customer: Customer) -> list[MergeRow]:
    """Return the merges of an archive, the newest first; only the newest that stands can be undone."""
    merges = merges_of(viewer=viewer, customer=customer)
    standing = next((one.pk for one in merges if one.state == Merge.State.DONE), None)
    may = viewer.may(May.EDIT_CUSTOMERS)
    return [
        MergeRow(
            one.pk, one.at, one.by.name if one.by else "", one.state == Merge.State.UNDONE, may and one.pk == standing
        )
        for one in merges
    ]
