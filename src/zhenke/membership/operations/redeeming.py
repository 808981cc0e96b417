"""A reward is put aside for points, handed over once for its code, or called off and the points given back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries.own_record import is_close_to
from zhenke.membership.models import Redemption, Reward
from zhenke.membership.operations.rights import NotAMember
from zhenke.membership.operations.spending import cancel_spend, spend
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import tier_of
from zhenke.membership.queries.rewards import RewardUnknown, plain_code, terms_of, times_had
from zhenke.membership.rules.adjusting import OwnRecord
from zhenke.membership.rules.ledger import BalanceTooLow, Cause
from zhenke.membership.rules.rewards import Price, Refused, Taker, price_on, why_refused
from zhenke.staff import SYSTEM, audit
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import May

State = Redemption.State
SPENT, BACK = "redemption", "redemption_back"
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
_LONG = 16  # of 31 signs: 79 bits


class RewardNotOffered(RuleBroken):
    """It is not in the mall today. Facts: `why`, ended, not_yet or over."""

    code = "reward_not_offered"
    message = "This reward is not offered today."


class RewardSoldOut(RuleBroken):
    """None is left."""

    code = "reward_sold_out"
    message = "None of this reward is left."


class RewardNotForTier(RuleBroken):
    """It is for other tiers. Facts: `tier`, hers."""

    code = "reward_not_for_tier"
    message = "This reward is for other tiers."


class RewardHadBefore(RuleBroken):
    """She took it as often as one member may. Facts: `times`."""

    code = "reward_had_before"
    message = "She has taken this reward as often as one member may."


class RedemptionKeyReused(RuleBroken):
    """The key belongs to another redemption."""

    code = "redemption_key_reused"
    message = "This key belongs to another redemption."


class RedemptionClosed(RuleBroken):
    """It was handed over, or called off, before. Facts: `state`."""

    code = "redemption_closed"
    message = "This was handed over or called off before."


class RedemptionLate(RuleBroken):
    """It was put aside for so long and not fetched. Facts: `until_date`."""

    code = "redemption_late"
    message = "This was put aside until {until_date} and not fetched in time."


@dataclass(frozen=True, slots=True)
class Reserved:
    """A redemption as it stands. `code` is told this once and kept only as a hash; "" when the key was used before."""

    redemption: Redemption
    code: str
    is_new: bool


@transaction.atomic
def reserve_reward(
    *, customer: Customer, reward: int, cause: str, shop: Shop | None = None, by: Viewer, now: datetime
) -> Reserved:
    """Put one reward aside for a member and spend its points: both or neither.

    Whoever takes of one reward waits for the one before, so that its stock and her number of times hold. `customer` is
    one that the caller may see; without a shop it is that of whoever writes it down, else hers.

    Errors: NotAllowed; OwnRecord; NotAMember; RewardUnknown; RewardNotOffered, RewardSoldOut, RewardNotForTier,
            RewardHadBefore, BalanceTooLow; RedemptionKeyReused. Nothing is written then.
    Writes: Redemption; an entry of the ledger; one audit line.
    Twice:  the same cause: the first one, nothing is written, and its code is not told again (`renew_code`).
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    row = Reward.objects.select_for_update().filter(pk=reward).first()
    earlier = Redemption.objects.filter(cause=cause).select_related("reward").first()
    if earlier is not None:
        if (earlier.customer_id, earlier.reward_id) != (customer.pk, reward):
            raise RedemptionKeyReused
        return Reserved(earlier, "", False)
    if row is None:
        raise RewardUnknown
    tier = _tier(customer, by)
    place = shop or _shop_of(by) or customer.shop
    today = local_date(now, place.time_zone)
    price = _price(row, customer, tier, today)
    code = _new_code()
    made = Redemption.objects.create(
        reward=row,
        customer=customer,
        offer_id=price.offer,
        points=price.points,
        cost_minor=row.cost_minor,
        cause=cause,
        token_hash=token_hash(code),
        shop=place,
        by=by if isinstance(by, StaffMember) else None,
        at=now,
        on_date=today,
        until_date=today + timedelta(days=row.hold_days),
    )
    spend(
        customer=customer, points=price.points, cause=Cause(SPENT, str(made.pk)), on_date=today, by=by, now=now,
        shop=place, reason="reward",
    )  # fmt: skip
    _note("reward_reserved", made, by, now, points=price.points)
    return Reserved(made, code, True)


def _tier(customer: Customer, by: Viewer) -> str:
    if is_close_to(viewer=by, customer=customer):
        raise OwnRecord
    tier = tier_of(customer_id=customer.pk)
    if not tier:
        raise NotAMember
    return tier


def _price(row: Reward, customer: Customer, tier: str, today: date) -> Price:
    (terms,) = terms_of([row])
    has = balance_of(viewer=SYSTEM, customer=customer, on_date=today).spendable
    had = times_had(customer_id=customer.pk)
    taker = Taker(tier=tier, spendable=has, had=had)
    price = price_on(terms, tier=tier, on=today)
    refused = why_refused(terms, taker=taker, on=today)
    if refused:
        raise _refusal(refused, tier=tier, times=row.per_person, wanted=price.points, spendable=has)
    return price


def _refusal(refused: Refused, *, tier: str, times: int, wanted: int, spendable: int) -> RuleBroken:
    match refused:
        case "sold_out":
            return RewardSoldOut()
        case "tier":
            return RewardNotForTier(tier=tier)
        case "had":
            return RewardHadBefore(times=times)
        case "points":
            return BalanceTooLow(wanted=wanted, spendable=spendable)
        case _:
            return RewardNotOffered(why=refused)


@transaction.atomic
def renew_code(*, redemption: Redemption, by: Viewer, now: datetime) -> str:
    """Make a new code for what is put aside, and return it; the code before it opens nothing any more.

    Errors: NotAllowed; RedemptionClosed.
    Writes: Redemption; one audit line.
    Twice:  another code: each is told once.
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    code = _new_code()
    row = Redemption.objects.filter(pk=redemption.pk, state=State.RESERVED)
    if not row.update(token_hash=token_hash(code)):
        raise RedemptionClosed(state=_state_of(redemption))
    _note("reward_code_renewed", redemption, by, now)
    return code


@transaction.atomic
def hand_over_reward(
    *, redemption: Redemption, cause: str, shop: Shop | None = None, by: Viewer, now: datetime
) -> Redemption:
    """Write down that a reward was handed over: one conditional update, so that of any number at once one succeeds.

    Errors: NotAllowed; RedemptionClosed; RedemptionLate.
    Writes: Redemption; one audit line.
    Twice:  the same cause: what is written already; another: RedemptionClosed.
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    place = shop or _shop_of(by) or redemption.shop
    today = local_date(now, place.time_zone)
    waiting = Redemption.objects.filter(pk=redemption.pk, state=State.RESERVED, until_date__gte=today)
    done = waiting.update(
        state=State.HANDED_OVER, closed_at=now, closed_date=today, closed_by=_person(by), closed_shop=place,
        closed_cause=cause,
    )  # fmt: skip
    redemption.refresh_from_db()
    if done:
        _note("reward_handed_over", redemption, by, now)
    elif redemption.state == State.RESERVED:
        raise RedemptionLate(until_date=redemption.until_date.isoformat())
    elif redemption.state != State.HANDED_OVER or redemption.closed_cause != cause:
        raise RedemptionClosed(state=redemption.state)
    return redemption


@transaction.atomic
def cancel_redemption(*, redemption: Redemption, reason: str = "by_hand", by: Viewer, now: datetime) -> bool:
    """Call off what is put aside: the points come back to the lots they were of, with their ends; return if new.

    Units:  `reason` is a code: by_hand, not_fetched.
    Errors: NotAllowed; RedemptionClosed when it was handed over.
    Writes: Redemption; an entry of the ledger; one audit line.
    Twice:  False; nothing is written.
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    today = local_date(now, redemption.shop.time_zone)
    done = Redemption.objects.filter(pk=redemption.pk, state=State.RESERVED).update(
        state=State.CANCELLED, token_hash=None, closed_at=now, closed_date=today, closed_by=_person(by), reason=reason
    )
    redemption.refresh_from_db()
    if not done:
        if redemption.state != State.CANCELLED:
            raise RedemptionClosed(state=redemption.state)
        return False
    cancel_spend(
        spent=Cause(SPENT, str(redemption.pk)), cause=Cause(BACK, str(redemption.pk)), on_date=today, by=by, now=now,
        shop=redemption.shop, reason="reward_back",
    )  # fmt: skip
    _note("reward_called_off", redemption, by, now, reason=reason)
    return True


def _new_code() -> str:
    return plain_code("".join(secrets.choice(_SIGNS) for _ in range(_LONG)))


def _note(action: str, row: Redemption, by: Viewer, now: datetime, **facts: object) -> None:
    audit.record(
        action=action, by=by, now=now, subject_kind="customer", subject_id=row.customer_id, redemption=row.pk,
        reward=row.reward_id, **facts,
    )  # fmt: skip


def _state_of(redemption: Redemption) -> str:
    return str(Redemption.objects.values_list("state", flat=True).get(pk=redemption.pk))


def _person(by: Viewer) -> StaffMember | None:
    return by if isinstance(by, StaffMember) else None


def _shop_of(by: Viewer) -> Shop | None:
    return by.shop if isinstance(by, StaffMember) and by.shop.kind == Shop.Kind.SHOP else None
