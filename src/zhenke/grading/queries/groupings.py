"""Groupings by what customers have bought and how they are graded: new, old, prospective; key, general, scattered."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.grading.queries.grades import grades_within
from zhenke.staff.models import Viewer

# Prospective: never bought. New: one purchase. Old: came back.
STANDINGS: dict[str, Q] = {
    "prospective": Q(lifetime_frequency=0),
    "new": Q(lifetime_frequency=1),
    "old": Q(lifetime_frequency__gte=2),
}
# By the letter after any grade by hand.
RANKS: dict[str, Q] = {
    "key": Q(letter__in=("A", "B")),
    "general": Q(letter__in=("C", "D")),
    "scattered": Q(letter__in=("E", "")),
}
BOUGHT = Q(lifetime_frequency__gte=1)


def any_of(groups: dict[str, Q], codes: Iterable[str]) -> Q:
    """Return the filter on grades "in one of these groups". Errors: KeyError for a group that there is not."""
    kept = Q()
    for code in codes:
        kept |= groups[code]
    return kept


def standing_counts(*, viewer: Viewer) -> dict[str, dict[str, int]]:
    """Return how many graded customers in sight are prospective, new, old; key, general, scattered; have bought.

    Shape:  {"standing": …, "rank": …, "deals": {"past": …}}; one SQL statement over `grade_lifetime`'s table.
    Sees:   as `grades_within`; who may see only crowds gets 0 for fewer than ten.
    """
    parts = {
        **{f"standing_{code}": Count("pk", filter=kept) for code, kept in STANDINGS.items()},
        **{f"rank_{code}": Count("pk", filter=kept) for code, kept in RANKS.items()},
        "deals_past": Count("pk", filter=BOUGHT),
    }
    counted = grades_within(viewer=viewer).order_by().aggregate(**parts)
    told: dict[str, dict[str, int]] = {}
    for name, n in counted.items():
        group, _, code = name.partition("_")
        told.setdefault(group, {})[code] = crowd(n) if sight_of(viewer.role).only_crowds else n
    return told
