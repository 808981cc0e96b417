"""What one line of a receipt costs, by gram (weight × board + making) or at a fixed price, and what is taken off."""

from __future__ import annotations

from datetime import date
from random import Random

from .catalogue import METALS, making_charge
from .dice import Weighted, happens
from .gold import board_price
from .rows import SaleLineRow, StyleRow

_METAL_COST_PERCENT = 95
# Percent that the customer pays of a fixed price, by stone or metal.
_PAID_PERCENT = {
    "diamond": Weighted(((95, 20), (92, 20), (90, 30), (88, 18), (85, 12))),
    "jadeite": Weighted(((92, 14), (88, 30), (85, 34), (80, 22))),
    "nephrite": Weighted(((92, 20), (88, 40), (85, 40))),
    "": Weighted(((100, 46), (98, 14), (95, 26), (90, 14))),
}
_OFF_PER_GRAM_YUAN = Weighted(((0, 34), (10, 16), (15, 12), (20, 18), (30, 14), (40, 6)))
_MAKING_PERCENT = Weighted(((100, 46), (90, 22), (80, 20), (70, 12)))
_STONES_WITH_PAPERS = ("diamond", "ruby", "sapphire", "jadeite", "nephrite")
_SCATTER = 61_803_399
_SERIALS = 100_000_000


def sale_line(
    rng: Random,
    style: StyleRow,
    day: date,
    *,
    line_no: int,
    quantity: int,
    recipient: str,
    ring_hk: int | None,
    key: int,
) -> SaleLineRow:
    """Return one line of a receipt.

    Units: money in fen; every discount leaves whole yuan to pay. `key` is unlike for every line and makes the serial.
    """
    if style.price_mode == "gram":
        weight, board, making, tag, off, cost = _by_gram(rng, style, day, quantity)
    else:
        weight, board, making, tag, off, cost = _fixed(rng, style, quantity)
    paid = (tag - off) // 100 * 100
    is_single = quantity == 1 and style.category != "bar" and style.metal != "ag925"
    has_papers = style.stone in _STONES_WITH_PAPERS and paid > 1_500_00
    return SaleLineRow(
        line_no=line_no,
        style_no=style.style_no,
        quantity=quantity,
        weight_mg=weight,
        board_minor_per_gram=board,
        making_minor=making,
        tag_minor=tag,
        discount_minor=tag - paid,
        paid_minor=paid,
        cost_minor=cost,
        is_gift=bool(recipient),
        recipient=recipient,
        ring_size_hk=ring_hk if style.category == "ring" else None,
        serial=f"{style.style_no}-{scattered(key)}" if is_single else "",
        certificate=f"NGTC{rng.randrange(10**9, 10**10)}" if has_papers else "",
    )


def scattered(key: int) -> str:
    """Return eight digits that are unlike for every key below a hundred million and do not look like a count."""
    return f"{key * _SCATTER % _SERIALS:08d}"


def _by_gram(rng: Random, style: StyleRow, day: date, quantity: int) -> tuple[int, int, int, int, int, int]:
    """Return weight, board, making, tag, discount and cost of pieces that are weighed."""
    each = style.weight_mg
    if style.category != "bar":
        each = each * rng.randrange(945, 1056) // 1000 // 10 * 10
    weight = each * quantity
    board = board_price(METALS[style.metal][1], day)
    making = making_charge(style, each) * quantity
    tag = weight * board // 1000 + making
    off = making * (100 - _MAKING_PERCENT.draw(rng)) // 100
    if style.category not in ("bar", "lock") and style.metal.startswith("gold"):
        off += weight * _OFF_PER_GRAM_YUAN.draw(rng) // 10
    cost = weight * board // 1000 * _METAL_COST_PERCENT // 100 + making * 45 // 100
    return weight, board, making, tag, off, cost


def _fixed(rng: Random, style: StyleRow, quantity: int) -> tuple[int, int, int, int, int, int]:
    tag = style.tag_minor * quantity
    percent = _PAID_PERCENT.get(style.stone, _PAID_PERCENT[""]).draw(rng)
    if happens(rng, 20):
        percent = min(100, percent + 3)
    return style.weight_mg * quantity, 0, 0, tag, tag * (100 - percent) // 100, style.cost_minor * quantity
