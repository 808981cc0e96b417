"""Members: tier, points and rights of one, a right that was given, and the programme as it holds now."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.queries import customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Problem, Told
from zhenke.membership.operations.rights import NotAMember, give_right
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import member_card
from zhenke.membership.queries.rules import NoProgrammeRules, rules_now

of_customers = Router(tags=["membership"])
router = Router(tags=["membership"])


class RightAsked(Asked):
    """A right that was given today. `source_key` is the caller's own key of it: the same key twice is one."""

    source_key: Annotated[str, Field(min_length=1, max_length=90)]
    right: Annotated[str, Field(min_length=1, max_length=24)]


class TierTold(Told):
    """One tier; `threshold` in the unit of the programme's basis: minor units, receipts or points."""

    key: str
    name: str
    name_zh: str
    threshold: int
    factor_percent: int


class PointsTold(Told):
    """What she may spend today, what waits, what she owes; and what ends next."""

    spendable: int
    pending: int
    owed: int
    next_end_date: date | None
    next_end_points: int


class MissingTold(Told):
    """What is missing to the next tier, in the unit of the basis; `by_gram` if she spent it by gram."""

    tier: str
    left: int
    by_gram: int


class RightTold(Told):
    """One right. `share`: per cent, times a year (-1 without end) or 1; `left` is null where nothing is counted."""

    key: str
    name: str
    name_zh: str
    kind: str
    share: int
    left: int | None
    state: str


class MembershipTold(Told):
    """One member."""

    customer_id: str
    tier: TierTold
    since_date: date
    grace_until_date: date | None
    protected_until_date: date | None
    missing: MissingTold | None
    basis: str
    points: PointsTold
    rights: list[RightTold]


class GivenTold(Told):
    """A right as it was written down."""

    id: str
    right: str
    on_date: date
    is_new: bool


class ProgrammeTold(Told):
    """The version that holds now; `rules` as docs/rules/points.md and tiers.md describe them."""

    version: int
    currency: str
    rules: dict[str, Any]


@of_customers.get(
    "/{customer_id}/membership",
    url_name="membership",
    response={200: MembershipTold, REFUSALS: Problem},
    summary="Tier, points and rights",
)
@decorate_view(theirs("customer_id", customer_for))
def get_membership(request: TokenCall, customer_id: str) -> MembershipTold:
    """One member's card; 404 when she is no member."""
    her = request.found
    today = local_date(now(), her.shop.time_zone)
    card = member_card(viewer=request.user, customer=her, on=today)
    if card is None:
        raise NotAMember
    balance = balance_of(viewer=request.user, customer=her, on_date=today)
    missing = card.missing
    return MembershipTold(
        customer_id=str(her.pk),
        tier=TierTold(**{name: getattr(card.tier, name) for name in TierTold.model_fields}),
        since_date=card.membership.since_date,
        grace_until_date=card.membership.grace_until_date,
        protected_until_date=card.membership.protected_until_date,
        missing=MissingTold(tier=missing.tier.key, left=missing.left, by_gram=missing.gram_left) if missing else None,
        basis=card.basis,
        points=PointsTold(
            spendable=balance.spendable,
            pending=balance.pending,
            owed=balance.owed,
            next_end_date=balance.next_end,
            next_end_points=balance.next_end_points,
        ),
        rights=[
            RightTold(
                key=one.right.key,
                name=one.right.name,
                name_zh=one.right.name_zh,
                kind=one.right.kind,
                share=one.share,
                left=one.left,
                state=one.state,
            )
            for one in card.rights
        ],
    )


@of_customers.post(
    "/{customer_id}/rights/use",
    url_name="right-use",
    response={201: GivenTold, REFUSALS: Problem},
    summary="A right was given",
)
@decorate_view(theirs("customer_id", customer_for))
def use_right(request: TokenCall, customer_id: str, body: RightAsked) -> Status[GivenTold]:
    """Write down that a service or gift of her tier was given today."""
    given = give_right(
        customer=request.found, right=body.right, cause=f"api:{body.source_key}", by=request.user, now=now()
    )
    use = given.use
    return Status(201, GivenTold(id=str(use.pk), right=use.right, on_date=use.on_date, is_new=given.is_new))


@router.get("", url_name="programme", response={200: ProgrammeTold, REFUSALS: Problem}, summary="The programme")
def get_programme(request: TokenCall) -> ProgrammeTold:
    """The rules that hold now: what earns, the tiers, their rights."""
    held = rules_now()
    if held is None:
        raise NoProgrammeRules
    return ProgrammeTold(version=held.version, currency=held.currency, rules=held.rules.to_plain())
