"""What should be known of a customer: which fields are missing or old, and that one is still right."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations.freshness import confirm_field
from zhenke.customers.queries import customer_for
from zhenke.customers.queries.freshness import freshness_of
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Problem, Told
from zhenke.grading.queries import grade_for
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])


class KnownFieldConfirmed(Asked):
    """Which field is still right: phone, birthday, ring_size …"""

    field: Annotated[str, Field(min_length=1, max_length=24)]


class KnownFieldTold(Told):
    """How one field stands; day, name and source are empty for what nobody noted."""

    field: str
    state: Literal["known", "stale", "missing"]
    on_date: date | None
    by_name: str
    source: str


class KnownFieldsTold(Told):
    """The fields that matter for her grade, in the order in which they are asked."""

    rows: list[KnownFieldTold]


def _told(viewer: Viewer, customer: Customer) -> KnownFieldsTold:
    grade = grade_for(viewer=viewer, customer=customer)
    today = local_date(now(), customer.shop.time_zone)
    rows = freshness_of(viewer=viewer, customer=customer, letter=grade.letter if grade else "", today=today)
    return KnownFieldsTold(
        rows=[
            KnownFieldTold(
                field=one.field, state=one.state.value, on_date=one.on_date, by_name=one.by_name, source=one.source
            )
            for one in rows
        ]
    )


@router.get(
    "/{customer_id}/freshness",
    url_name="freshness",
    response={200: KnownFieldsTold, REFUSALS: Problem},
    summary="What is known of her, and since when",
)
@decorate_view(theirs("customer_id", customer_for))
def list_known_fields(request: TokenCall, customer_id: str) -> KnownFieldsTold:
    """Each field that matters for her grade: missing, stale or known."""
    return _told(request.user, request.found)


@router.post(
    "/{customer_id}/freshness",
    url_name="freshness",
    response={200: KnownFieldsTold, REFUSALS: Problem},
    summary="A field is still right",
)
@decorate_view(theirs("customer_id", customer_for))
def confirm_one_field(request: TokenCall, customer_id: str, body: KnownFieldConfirmed) -> KnownFieldsTold:
    """Write down that a field is still right and answer with all of them; again on one day changes nothing."""
    confirm_field(customer=request.found, field=body.field, by=request.user, now=now())
    return _told(request.user, customer_for(viewer=request.user, id=request.found.pk))
