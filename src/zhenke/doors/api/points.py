"""Points at the till: what a bill would earn and may take, points held for it, and held points given back.

They are spent with the sale itself (`spend_points` of POST /sales): what was held under its `source_key` stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from ninja import Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.catalogue.models import Style
from zhenke.catalogue.queries import style_by_no
from zhenke.customers.queries import customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.sales import LineAsked, currency_of
from zhenke.doors.api.shapes import REFUSALS, Asked, Money, Problem, Told
from zhenke.membership.operations.holding import cancel_hold, hold_points, release_ended
from zhenke.membership.queries.quoting import quote
from zhenke.membership.rules.earning import SoldLine
from zhenke.sales.queries import counter_of

router = Router(tags=["membership"])
Points = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
SaleKey = Annotated[str, Field(min_length=1, max_length=80, description="The `source_key` that the sale will have.")]
Lines = Annotated[list[LineAsked], Field(min_length=1, max_length=1_000)]


class QuoteAsked(Asked):
    """A bill that is no sale yet. `shop` is a code; `spend_points` is what points would pay of it."""

    lines: Lines
    shop: Annotated[str, Field(max_length=40)] = ""
    spend_points: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)] = 0


class HoldAsked(Asked):
    """Points to keep back for one sale. Two with the same `source_key` are one."""

    source_key: SaleKey
    points: Points
    lines: Lines
    shop: Annotated[str, Field(max_length=40)] = ""


class HoldCalledOff(Asked):
    """The sale whose points are no longer to be held."""

    source_key: SaleKey


class QuotedLine(Told):
    """One line, in the order it was sent: points earned by which rate and times; what points may pay of it, or why not.

    `earns_nothing` and `pays_nothing` are codes, empty when it does.
    """

    points: int
    rate_of: str
    tier_percent: int
    times_percent: int
    times_of: str
    earns_nothing: str
    most_minor: int
    pays_nothing: str


class QuoteTold(Told):
    """What the bill would earn and may take. `most_points` is the smaller of what the bill takes and what she has."""

    version: int
    earned: int
    spendable: int
    most_points: int
    most_worth: Money
    points_per_unit: int
    lines: list[QuotedLine]


class HoldTold(Told):
    """Points that are held, until when, and what they are worth."""

    source_key: str
    points: int
    worth: Money
    until_at: datetime
    is_new: bool


class HoldGiven(Told):
    """Points that came back; 0 when nothing was left to give back."""

    source_key: str
    points: int


def _sold(lines: Sequence[LineAsked]) -> tuple[SoldLine, ...]:
    """Return the lines as the rules look at them: what the catalogue knows of a style counts before what is said."""
    known = style_by_no(line.style_no for line in lines if line.style_no)
    found = []
    for place, line in enumerate(lines):
        style = known.get(line.style_no)
        mode = style.price_mode if style else line.price_mode
        is_by_gram = mode == Style.PriceMode.GRAM
        found.append(SoldLine(place, line.amount.minor, is_by_gram, style.category if style else line.category))
    return tuple(found)


@router.post(
    "/{customer_id}/points/quote",
    url_name="points-quote",
    response={200: QuoteTold, REFUSALS: Problem},
    summary="What a bill would earn and may take",
)
@decorate_view(theirs("customer_id", customer_for))
def quote_points(request: TokenCall, customer_id: str, body: QuoteAsked) -> QuoteTold:
    """What the bill would earn, line by line, and how many points may pay of it; holds of hers that are over end."""
    shop, _ = counter_of(viewer=request.user, shop=body.shop, advisor="")
    currency, at = currency_of(body.lines) or shop.currency, now()
    release_ended(customer=request.found, by=request.user, now=at)
    told = quote(
        viewer=request.user,
        customer=request.found,
        shop=shop,
        lines=_sold(body.lines),
        on=local_date(at, shop.time_zone),
        spend_points=body.spend_points,
    )
    lines = [
        QuotedLine(
            points=one.points,
            rate_of=one.rate_of,
            tier_percent=one.tier_percent,
            times_percent=one.times_percent,
            times_of=one.times_of,
            earns_nothing=one.excluded,
            most_minor=int(share.most_minor),
            pays_nothing=share.excluded,
        )
        for one, share in zip(told.lines, told.payable, strict=True)
    ]
    return QuoteTold(
        version=told.version,
        earned=told.earned,
        spendable=told.spendable,
        most_points=told.most,
        most_worth=Money(minor=told.most_worth_minor, currency=currency),
        points_per_unit=told.value_points,
        lines=lines,
    )


@router.post(
    "/{customer_id}/points/hold",
    url_name="points-hold",
    response={200: HoldTold, 201: HoldTold, REFUSALS: Problem},
    summary="Hold points for a sale",
)
@decorate_view(theirs("customer_id", customer_for))
def hold_for_sale(request: TokenCall, customer_id: str, body: HoldAsked) -> Status:
    """Keep points back for one sale: 201, or 200 when they are held already."""
    shop, _ = counter_of(viewer=request.user, shop=body.shop, advisor="")
    held = hold_points(
        key=body.source_key,
        customer=request.found,
        points=body.points,
        lines=_sold(body.lines),
        shop=shop,
        by=request.user,
        now=now(),
    )
    worth = Money(minor=held.worth_minor, currency=currency_of(body.lines) or shop.currency)
    told = HoldTold(
        source_key=body.source_key, points=held.points, worth=worth, until_at=held.until_at, is_new=held.is_new
    )
    return Status(201 if held.is_new else 200, told)


@router.post(
    "/{customer_id}/points/cancel",
    url_name="points-cancel",
    response={200: HoldGiven, REFUSALS: Problem},
    summary="Give held points back",
)
@decorate_view(theirs("customer_id", customer_for))
def cancel_held(request: TokenCall, customer_id: str, body: HoldCalledOff) -> HoldGiven:
    """Give back what was held for a sale that comes to nothing."""
    moved = cancel_hold(key=body.source_key, customer=request.found, by=request.user, now=now())
    return HoldGiven(source_key=body.source_key, points=moved.points if moved else 0)
