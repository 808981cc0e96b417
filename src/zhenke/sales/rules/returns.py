"""How much of a bought line comes back, in pieces, money, cost and weight."""

from __future__ import annotations

from dataclasses import dataclass

from zhenke.sales.rules.checks import AlreadyReturned, RefundTooHigh
from zhenke.sales.rules.slips import ReturnLine


@dataclass(frozen=True)
class Portion:
    """Pieces of one line with what belongs to them; all 0 or more. None = not known for the whole line."""

    quantity: int
    amount_minor: int
    cost_minor: int | None = None
    weight_mg: int | None = None
    tag_minor: int | None = None


def portion_back(*, bought: Portion, already: Portion, wanted: ReturnLine) -> Portion:
    """Return what comes back now, of a line of which `already` came back before.

    Units:  pieces, minor units, milligrams, all for the portion; `already` needs quantity and amount only.
    Round:  down at each running total, so that the portions of a line add up to the line exactly.
    Errors: AlreadyReturned if fewer pieces are still out than wanted (also when none is); RefundTooHigh if the amount
            asked is more than was paid and is still kept.
    Example: 3 pieces for 1,000: one by one they give 333, 333, 334
    """
    left = bought.quantity - already.quantity
    quantity = left if wanted.quantity is None else wanted.quantity
    if left <= 0 or quantity > left:
        raise AlreadyReturned(line=wanted.line_key, left=max(left, 0), wanted=quantity)
    before, after = already.quantity, already.quantity + quantity

    def share(total: int) -> int:
        return total * after // bought.quantity - total * before // bought.quantity

    kept = bought.amount_minor - already.amount_minor
    amount = min(share(bought.amount_minor), kept) if wanted.amount_minor is None else wanted.amount_minor
    if amount > kept:
        raise RefundTooHigh(line=wanted.line_key, left_minor=kept, wanted_minor=amount)
    return Portion(
        quantity=quantity,
        amount_minor=amount,
        cost_minor=None if bought.cost_minor is None else share(bought.cost_minor),
        weight_mg=None if bought.weight_mg is None else share(bought.weight_mg),
        tag_minor=None if bought.tag_minor is None else share(bought.tag_minor),
    )
