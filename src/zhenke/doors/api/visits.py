"""Visits of a customer to the counter: what was laid out, who came along, what stopped the purchase."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.operations.notes import MOST_NAMED
from zhenke.customers.queries import SeenVisit, customer_for, interactions_of, seen_name, visits_of
from zhenke.customers.queries.notes import Attached, attached_to
from zhenke.customers.rules.visits import LONGEST_MINUTES, MOST_COMPANIONS, MOST_PIECES, MOST_STOPS, VisitDraft
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Key, Moment, Person, Problem, Told, key, person
from zhenke.doors.api.tasks import TaskTold, colleague, tasks_told
from zhenke.journeys.record_visit import record_visit
from zhenke.sales.queries import counter_of
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])
Piece = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.]{0,23}$")]
MOST = 100


class VisitAsked(Asked):
    """One visit in a shop (its code). `looked_at` and `tried` are numbers of styles or words.

    `agreed` with its day becomes a follow-up of `advisor` (a user name; without one, of who looks after her).
    `mentions` are user names of colleagues who are to read it. `source_key` is the caller's own key of the visit.
    """

    source_key: Annotated[str, Field(min_length=1, max_length=100)]
    at: Moment
    shop: Annotated[str, Field(min_length=1, max_length=40)]
    advisor: Annotated[str, Field(max_length=60)] = ""
    looked_at: Annotated[list[Piece], Field(max_length=MOST_PIECES)] = Field(default_factory=list)
    tried: Annotated[list[Piece], Field(max_length=MOST_PIECES)] = Field(default_factory=list)
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)] | None = None
    companion_ids: Annotated[list[Key], Field(max_length=MOST_COMPANIONS)] = Field(default_factory=list)
    companions: Annotated[str, Field(max_length=120)] = ""
    stopped_by: Annotated[list[Code], Field(max_length=MOST_STOPS)] = Field(default_factory=list)
    text: Annotated[str, Field(max_length=4000)] = ""
    agreed: Annotated[str, Field(max_length=300)] = ""
    agreed_date: date | None = None
    mentions: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=MOST_NAMED)] = Field(
        default_factory=list
    )


class LaidOutTold(Told):
    """One thing on the counter."""

    style_no: str
    name: str
    is_tried: bool


class CompanionTold(Told):
    """A customer in sight who came along."""

    id: str
    name: str


class VisitTold(Told):
    """One visit; the details are empty where nobody wrote them down.

    `is_closed` says that its words are kept from programs: they speak of health, faith, papers or accounts. `photos`
    counts those that hang on it.
    """

    id: str
    at: Moment
    shop_id: str | None
    by: Person | None
    text: str
    minutes: int | None
    pieces: list[LaidOutTold]
    companions: list[CompanionTold]
    companions_text: str
    others: int
    stopped_by: list[str]
    agreed: str
    agreed_date: date | None
    mentions: list[Person]
    photos: int
    is_closed: bool


class VisitsTold(Told):
    """The last visits, the newest first."""

    rows: list[VisitTold]


class VisitRecorded(Told):
    """A visit, and the follow-up that was agreed."""

    visit: VisitTold
    task: TaskTold | None


def _told(viewer: Viewer, row: Interaction, seen: SeenVisit | None, attached: Attached) -> VisitTold:
    seen = seen or SeenVisit(None, [], "", "", None)
    return VisitTold(
        id=str(row.pk),
        at=row.at,
        shop_id=key(row.shop_id),
        by=person(row.by),
        text=row.text,
        minutes=seen.minutes,
        pieces=[LaidOutTold(style_no=one.style_no, name=one.name, is_tried=one.is_tried) for one in seen.pieces],
        companions=[
            CompanionTold(id=str(one.pk), name=seen_name(viewer=viewer, customer=one)) for one in seen.companions
        ],
        companions_text=seen.companions_text,
        others=seen.unseen,
        stopped_by=seen.stopped_by,
        agreed=seen.agreed,
        agreed_date=seen.agreed_date,
        mentions=[told for member, _ in attached.named if (told := person(member))],
        photos=len(attached.photos),
        is_closed=row.is_closed,
    )


def _rows(viewer: Viewer, customer: Customer, rows: list[Interaction]) -> list[VisitTold]:
    visits = visits_of(viewer=viewer, customer=customer, interactions=[row.pk for row in rows])
    attached = attached_to(viewer=viewer, customer=customer, interactions=rows)
    return [_told(viewer, row, visits.get(row.pk), attached.get(row.pk, Attached())) for row in rows]


@router.get(
    "/{customer_id}/visits", url_name="visits", response={200: VisitsTold, REFUSALS: Problem}, summary="Her visits"
)
@decorate_view(theirs("customer_id", customer_for))
def list_visits(request: TokenCall, customer_id: str) -> VisitsTold:
    """The last 100 visits, the newest first."""
    rows = interactions_of(viewer=request.user, customer=request.found, size=MOST, kind=Interaction.Kind.VISIT)
    return VisitsTold(rows=_rows(request.user, request.found, rows))


@router.post(
    "/{customer_id}/visits",
    url_name="visits",
    response={200: VisitRecorded, REFUSALS: Problem},
    summary="Write down a visit",
)
@decorate_view(theirs("customer_id", customer_for))
def create_visit(request: TokenCall, customer_id: str, body: VisitAsked) -> VisitRecorded:
    """Write down one visit; the same `source_key` again answers with the one that is there."""
    moment, customer = now(), request.found
    shop, advisor = counter_of(viewer=request.user, shop=body.shop, advisor=body.advisor)
    recorded = record_visit(
        customer=customer,
        draft=VisitDraft(
            minutes=body.minutes,
            companions=tuple(key_of(one) for one in body.companion_ids),
            companions_text=body.companions,
            stopped_by=tuple(body.stopped_by),
            agreed=body.agreed,
            agreed_date=body.agreed_date,
        ),
        looked_at=body.looked_at,
        tried=body.tried,
        text=body.text,
        key=body.source_key,
        at=body.at,
        shop=shop,
        assignee=advisor or customer.owner or request.user,
        by=request.user,
        today=local_date(moment, shop.time_zone),
        now=moment,
        named=[one.pk for name in body.mentions if (one := colleague(request.user, name))],
    )
    rows = interactions_of(viewer=request.user, customer=customer, key=recorded.visit.pk)
    [told] = _rows(request.user, customer, rows)
    tasks = [recorded.task] if recorded.task else []
    return VisitRecorded(visit=told, task=next(iter(tasks_told(request.user, tasks)), None))
