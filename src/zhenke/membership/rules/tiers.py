"""Which tier the figures reach, what becomes of the tier somebody has, and what is missing to the next."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhenke.membership.rules.programme import Tier, Tiers


@dataclass(frozen=True, slots=True)
class Figures:
    """What somebody did in the window. Units: minor units net of what came back, receipts that count, points."""

    gram_minor: int = 0
    other_minor: int = 0
    receipts: int = 0
    points: int = 0
    first_date: date | None = None
    """The oldest day in the window on which something counted: it leaves the window first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The tier that somebody has, and what holds it."""

    tier: str
    since_date: date
    grace_until_date: date | None = None
    protected_until_date: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing to the next tier: money for set pieces, or by gram, receipts, or points."""

    tier: Tier
    left: int
    gram_left: int


def counted(figures: Figures, tiers: Tiers) -> int:
    """Return what counts towards a tier, in the unit of the basis.

    Units:  minor units (what was paid by gram counts one part of `gram_part`), receipts or points.
    Round:  down, once.
    Example: 30,000.00 by gram and 5,000.00 of set pieces -> 15,000.00
    """
    if tiers.basis == "frequency":
        return figures.receipts
    if tiers.basis == "points":
        return figures.points
    return (figures.gram_minor + figures.other_minor * tiers.gram_part) // tiers.gram_part


def reached(figures: Figures, tiers: Tiers) -> str:
    """Return the highest tier whose threshold the figures reach."""
    count = counted(figures, tiers)
    return [tier for tier in tiers.levels if tier.threshold <= max(count, 0)][-1].key


def window_first_date(on: date, tiers: Tiers) -> date:
    """Return the first day that counts on a day: of the last months, or of the calendar years that hold them.

    Units:  days of the shop. A rolling window of 24 months on 2026-11-22 begins on 2024-11-23; a calendar window of
            24 months begins on 1 January of the year before.
    """
    if tiers.window == "calendar":
        return date(on.year - max(-(-tiers.window_months // 12) - 1, 0), 1, 1)
    return _months_on(on, -tiers.window_months) + timedelta(days=1)


def standing_after(*, standing: Standing, to_reach: str, on: date, tiers: Tiers) -> Standing:
    """Return what somebody's tier is on a day, when her figures reach `to_reach`.

    A rise is at once, however many steps. When the figures no longer reach her tier she keeps it for the days of
    grace; if they still do not afterwards she falls one step, never more, and grace begins anew. While the tier is
    protected it does not fall, and grace does not run.

    Source: docs/rules/tiers.md, "Rising and falling".
    """
    have, want = tiers.rank(standing.tier), tiers.rank(to_reach)
    kept = replace(standing, tier=tiers.levels[have].key)
    if want > have:
        until = on + timedelta(days=tiers.protected_days) if tiers.protected_days else None
        return Standing(to_reach, on, None, _later(kept.protected_until_date, until))
    if want == have:
        return replace(kept, grace_until_date=None)
    if kept.protected_until_date is not None and on <= kept.protected_until_date:
        return replace(kept, grace_until_date=None)
    if kept.grace_until_date is None and tiers.grace_days:
        return replace(kept, grace_until_date=on + timedelta(days=tiers.grace_days))
    if kept.grace_until_date is not None and on <= kept.grace_until_date:
        return kept
    below = tiers.levels[have - 1].key
    again = on + timedelta(days=tiers.grace_days) if want < have - 1 and tiers.grace_days else None
    return Standing(below, on, again, kept.protected_until_date)


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def next_review(*, standing: Standing, figures: Figures, on: date, tiers: Tiers) -> date | None:
    """Return the first day after `on` on which time alone can change the figures or the tier; None if none does."""
    after = on + timedelta(days=1)
    days: list[date] = []
    if figures.first_date is not None:
        new_year = date(on.year + 1, 1, 1)
        leaves = _months_on(figures.first_date, tiers.window_months)
        days.append(new_year if tiers.window == "calendar" else leaves)
    if standing.grace_until_date is not None:
        days.append(standing.grace_until_date + timedelta(days=1))
    if tiers.rank(reached(figures, tiers)) < tiers.rank(standing.tier):
        protected = standing.protected_until_date
        if protected is not None and protected >= on:
            days.append(protected + timedelta(days=1))
        elif standing.grace_until_date is None:
            days.append(after)
    return min((max(day, after) for day in days), default=None)


def missing_to_next(*, tier: str, figures: Figures, tiers: Tiers) -> Missing | None:
    """Return what is missing to the tier above; None at the top. Units: as the basis, `left` >= 0.

    `gram_left` is what she would have to spend by gram instead.
    """
    place = tiers.rank(tier) + 1
    if place >= len(tiers.levels):
        return None
    above = tiers.levels[place]
    left = max(above.threshold - counted(figures, tiers), 0)
    return Missing(above, left, left * tiers.gram_part if tiers.basis == "amount" else left)


def _months_on(day: date, months: int) -> date:
    """Return the same day of another month; a day that the month lacks becomes its last."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))
