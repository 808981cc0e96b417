"""What a customer allows, and each yes and no that a program took."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field, StringConstraints

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations import give_consent, withdraw_consent
from zhenke.customers.queries import SeenConsent, consents_of, customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Problem, Told
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z]{0,8}$")]


class ConsentAsked(Asked):
    """A yes or no for one purpose by channels; a purpose without channels has the one channel ""."""

    purpose: Code
    channels: list[Channel] = Field(min_length=1, max_length=8)
    act: Literal["give", "withdraw"]
    giver: Literal["self", "guardian"] = "self"
    proof_note: Annotated[str, StringConstraints(max_length=120)] = ""


class ConsentTold(Told):
    """Where one purpose stands by one channel, and since when."""

    purpose: str
    channel: str
    may: bool
    why: str
    said_at: datetime | None
    text_version: int | None


class ConsentsTold(Told):
    """Every purpose by every channel of its own."""

    rows: list[ConsentTold]


def _row(seen: SeenConsent) -> ConsentTold:
    said = seen.verdict.said
    return ConsentTold(
        purpose=seen.purpose,
        channel=seen.channel,
        may=seen.verdict.may,
        why=seen.verdict.why,
        said_at=said.at if said else None,
        text_version=said.version or None if said else None,
    )


def _told(viewer: Viewer, customer: Customer, at: datetime) -> ConsentsTold:
    today = local_date(at, customer.shop.time_zone)
    return ConsentsTold(rows=[_row(one) for one in consents_of(viewer=viewer, customer=customer, today=today)])


@router.get(
    "/{customer_id}/consents",
    url_name="consents",
    response={200: ConsentsTold, REFUSALS: Problem},
    summary="What she allows",
)
@decorate_view(theirs("customer_id", customer_for))
def list_consents(request: TokenCall, customer_id: str) -> ConsentsTold:
    """Whether each purpose is allowed by each channel, and why; what was never said is no consent."""
    return _told(request.user, request.found, now())


@router.post(
    "/{customer_id}/consents",
    url_name="consents",
    response={200: ConsentsTold, REFUSALS: Problem},
    summary="Take a yes or a no",
)
@decorate_view(theirs("customer_id", customer_for))
def take_consent(request: TokenCall, customer_id: str, body: ConsentAsked) -> ConsentsTold:
    """Write a yes to the text in force, or a no, and answer with where everything stands; again changes nothing."""
    at = now()
    write = give_consent if body.act == "give" else withdraw_consent
    write(
        customer=request.found,
        purpose=body.purpose,
        channels=list(dict.fromkeys(body.channels)),
        proof="program",
        giver=body.giver,
        proof_note=body.proof_note,
        by=request.user,
        now=at,
    )
    return _told(request.user, request.found, at)
