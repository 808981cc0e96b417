"""Slips: a receipt and a return on their way in, as tills and people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.rules.drafts import BuyerSlip


@dataclass(frozen=True)
class LineSlip:
    """One line of a receipt as the till writes it; `category` … `price_mode` describe a style that is not known yet."""

    amount_minor: int
    quantity: int = 1
    style_no: str = ""
    description: str = ""
    weight_mg: int | None = None
    tag_minor: int | None = None
    cost_minor: int | None = None
    coupon_minor: int = 0
    """What a coupon took off it already."""
    is_gift: bool = False
    gift_for: int | None = None
    """Whom the piece is for: the key of a customer in sight of whoever records it; None = as the receipt says."""
    secret_until_date: date | None = None
    """The day of the shop before which the recipient's archive knows nothing of it."""
    line_key: str = ""
    """What tells this line from the others; empty = its position, counted from 1."""
    style_name: str = ""
    category: str = ""
    metal: str = ""
    stone: str = ""
    price_mode: str = "fixed"


@dataclass(frozen=True)
class SaleSlip:
    """One receipt on its way in. `shop` is a shop code, `advisor` a user name; empty = those of whoever records it."""

    source_key: str
    sold_at: datetime
    lines: tuple[LineSlip, ...]
    shop: str = ""
    advisor: str = ""
    buyer: BuyerSlip | None = None
    number: str = ""
    currency: str = ""
    """Empty = the shop's own."""
    total_minor: int | None = None
    """What the till says was paid; refused when the lines do not add up to it. None = not said."""
    is_gift: bool = False
    gift_for: int | None = None
    """Whom every line is for that names nobody itself."""
    secret_until_date: date | None = None
    """None with a recipient = until her next occasion, see `customers.rules.surprise.secret_until`."""
    note: str = ""
    coupon: int | None = None
    """The buyer's coupon that is taken off: the lines are what was asked for, before it."""
    spend_points: int = 0
    """Points that pay a part of it: the lines are what was asked for, before points."""
    may_add_styles: bool = False
    """True lets an unknown style number become a bare style (tills); False refuses it (people)."""


@dataclass(frozen=True)
class ReturnLine:
    """What comes back of one bought line; no quantity means all that is left, no amount its share of what was paid."""

    line_key: str
    quantity: int | None = None
    amount_minor: int | None = None
    """Paid back for these pieces, 0 or more; less than paid when a fee is kept."""


@dataclass(frozen=True)
class ReturnSlip:
    """Pieces that come back, of one sale; with `new_lines` it is an exchange."""

    source_key: str
    sold_at: datetime
    sale: int | str
    """The sale that the pieces were bought in: its key (int) or its own `source_key` (text)."""
    lines: tuple[ReturnLine, ...]
    new_lines: tuple[LineSlip, ...] = ()
    shop: str = ""
    advisor: str = ""
    number: str = ""
    note: str = ""
    may_add_styles: bool = False


def style_drafts(lines: Iterable[LineSlip], *, currency: str) -> list[StyleDraft]:
    """Return a bare style for every style number on the lines, as far as the lines describe it."""
    return [
        StyleDraft(
            style_no=line.style_no,
            name=line.style_name,
            category=line.category,
            metal=line.metal,
            stone=line.stone,
            price_mode=line.price_mode,
            currency=currency,
        )
        for line in lines
        if line.style_no
    ]
