"""How well the shop knows its customers, in two shares: how much is filled, and how much of that is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhenke.customers.rules.claims import COLUMNS as CLAIMED
from zhenke.customers.rules.claims import DAY, TRAIT
from zhenke.customers.rules.freshness import COLUMNS, DATES, TRAITS, FieldRule

Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of one group of people: for each field of how many it is asked, known, and right.

    Right is a known field that was confirmed within the time of its rule and of which no two sources differ.
    """

    people: int
    fields: Mapping[str, Counts] = field(default_factory=dict)

    def __add__(self, other: Count) -> Count:
        """Return both groups as one."""
        none = (0, 0, 0)
        summed = {}
        for name in {**self.fields, **other.fields}:
            ours, theirs = self.fields.get(name, none), other.fields.get(name, none)
            summed[name] = (ours[0] + theirs[0], ours[1] + theirs[1], ours[2] + theirs[2])
        return Count(self.people + other.people, summed)


def weighted(count: Count, rules: Iterable[FieldRule]) -> Counts:
    """Return how much was asked, is known and is right, each field as heavy as its rule says.

    Units:  sums of weights, whole numbers.
    """
    weights = {rule.field: rule.weight for rule in rules}
    parts = [[weights.get(name, 1) * one for one in counts] for name, counts in count.fields.items()]
    asked, filled, accurate = (sum(part[place] for part in parts) for place in range(3))
    return asked, filled, accurate


def share(part: int, whole: int) -> int | None:
    """Return a share in whole per cent, None of nothing.

    Round:  half to even, once; what is not all of it is never 100.
    Example: 2 of 3 -> 67; 999 of 1,000 -> 99
    """
    if whole <= 0:
        return None
    return 100 if part == whole else min(99, round(part * 100 / whole))


def claim_fields(name: str) -> tuple[str, ...]:
    """Return the names under which claims of a field of the rules stand; contacts have none.

    Example: "ring_size" -> "trait:ring_size", "trait:ring_size_hk" …
    """
    if name in DATES:
        return (f"{DAY}{name}",)
    if name in TRAITS:
        return tuple(f"{TRAIT}{key}" for key in TRAITS[name])
    return (name,) if name in COLUMNS and name in CLAIMED else ()
