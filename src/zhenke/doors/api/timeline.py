"""Everything that happened to a customer in every room, in one order, page after page."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Query, Router
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.care.queries import TRACES
from zhenke.customers.models import Customer
from zhenke.customers.operations.importance import note_look
from zhenke.customers.queries import customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Mark, Moment, Problem, Told, key
from zhenke.doors.stream.entry import Entry
from zhenke.doors.stream.timeline import KINDS, timeline_of
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])


class HappenedAsked(Asked):
    """Which kind (sale, gift, note, visit, task, piece, grade, archive …; empty: all), which words, which page."""

    kind: Annotated[str, Field(max_length=24)] = ""
    words: Annotated[str, Field(max_length=60)] = ""
    after: Mark


class HappenedTold(Told):
    """One thing that happened; `title` is in the language that was asked for, `on_date` of what has a day only.

    `named` says in words whom a note names, `photos` how many hang on it.
    """

    id: str
    kind: str
    at: Moment
    on_date: date | None
    title: str
    text: str
    by_name: str
    sale_id: str | None
    named: str
    photos: int


class TimelineTold(Told):
    """Twenty things at most, the newest first; `after` leads to the next page, "" at the end."""

    rows: list[HappenedTold]
    after: str


def _seen(*, viewer: Viewer, id: int) -> Customer:
    return customer_for(viewer=viewer, id=id, along=TRACES)


def _told(entry: Entry) -> HappenedTold:
    return HappenedTold(
        id=str(entry.id),
        kind=entry.kind,
        at=entry.at,
        on_date=entry.day,
        title=entry.title,
        text=entry.text,
        by_name=entry.who,
        sale_id=key(entry.sale.pk) if entry.sale else None,
        named=entry.note.named if entry.note else "",
        photos=len(entry.note.photos) if entry.note else 0,
    )


@router.get(
    "/{customer_id}/timeline",
    url_name="timeline",
    response={200: TimelineTold, REFUSALS: Problem},
    summary="Everything that happened",
)
@decorate_view(theirs("customer_id", _seen))
def list_happened(request: TokenCall, customer_id: str, asked: Query[HappenedAsked]) -> TimelineTold:
    """One stream of all rooms: receipts, gifts, contacts, visits, promises, pieces, grades, the archive itself."""
    if asked.kind and asked.kind not in KINDS:
        raise BadInput(kind=asked.kind)
    at = now()
    note_look(customer=request.found, place="api", by=request.user, now=at)
    page = timeline_of(
        viewer=request.user, customer=request.found, now=at, kind=asked.kind, after=asked.after, words=asked.words
    )
    return TimelineTold(rows=[_told(entry) for entry in page.entries], after=page.after)
