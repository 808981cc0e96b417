"""A right is given to a member, in any shop, and that is written down; given by mistake it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed, NotFound, RuleBroken
from zhenke.customers.models import Customer
from zhenke.membership.models import Membership, RightUse
from zhenke.membership.queries.rules import RulesNow, rules_now
from zhenke.membership.rules.programme import UNLIMITED, Right
from zhenke.staff import audit
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.rules import May


class NotAMember(NotFound):
    """The customer has no tier, or the house no programme."""

    code = "not_a_member"
    message = "This customer is not a member yet."


class RightNotHers(RuleBroken):
    """Her tier has no such right, or it is one that nobody hands out. Facts: `right`."""

    code = "right_not_hers"
    message = "Her tier does not have this right."


class RightUsedUp(RuleBroken):
    """She had it as often as her tier has it this year. Facts: `right`, `share`."""

    code = "right_used_up"
    message = "She has had this as often as her tier allows this year."


class RightKeyReused(RuleBroken):
    """The key belongs to another right that was given."""

    code = "right_key_reused"
    message = "This key belongs to another right that was given."


@dataclass(frozen=True, slots=True)
class GivenRight:
    """A right as it stands in the books; `is_new` is False when this cause had written it before."""

    use: RightUse
    is_new: bool


@transaction.atomic
def give_right(
    *, customer: Customer, right: str, cause: str, shop: Shop | None = None, by: Viewer, now: datetime
) -> GivenRight:
    """Write down that a right was given to a member today.

    Two shops at the same moment wait for each other, so that nobody has it more often than her tier allows. `customer`
    is one that the caller may see; without a shop it is that of whoever gives it, else hers.

    Errors: NotAllowed; NotAMember; RightNotHers; RightUsedUp; RightKeyReused.
    Writes: RightUse; one audit line.
    Twice:  the same cause: the first one, nothing is written.
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    held = rules_now()
    member = Membership.objects.select_for_update().filter(pk=customer.pk).first()
    if held is None or member is None:
        raise NotAMember
    earlier = RightUse.objects.filter(cause=cause).select_related("shop").first()
    if earlier is not None:
        if (earlier.customer_id, earlier.right) != (customer.pk, right):
            raise RightKeyReused
        return GivenRight(earlier, False)
    place = shop or _shop_of(by) or customer.shop
    today = local_date(now, place.time_zone)
    tier = held.rules.tiers.of(member.tier).key
    _check(_handed_out(held, right, tier), tier, customer, today)
    use = RightUse.objects.create(
        customer=customer,
        right=right,
        tier=tier,
        shop=place,
        by=by if isinstance(by, StaffMember) else None,
        at=now,
        on_date=today,
        cause=cause,
    )
    audit.record(action="right_given", by=by, now=now, subject_kind="customer", subject_id=customer.pk, right=right)
    return GivenRight(use, True)


def _shop_of(by: Viewer) -> Shop | None:
    return by.shop if isinstance(by, StaffMember) and by.shop.kind == Shop.Kind.SHOP else None


def _handed_out(held: RulesNow, right: str, tier: str) -> Right:
    found = held.rules.right(right)
    if found is None or found.kind not in ("service", "gift") or not found.share_of(tier):
        raise RightNotHers(right=right[:24])
    return found


def _check(right: Right, tier: str, customer: Customer, today: date) -> None:
    share = right.share_of(tier)
    given = RightUse.objects.filter(
        customer=customer, right=right.key, undone_at=None, on_date__range=(date(today.year, 1, 1), today)
    )
    if share != UNLIMITED and given.count() >= share:
        raise RightUsedUp(right=right.key, share=share)


@transaction.atomic
def take_right_back(*, use: RightUse, by: Viewer, now: datetime) -> bool:
    """Say that a right was not given after all; return whether that is new.

    Errors: NotAllowed.
    Writes: RightUse; one audit line.
    Twice:  False; nothing is written.
    """
    if not by.may(May.GIVE_RIGHTS):
        raise NotAllowed(act=May.GIVE_RIGHTS.value)
    person = by if isinstance(by, StaffMember) else None
    undone = RightUse.objects.filter(pk=use.pk, undone_at=None).update(undone_at=now, undone_by=person)
    if undone:
        audit.record(
            action="right_taken_back", by=by, now=now, subject_kind="customer", subject_id=use.customer_id,
            right=use.right,
        )  # fmt: skip
    return bool(undone)
