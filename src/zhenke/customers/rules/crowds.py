"""Figures for those who may see only crowds: of fewer than ten people nothing, of more the amount in round figures."""

from __future__ import annotations

LEAST = 10
_FIGURES = 2


def crowd(people: int) -> int:
    """Return a count of people, 0 where there are fewer than ten.

    Source: promises.md §3.3, "counts below 10".
    """
    return people if people >= LEAST else 0


def rounded_minor(amount_minor: int) -> int:
    """Return an amount with two telling figures, so that the difference of two sums tells nobody's purchase.

    Units:  minor units.
    Round:  half to even, once.
    Example: 123_456_00 -> 120_000_00
    """
    digits = len(str(abs(amount_minor)))
    return round(amount_minor, _FIGURES - digits) if digits > _FIGURES else amount_minor
