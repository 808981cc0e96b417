"""What receipts of the past would have earned by some rules: whole numbers only, a receipt at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import lcm

from zhenke.membership.rules.programme import Earning, Rate


@dataclass(frozen=True, slots=True)
class PastLine:
    """One bought line of the past. Units: minor units, net of what came back."""

    net_minor: int
    is_by_gram: bool
    category: str
    on_date: date


@dataclass
class Earner:
    """Works out receipts by one version's rules as `earning.points_for_sale` does, but for birthdays and tiers' past.

    What a line gives is kept by its kind: fixed, gram, or a category with a rate of its own.
    """

    earning: Earning
    parts: int = 1
    rates: dict[str, Rate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rates = dict(self.earning.by_category)
        every = (self.earning.fixed, self.earning.gram, *self.rates.values())
        self.parts = lcm(*(rate.per_minor for rate in every)) * 10_000

    def receipt(self, lines: list[PastLine], *, tier_percent: int) -> dict[str, int]:
        """Return the points of one receipt by kind; their sum is what the receipt earns, rounded down once."""
        exact: dict[str, int] = {}
        for line in lines:
            kind = self.kind_of(line)
            exact[kind] = exact.get(kind, 0) + self._exact(line, kind, tier_percent)
        whole, cap = sum(exact.values()), self.earning.cap_points * self.parts
        if cap and whole > cap:
            exact = {kind: points * cap // whole for kind, points in exact.items()}
        told, running = {}, 0
        for kind, points in exact.items():
            told[kind] = (running + points) // self.parts - running // self.parts
            running += points
        return told

    def kind_of(self, line: PastLine) -> str:
        """Return which rate a line has."""
        if line.category in self.rates:
            return line.category
        return "gram" if line.is_by_gram else "fixed"

    def _exact(self, line: PastLine, kind: str, tier_percent: int) -> int:
        if line.category and line.category in self.earning.excluded_categories:
            return 0
        rate = self.rates.get(kind) or (self.earning.gram if line.is_by_gram else self.earning.fixed)
        times = max(
            (
                one.percent
                for one in self.earning.campaigns
                if one.first_date <= line.on_date <= one.last_date
                and (not one.categories or line.category in one.categories)
            ),
            default=100,
        )
        base = max(line.net_minor, 0)
        return base * rate.points * tier_percent * max(times, 100) * (self.parts // 10_000 // rate.per_minor)
