"""How many points a sale may take instead of money, and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhenke.basics.errors import RuleBroken
from zhenke.membership.rules.earning import SoldLine
from zhenke.membership.rules.programme import Spending


class PointsTooMany(RuleBroken):
    """More points than a bill may take. Facts: `wanted`, `most`."""

    code = "points_too_many"
    message = "This bill may take {most} points, not {wanted}."


class HoldOver(RuleBroken):
    """This hold is over: called off, ended, or its sale is written down."""

    code = "hold_over"
    message = "These points are no longer held."


@dataclass(frozen=True, slots=True)
class LineShare:
    """What points may pay of one line, in minor units; `excluded` says why nothing: "by_gram", "nothing_paid", ""."""

    key: int
    paid_minor: int
    most_minor: Fraction
    excluded: str


def payable_lines(lines: Sequence[SoldLine], *, spending: Spending) -> tuple[LineShare, ...]:
    """Return what points may pay of each line, not rounded.

    Source: docs/rules/points.md, "Spending".
    """
    found = []
    for line in lines:
        excluded = (
            "by_gram" if line.is_by_gram and not spending.by_gram else "" if line.paid_minor > 0 else "nothing_paid"
        )
        share = Fraction(0) if excluded else Fraction(line.paid_minor * spending.most_percent, 100)
        found.append(LineShare(line.key, line.paid_minor, share, excluded))
    return tuple(found)


def most_points(lines: Sequence[SoldLine], *, spending: Spending, value_points: int) -> int:
    """Return how many points a bill may take, whoever pays.

    Units:  `value_points` are worth one whole unit of 100 minor units.
    Round:  down, once, for the bill.
    Example: a ring of 1,000.00 and 2,000.00 of gold by gram, 10 %, 100 points a yuan -> 10,000 points (100.00)
    """
    whole = sum((one.most_minor for one in payable_lines(lines, spending=spending)), Fraction(0))
    return int(whole * value_points / 100)


def worth_minor(points: int, *, value_points: int) -> int:
    """Return what points are worth in minor units; down. Example: 250 points of 100 a yuan -> 250 fen."""
    return points * 100 // value_points


def points_due_back(*, spent: int, already: int, share_back: Fraction) -> int:
    """Return how many spent points come back now that a share of the bill is back; the last piece brings the rest.

    Round:  down, on the running total.
    Example: 1,000 spent, none back, a third -> 333; then all of it -> 667
    """
    return max(0, int(spent * min(share_back, Fraction(1))) - already)
