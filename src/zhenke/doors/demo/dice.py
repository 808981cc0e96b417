"""Chance that repeats: every thing draws from its own generator, named by the seed and by what it is.

Two habits keep the rows the same on every machine. A generator is named by the thing it makes, so one more customer
does not change the others. And chance uses only whole numbers, sums, products, quotients and comparisons: no logarithm
or exponential, whose last digit may differ between machines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def dice(seed: int, *names: str | int) -> Random:
    """Return the generator of one named thing, always the same for the same seed and names."""
    return Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - a demo, nothing secret


def happens(rng: Random, percent: float) -> bool:
    """Return True in about `percent` of a hundred cases."""
    return rng.random() * 100 < percent


class Weighted(Generic[T]):
    """A fixed choice with whole-number weights."""

    def __init__(self, pairs: Iterable[tuple[T, int]]) -> None:
        kept = [(value, weight) for value, weight in pairs if weight > 0]
        self.values = tuple(value for value, _ in kept)
        self._ends = tuple(accumulate(weight for _, weight in kept))

    def draw(self, rng: Random) -> T:
        """Return one value, each as often as its weight says."""
        return self.values[bisect_right(self._ends, rng.randrange(self._ends[-1]))]
