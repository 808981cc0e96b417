"""Count what members did in the window, and let their tiers follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.membership.models import Membership, TierChange
from zhenke.membership.queries.earned import window_points
from zhenke.membership.queries.rules import RulesNow, rules_now
from zhenke.membership.rules.tiers import (
    Figures,
    Standing,
    next_review,
    reached,
    standing_after,
    window_first_date,
)
from zhenke.sales.queries.counted import CountedSpend, counted_spend
from zhenke.staff import SYSTEM

_NONE = CountedSpend()
_WRITTEN = (
    "rules",
    "tier",
    "since_date",
    "grace_until_date",
    "protected_until_date",
    "gram_minor",
    "other_minor",
    "receipts",
    "window_points",
    "reviewed_at",
    "next_review_date",
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many members were looked at, and the moves of their tiers."""

    members: int
    changes: list[TierChange]


@transaction.atomic(savepoint=False)
def review_members(*, customer_ids: Collection[int], on: date, reason: str, now: datetime) -> Reviewed:
    """Count some customers' figures anew by the rules in force and let their tiers follow; who has none yet joins.

    Organisations are members only where the rules let them earn.

    Writes: Membership; TierChange for each move.
    Twice:  the same day again moves nobody.
    """
    held = rules_now()
    if held is None:
        return Reviewed(0, [])
    kinds = None if held.rules.earning.organisations else (Customer.Kind.PERSON,)
    rows = visible(viewer=SYSTEM).filter(pk__in=list(customer_ids)).order_by()
    keys = sorted((rows.filter(kind__in=kinds) if kinds else rows).values_list("pk", flat=True))
    # Held before anything is counted, so that a sale at the same moment is counted by one of the two.
    before = {row.pk: row for row in Membership.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    figures = _figures(keys, held, on)
    members, changes = [], []
    for key in keys:
        member, change = _reviewed(key, before.get(key), figures[key], held, on, reason, now)
        members.append(member)
        changes += [change] if change else []
    Membership.objects.bulk_create(
        members, 500, update_conflicts=True, unique_fields=["customer"], update_fields=_WRITTEN
    )
    return Reviewed(len(members), TierChange.objects.bulk_create(changes, 500))


def _figures(keys: Collection[int], held: RulesNow, on: date) -> Mapping[int, Figures]:
    tiers = held.rules.tiers
    first = window_first_date(on, tiers)
    spend = counted_spend(viewer=SYSTEM, customer_ids=keys, currency=held.currency, first=first, last=on)
    points = window_points(customer_ids=keys, first=first, last=on) if tiers.basis == "points" else {}
    return {key: _one(spend.get(key, _NONE), points.get(key, 0)) for key in keys}


def _one(spend: CountedSpend, points: int) -> Figures:
    return Figures(spend.gram_minor, spend.other_minor, spend.receipts, points, spend.first_date)


def _reviewed(
    key: int, before: Membership | None, figures: Figures, held: RulesNow, on: date, reason: str, now: datetime
) -> tuple[Membership, TierChange | None]:
    tiers = held.rules.tiers
    standing = Standing(tiers.levels[0].key, on)
    if before is not None:
        standing = Standing(before.tier, before.since_date, before.grace_until_date, before.protected_until_date)
    after = standing_after(standing=standing, to_reach=reached(figures, tiers), on=on, tiers=tiers)
    member = Membership(
        customer_id=key,
        rules_id=held.id,
        tier=after.tier,
        joined_date=before.joined_date if before else on,
        since_date=after.since_date,
        grace_until_date=after.grace_until_date,
        protected_until_date=after.protected_until_date,
        gram_minor=figures.gram_minor,
        other_minor=figures.other_minor,
        receipts=figures.receipts,
        window_points=figures.points,
        reviewed_at=now,
        next_review_date=next_review(standing=after, figures=figures, on=on, tiers=tiers),
    )
    if before is not None and before.tier == after.tier:
        return member, None
    change = TierChange(
        customer_id=key,
        rules_id=held.id,
        on_date=on,
        at=now,
        from_tier=before.tier if before else "",
        to_tier=after.tier,
        reason=reason,
    )
    return member, change
