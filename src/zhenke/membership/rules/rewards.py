"""What a reward costs a member on a day, why she may not have it, and which ones to tell her of, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhenke.basics.errors import BadInput

KINDS = ("goods", "service", "coupon", "voucher")
MOST_RECOMMENDED = 3
MOST_POINTS, MOST_COST_MINOR, MOST_STOCK = 100_000_000, 10**12, 1_000_000
NEARLY = 20
"""A reward is nearly hers when so many per cent of its points are missing, or fewer."""

Refused = Literal["", "ended", "not_yet", "over", "sold_out", "tier", "had", "points"]
Because = Literal["piece", "taste", "ending", "offer", "tier", "nearly"]


class RewardWrong(BadInput):
    """A reward that cannot be: `field` names what is wrong, `problem` is a code."""

    code = "reward_wrong"
    message = "The reward is wrong at {field}: {problem}."


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """Days on which a reward costs fewer points; no tier means every one."""

    key: int
    points: int
    first_date: date
    last_date: date
    tiers: tuple[str, ...] = ()

    def holds(self, *, tier: str, on: date) -> bool:
        """Return whether it holds for a tier on a day."""
        return self.first_date <= on <= self.last_date and (not self.tiers or tier in self.tiers)


@dataclass(frozen=True, slots=True)
class RewardTerms:
    """One reward as rules read it. `left` is None where there is no end of it."""

    key: int
    points: int
    first_date: date
    last_date: date | None = None
    tiers: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()
    per_person: int = 0
    left: int | None = None
    is_ended: bool = False
    offers: tuple[OfferTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What a reward costs: `offer` is the campaign that makes it cheaper, with its last day."""

    points: int
    offer: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """What is known of the member who would take one: her tier, her points, what she owns and likes.

    `owned` counts her pieces by category, metal and stone; `likes` are words of her taste; `had` counts the rewards she
    took, by key; `ending` are points that end soon.
    """

    tier: str
    spendable: int
    ending: int = 0
    owned: Mapping[str, int] = field(default_factory=dict)
    likes: Collection[str] = ()
    had: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recommended:
    """One reward to tell her of. `word` is the category or taste it goes with, `count` of pieces or points."""

    key: int
    because: Because
    word: str = ""
    count: int = 0


def price_on(reward: RewardTerms, *, tier: str, on: date) -> Price:
    """Return what a reward costs a tier on a day: the lowest of its price and the campaigns that hold.

    Source: docs/rules/rewards.md, "Price".
    """
    holding = [one for one in reward.offers if one.holds(tier=tier, on=on) and one.points < reward.points]
    best = min(holding, key=lambda one: (one.points, one.key), default=None)
    return Price(reward.points) if best is None else Price(best.points, best.key, best.last_date)


def why_refused(reward: RewardTerms, *, taker: Taker, on: date) -> Refused:
    """Return why she may not have a reward on a day, "" when she may: the first reason that holds.

    Source: docs/rules/rewards.md, "Who may".
    """
    if reward.is_ended:
        return "ended"
    if on < reward.first_date:
        return "not_yet"
    if reward.last_date is not None and on > reward.last_date:
        return "over"
    if reward.left is not None and reward.left <= 0:
        return "sold_out"
    if reward.tiers and taker.tier not in reward.tiers:
        return "tier"
    if reward.per_person and taker.had.get(reward.key, 0) >= reward.per_person:
        return "had"
    return "" if price_on(reward, tier=taker.tier, on=on).points <= taker.spendable else "points"


def recommended(
    rewards: Iterable[RewardTerms], *, taker: Taker, on: date, most: int = MOST_RECOMMENDED
) -> tuple[Recommended, ...]:
    """Return the rewards to tell a member of, the best reason first, each with the one reason that is strongest.

    In this order: it goes with a piece she owns; with what she likes; her points end soon and pay it; it is cheaper
    just now; it is for her tier alone; she is nearly there. What she had before comes after what she never had.

    Source: docs/rules/rewards.md, "Recommended".
    """
    found = []
    for reward in rewards:
        refused = why_refused(reward, taker=taker, on=on)
        one = _because(reward, taker, on) if refused == "" else _nearly(reward, taker, on, refused)
        if one is not None:
            found.append((taker.had.get(reward.key, 0) > 0, _ORDER.index(one.because), -one.count, reward.key, one))
    return tuple(row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most])


_ORDER: tuple[Because, ...] = ("piece", "taste", "ending", "offer", "tier", "nearly")


def _because(reward: RewardTerms, taker: Taker, on: date) -> Recommended | None:
    owned = max(((taker.owned.get(word, 0), word) for word in reward.goes_with), default=(0, ""))
    if owned[0]:
        return Recommended(reward.key, "piece", owned[1], owned[0])
    liked = next((word for word in reward.goes_with if word in taker.likes), "")
    if liked:
        return Recommended(reward.key, "taste", liked)
    price = price_on(reward, tier=taker.tier, on=on)
    if price.points <= taker.ending:
        return Recommended(reward.key, "ending", count=taker.ending)
    if price.offer is not None:
        return Recommended(reward.key, "offer", count=reward.points - price.points)
    return Recommended(reward.key, "tier") if reward.tiers else None


def _nearly(reward: RewardTerms, taker: Taker, on: date, refused: Refused) -> Recommended | None:
    if refused != "points":
        return None
    price = price_on(reward, tier=taker.tier, on=on).points
    missing = price - taker.spendable
    return Recommended(reward.key, "nearly", count=missing) if missing * 100 <= price * NEARLY else None


@dataclass(frozen=True, slots=True)
class RewardDraft:
    """A reward as somebody would have it. Units: whole points, minor units, days of the shop."""

    kind: str
    name: str
    name_zh: str
    points: int
    cost_minor: int
    first_date: date
    last_date: date | None = None
    stock: int | None = None
    tiers: Sequence[str] = ()
    goes_with: Sequence[str] = ()
    per_person: int = 0
    hold_days: int = 14
    note: str = ""
    note_zh: str = ""


def check_draft(draft: RewardDraft, *, tiers: Collection[str]) -> None:
    """Refuse a reward that cannot be. `tiers` are the keys that the programme has.

    Errors: RewardWrong naming the first field that is wrong.
    """
    last, stock = draft.last_date, draft.stock
    checks = (
        ("kind", draft.kind in KINDS, "unknown"),
        ("name", bool(draft.name.strip()), "empty"),
        ("name_zh", bool(draft.name_zh.strip()), "empty"),
        ("points", 1 <= draft.points <= MOST_POINTS, "out_of_bounds"),
        ("cost_minor", 0 <= draft.cost_minor <= MOST_COST_MINOR, "out_of_bounds"),
        ("stock", stock is None or 0 <= stock <= MOST_STOCK, "out_of_bounds"),
        ("last_date", last is None or last >= draft.first_date, "before_first"),
        ("tiers", set(draft.tiers) <= set(tiers), "unknown"),
        ("goes_with", len(draft.goes_with) <= 12 and all(len(word) <= 40 for word in draft.goes_with), "too_many"),
        ("per_person", 0 <= draft.per_person <= 1_000, "out_of_bounds"),
        ("hold_days", 1 <= draft.hold_days <= 366, "out_of_bounds"),
    )
    for name, is_right, problem in checks:
        if not is_right:
            raise RewardWrong(field=name, problem=problem)
