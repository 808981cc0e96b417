"""Who belongs to a customer, and what others gave her."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field, StringConstraints

from zhenke.basics.clock import now
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_link, drop_link
from zhenke.customers.queries import SeenLink, customer_for, household_of, link_for, seen_name
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Key, Problem, Told, key
from zhenke.sales.queries import gifts_to
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])


class LinkAsked(Asked):
    """Somebody who belongs to her: the other customer, and what she or he is to her (spouse, child, friend …)."""

    other_id: Key
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,16}$")]
    job: Annotated[str, Field(max_length=60, description="What a company's contact does there.")] | None = None


class LinkDropped(Asked):
    """Which link is taken away, by its own key."""

    link_id: Key


class LinkTold(Told):
    """One link, from her end. Of a person out of sight only the kind is told."""

    id: str
    kind: str
    other_id: str | None
    other_name: str
    job: str


class LinksTold(Told):
    """Everybody who belongs to her, the household first."""

    rows: list[LinkTold]


class GiftTold(Told):
    """One piece that somebody gave her; who gave it and the receipt only as far as they are in sight."""

    line_id: str
    style_no: str
    description: str
    quantity: int
    known_at: datetime
    giver_id: str | None
    sale_id: str | None


class GiftsTold(Told):
    """What she was given, the newest first."""

    rows: list[GiftTold]


def _told(viewer: Viewer, link: SeenLink) -> LinkTold:
    return LinkTold(
        id=str(link.id),
        kind=link.kind,
        other_id=key(link.other.pk) if link.other else None,
        other_name=seen_name(viewer=viewer, customer=link.other) if link.other else "",
        job=link.job,
    )


def _links(viewer: Viewer, customer: Customer) -> LinksTold:
    return LinksTold(rows=[_told(viewer, link) for link in household_of(viewer=viewer, customer=customer)])


@router.get(
    "/{customer_id}/links",
    url_name="links",
    response={200: LinksTold, REFUSALS: Problem},
    summary="Who belongs to her",
)
@decorate_view(theirs("customer_id", customer_for))
def list_links(request: TokenCall, customer_id: str) -> LinksTold:
    """Everybody who belongs to her."""
    return _links(request.user, request.found)


@router.post(
    "/{customer_id}/links", url_name="links", response={200: LinksTold, REFUSALS: Problem}, summary="Link somebody"
)
@decorate_view(theirs("customer_id", customer_for))
def create_link(request: TokenCall, customer_id: str, body: LinkAsked) -> LinksTold:
    """Write that the other belongs to her, and answer with everybody who does; again changes only the kind."""
    other = customer_for(viewer=request.user, id=key_of(body.other_id))
    add_link(customer=request.found, other=other, kind=body.kind, job=body.job, by=request.user, now=now())
    return _links(request.user, request.found)


@router.post(
    "/{customer_id}/links/drop",
    url_name="link-drop",
    response={200: LinksTold, REFUSALS: Problem},
    summary="Unlink",
)
@decorate_view(theirs("customer_id", customer_for))
def drop_one_link(request: TokenCall, customer_id: str, body: LinkDropped) -> LinksTold:
    """Take a link away and answer with who is left; one that is gone already stays gone."""
    link = link_for(viewer=request.user, customer=request.found, id=key_of(body.link_id))
    drop_link(customer=request.found, link=link, by=request.user, now=now())
    return _links(request.user, request.found)


@router.get(
    "/{customer_id}/gifts", url_name="gifts", response={200: GiftsTold, REFUSALS: Problem}, summary="What she was given"
)
@decorate_view(theirs("customer_id", customer_for))
def list_gifts(request: TokenCall, customer_id: str) -> GiftsTold:
    """What others gave her and is no secret any more, at most 200."""
    gifts = gifts_to(viewer=request.user, customer=request.found, now=now())
    return GiftsTold(
        rows=[
            GiftTold(
                line_id=str(gift.line.pk),
                style_no=gift.line.style.style_no if gift.line.style else "",
                description=gift.line.description,
                quantity=gift.line.quantity,
                known_at=gift.at,
                giver_id=key(gift.giver.pk) if gift.giver else None,
                sale_id=key(gift.line.sale_id) if gift.may_open else None,
            )
            for gift in gifts
        ]
    )
