"""What one customer's lines add up to: the glance above the purchase list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NetLine:
    """One bought line after all that came back of it; `counts` is False when nothing is left or it never was a sale."""

    sale_id: int
    sold_date: date
    quantity: int
    amount_minor: int
    weight_mg: int
    is_gift: bool
    counts: bool
    category: str = ""
    metal: str = ""
    stone: str = ""


@dataclass(frozen=True, slots=True)
class TotalsGroup:
    """One code and what was bought of it; the empty code stands for "not known"."""

    code: str
    pieces: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over lines. Units: receipts that count, pieces, minor units, milligrams (of lines that were weighed)."""

    purchases: int
    pieces: int
    amount_minor: int
    gift_minor: int
    weight_mg: int
    first_date: date | None
    last_date: date | None
    by_category: tuple[TotalsGroup, ...]
    by_metal: tuple[TotalsGroup, ...]
    by_stone: tuple[TotalsGroup, ...]


def totals_over(lines: Iterable[NetLine]) -> Totals:
    """Return the sums of some net lines; groups by amount, the largest first.

    Units:  as `Totals`. A receipt is a purchase when at least one of these lines counts.
    """
    lines = tuple(lines)
    days = [line.sold_date for line in lines if line.counts]
    return Totals(
        purchases=len({line.sale_id for line in lines if line.counts}),
        pieces=sum(line.quantity for line in lines),
        amount_minor=sum(line.amount_minor for line in lines),
        gift_minor=sum(line.amount_minor for line in lines if line.is_gift),
        weight_mg=sum(line.weight_mg for line in lines),
        first_date=min(days, default=None),
        last_date=max(days, default=None),
        by_category=_groups(lines, lambda line: line.category),
        by_metal=_groups(lines, lambda line: line.metal),
        by_stone=_groups(lines, lambda line: line.stone),
    )


def _groups(lines: tuple[NetLine, ...], code_of: Callable[[NetLine], str]) -> tuple[TotalsGroup, ...]:
    sums: dict[str, list[int]] = {}
    for line in lines:
        group = sums.setdefault(code_of(line), [0, 0])
        group[0] += line.quantity
        group[1] += line.amount_minor
    groups = [TotalsGroup(code, pieces, amount) for code, (pieces, amount) in sums.items() if pieces or amount]
    return tuple(sorted(groups, key=lambda group: (-group.amount_minor, group.code)))
