"""The night looks at tiers again: whose window moved, whose grace ended, who bought what no till told us of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhenke.grading.queries import house_zone
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries.members import to_review
from zhenke.membership.queries.rules import rules_now

BATCH = 1_000


@dataclass(frozen=True)
class ReviewedTiers:
    """How many members were looked at, how many joined, rose and fell."""

    members: int = 0
    joined: int = 0
    rose: int = 0
    fell: int = 0


def review_tiers(*, reason: str = "night", now: datetime) -> ReviewedTiers:
    """Count again whoever something changed for, and let their tiers follow; nobody else is read.

    After a new version of the rules that is everybody, once. Nothing in a house without a programme.

    Writes: Membership, TierChange. Not one transaction: each batch commits.
    Twice:  looks at nobody, until something changes. Stopped half-way, it goes on where it was.
    """
    held = rules_now()
    if held is None:
        return ReviewedTiers()
    on = now.astimezone(house_zone()).date()
    tiers, found = held.rules.tiers, ReviewedTiers()
    # The keys first: what is written must not move the rows under the walk.
    keys = sorted(set(to_review(on=on, rules_id=held.id)))
    for start in range(0, len(keys), BATCH):
        done = review_members(customer_ids=keys[start : start + BATCH], on=on, reason=reason, now=now)
        rises = [tiers.rank(one.to_tier) > tiers.rank(one.from_tier) for one in done.changes if one.from_tier]
        joined = sum(not one.from_tier for one in done.changes)
        found = ReviewedTiers(
            found.members + done.members,
            found.joined + joined,
            found.rose + sum(rises),
            found.fell + len(rises) - sum(rises),
        )
    return found
