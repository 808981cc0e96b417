"""Where a member stands, in one line at the counter: her tier, her points and what they may pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import Customer
from zhenke.doors.words.membership import name_of
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import sees_members, tier_of
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.spending import worth_minor
from zhenke.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Standing:
    """Tier in words, whole points to spend, their worth in minor units, and the most of a bill in per cent."""

    tier: str
    points: int
    worth_minor: int
    currency: str
    most_percent: int


def standing_of(*, viewer: StaffMember, customer: Customer, on: date) -> Standing | None:
    """Return where a member stands; None for who is none, or where the viewer is shown crowds only.

    `customer` is one that the viewer was given by `customers.queries.customer_for`.

    Shape:  five SQL queries at most.
    """
    held = rules_now() if sees_members(viewer) else None
    key = tier_of(customer_id=customer.pk) if held else ""
    if held is None or not key:
        return None
    points = balance_of(viewer=viewer, customer=customer, on_date=on).spendable
    rules = held.rules
    worth = worth_minor(points, value_points=rules.earning.value_points)
    return Standing(name_of(rules.tiers.of(key)), points, worth, held.currency, rules.spending.most_percent)
