"""Keeps and forgets the lists of customers that a person made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhenke.basics.errors import BadInput
from zhenke.customers.models import SavedView
from zhenke.staff.models import StaffMember


class ViewNameWrong(BadInput):
    """A saved list has a short name."""

    code = "view_name_wrong"
    message = "Give the list a name of 1 to 60 signs."


def save_view(*, name: str, filters: Mapping[str, object], by: StaffMember, now: datetime) -> SavedView:
    """Keep the filters of the list under a name.

    Errors: ViewNameWrong.
    Writes: SavedView of `by`.
    Twice:  the same name again replaces the filters.
    """
    kept = " ".join(name.replace("\x00", "").split())
    if not 0 < len(kept) <= 60:
        raise ViewNameWrong
    view, _ = SavedView.objects.update_or_create(
        staff=by,
        name=kept,
        defaults={"filters": dict(filters)},
        create_defaults={"filters": dict(filters), "created_at": now},
    )
    return view


def drop_view(*, id: int, by: StaffMember) -> bool:
    """Forget one of the person's own lists; return whether there was one.

    Writes: deletes one SavedView; a list of somebody else stays.
    Twice:  False.
    """
    return SavedView.objects.filter(pk=id, staff=by).delete()[0] > 0
