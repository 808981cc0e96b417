"""The yardstick: what the whole crowd gave the last full regrade, so that one customer can be graded alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from zhenke.grading.rules.scheme import Scheme

_DEPTH = {"brand": 1, "region": 2, "shop": 99}
LOWEST_AMOUNT = -(2**62)


class Cut(NamedTuple):
    """The lowest (score, amount) pair of a letter; whoever has this pair or a better one has the letter."""

    score: int
    amount_minor: int


UNREACHABLE = Cut(10_001, 0)
"""The cut of a letter whose share holds nobody in a very small shop."""


@dataclass(frozen=True, slots=True)
class ClusterBounds:
    """What the buyers of one cluster of shops spend.

    `quintiles`: the highest amount of the lowest 20, 40, 60, 80 % (an amount equal to it is still inside).
    `amount`, `frequency`: the best value outside the high band, and outside the high and middle bands; more than it is
    inside. Equal people therefore fall together into the lower value band, and a band never holds more than its share.
    """

    quintiles: tuple[int, int, int, int]
    amount: tuple[int, int]
    frequency: tuple[int, int]
    buyers: int = 0

    def quintile_of(self, amount_minor: int) -> int:
        """Return 1 (lowest) to 5 for an amount in the window."""
        return 1 + sum(1 for bound in self.quintiles if amount_minor > bound)


# A fresh shop has no crowd: the middle of the trade's price bands, in yuan, until the first full regrade.
_FRESH = ClusterBounds(quintiles=(100_000, 300_000, 800_000, 2_000_000), amount=(2_000_000, 500_000), frequency=(2, 1))
_FRESH_CUTS = (Cut(7500, 0), Cut(5500, 0), Cut(3500, 0), Cut(2000, 0))


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Bounds per cluster of shops (key: path prefix; '' = the whole house), cuts of A–D, dimensions that nobody has.

    A `silent` dimension (nobody in the house was referred, say) is absent for everybody until the next full regrade: it
    would only push all scores down alike.
    """

    clusters: Mapping[str, ClusterBounds] = field(default_factory=lambda: {"": _FRESH})
    cuts: tuple[Cut, Cut, Cut, Cut] = _FRESH_CUTS
    silent: frozenset[str] = frozenset()
    buyers: int = 0

    def bounds_for(self, cluster: str) -> ClusterBounds:
        """Return the bounds of the cluster, or of the nearest larger one that had enough buyers."""
        parts = [part for part in cluster.split("/") if part]
        for depth in range(len(parts), -1, -1):
            key = "".join(f"{part}/" for part in parts[:depth])
            if key in self.clusters:
                return self.clusters[key]
        return _FRESH

    def to_plain(self) -> dict[str, object]:
        """Return the yardstick as values that JSON can hold."""
        clusters = {
            key: [list(bounds.quintiles), list(bounds.amount), list(bounds.frequency), bounds.buyers]
            for key, bounds in self.clusters.items()
        }
        return {
            "clusters": clusters,
            "cuts": [list(cut) for cut in self.cuts],
            "silent": sorted(self.silent),
            "buyers": self.buyers,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the yardstick that `to_plain` wrote."""
        clusters = {
            key: ClusterBounds(tuple(quintiles), tuple(amount), tuple(frequency), buyers)
            for key, (quintiles, amount, frequency, buyers) in plain["clusters"].items()
        }
        a, b, c, d = (Cut(score, amount) for score, amount in plain["cuts"])
        return cls(clusters, (a, b, c, d), frozenset(plain["silent"]), plain["buyers"])


def starting_yardstick(scheme: Scheme) -> Yardstick:
    """Return the yardstick of a house that was never regraded: fixed bounds, the scheme's own scores if it has some."""
    if scheme.pyramid.method == "score":
        return Yardstick(cuts=cuts_by_score(scheme))
    return Yardstick()


def cuts_by_score(scheme: Scheme) -> tuple[Cut, Cut, Cut, Cut]:
    """Return the cuts of a scheme that grades by fixed scores; the amount plays no part."""
    a, b, c, d = scheme.pyramid.scores
    return (
        Cut(a, LOWEST_AMOUNT),
        Cut(b, LOWEST_AMOUNT),
        Cut(c, LOWEST_AMOUNT),
        Cut(d, LOWEST_AMOUNT),
    )


def cluster_of(path: str, level: str) -> str:
    """Return the cluster key of a shop: its path cut to the brand, the region, or left whole.

    Example: "1/20/300/", "region" -> "1/20/"
    """
    parts = [part for part in path.split("/") if part]
    return "".join(f"{part}/" for part in parts[: _DEPTH[level]])


def share_ranks(buyers: int, shares: tuple[int, ...]) -> tuple[int, ...]:
    """Return the rank (1 = best) of the last person of A, B, C, D; 0 when the letter's share holds nobody.

    Round:   half up, on the cumulated share, so that the letters together hold everybody.
    Example: 2377 buyers, 5/15/30/30/20 -> 119, 475, 1189, 1902
    """
    ranks, cumulated = [], 0
    for share in shares[:4]:
        cumulated += share
        ranks.append((buyers * cumulated * 2 + 100) // 200)
    return tuple(ranks)


def quintile_rank(buyers: int, fifth: int) -> int:
    """Return the rank (1 = smallest amount) whose amount bounds the lowest `fifth` fifths; rounded up."""
    return (buyers * fifth + 4) // 5


def first_outside_rank(buyers: int, share: int) -> int:
    """Return the rank (1 = smallest) of the best person outside the top `share` per cent."""
    return buyers - buyers * share // 100
