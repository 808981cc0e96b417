"""What the lines of a receipt earn, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from zhenke.membership.rules.programme import Earning, Rate


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One bought line. `paid_minor` after discounts of the line; `category` is '' when its style is not known."""

    key: int
    paid_minor: int
    is_by_gram: bool = False
    category: str = ""


@dataclass(frozen=True, slots=True)
class LinePoints:
    """What one line earns, step by step: base × rate × tier × times, cut by the cap, rounded with the whole receipt.

    `excluded` says why it earns nothing, '' when it does; `rate_of` is fixed, gram, or the category that has a rate of
    its own; `times_of` is '', birthday, or the campaign. `exact` is a fraction as text, before the rounding.
    """

    key: int
    base_minor: int
    less_minor: int
    rate: Rate
    rate_of: str
    tier: str
    tier_percent: int
    times_percent: int
    times_of: str
    excluded: str
    exact: str
    is_capped: bool
    points: int

    def to_plain(self) -> dict[str, Any]:
        """Return values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> LinePoints:
        """Return what `to_plain` gave."""
        return cls(**{**plain, "rate": Rate(**plain["rate"])})


@dataclass(frozen=True, slots=True)
class Occasion:
    """What besides the lines decides: her tier, its factor, the day, whether it is around her birthday."""

    tier: str
    tier_percent: int
    on_date: date
    is_birthday: bool = False
    is_organisation: bool = False


def points_for_sale(
    lines: Sequence[SoldLine], *, occasion: Occasion, earning: Earning, less_minor: int = 0
) -> tuple[LinePoints, ...]:
    """Return what each line of one receipt earns; the whole receipt earns their sum.

    Units:  `less_minor` is what of the receipt was paid with points or a piece traded in; it lies on the lines in
            proportion to what was paid for them. Points are whole and >= 0.
    Round:  down, once, for the whole receipt: a line has its running total less the one before it.
    Source: docs/rules/points.md, "Earning".
    Example: 1,000.00 for a set ring, gold (120 %) -> 1200; 1,000.00 of gold by gram -> 400
    """
    bases = _less(lines, less_minor)
    exact = [_line(line, base, occasion, earning) for line, base in zip(lines, bases, strict=True)]
    sums = [Fraction(one.exact) for one in exact]
    whole = sum(sums, Fraction(0))
    is_capped = bool(earning.cap_points) and whole > earning.cap_points
    if is_capped:
        sums = [one * earning.cap_points / whole for one in sums]
    running = [int(total) for total in accumulate(sums, initial=Fraction(0))]
    return tuple(
        replace(one, points=after - before, is_capped=is_capped and one.excluded == "")
        for one, (before, after) in zip(exact, pairwise(running), strict=True)
    )


def _less(lines: Sequence[SoldLine], less_minor: int) -> list[int]:
    """Return what of each line was paid with money."""
    paid = [max(line.paid_minor, 0) for line in lines]
    whole = sum(paid)
    less = min(max(less_minor, 0), whole)
    running = [total * less // whole if whole else 0 for total in accumulate(paid, initial=0)]
    return [one - (after - before) for one, (before, after) in zip(paid, pairwise(running), strict=True)]


def _line(line: SoldLine, base: int, occasion: Occasion, earning: Earning) -> LinePoints:
    own = dict(earning.by_category).get(line.category) if line.category else None
    rate_of = line.category if own else "gram" if line.is_by_gram else "fixed"
    rate = own or (earning.gram if line.is_by_gram else earning.fixed)
    times, times_of = _times(line, occasion, earning)
    excluded = _excluded(line, base, rate, occasion, earning)
    exact = Fraction(0) if excluded else rate.of(base) * occasion.tier_percent * times / 10_000
    return LinePoints(
        key=line.key,
        base_minor=base,
        less_minor=max(line.paid_minor, 0) - base,
        rate=rate,
        rate_of=rate_of,
        tier=occasion.tier,
        tier_percent=occasion.tier_percent,
        times_percent=times,
        times_of=times_of,
        excluded=excluded,
        exact=str(exact),
        is_capped=False,
        points=0,
    )


def _excluded(line: SoldLine, base: int, rate: Rate, occasion: Occasion, earning: Earning) -> str:
    if occasion.is_organisation and not earning.organisations:
        return "organisation"
    if line.category and line.category in earning.excluded_categories:
        return "category"
    if rate.points == 0:
        return "rate"
    return "nothing_paid" if base <= 0 else ""


def _times(line: SoldLine, occasion: Occasion, earning: Earning) -> tuple[int, str]:
    """Return the best of birthday and campaigns: they do not multiply each other."""
    found = [(100, "")]
    if occasion.is_birthday and earning.birthday_span != "none":
        found.append((earning.birthday_percent, "birthday"))
    found += [
        (one.percent, one.key)
        for one in earning.campaigns
        if one.first_date <= occasion.on_date <= one.last_date
        and (not one.categories or line.category in one.categories)
    ]
    return max(found, key=lambda one: one[0])
