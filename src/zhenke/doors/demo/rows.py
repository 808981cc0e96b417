"""The plain rows of the demo shop. Money is whole fen of CNY, weights whole milligrams, instants carry their zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One interval of one weekday (Monday is 1); times as "10:00"."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A node of the tree: kind is "brand", "region" or "shop"; only shops have hours and an address."""

    code: str
    kind: str
    parent_code: str
    name: str
    name_en: str
    zone: str
    city: str = ""
    address: str = ""
    hours: tuple[OpeningHours, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff; `place_code` is the node whose people she works for (the brand, a region or a shop)."""

    username: str
    name: str
    name_en: str
    role: str
    place_code: str
    language: str
    joined: date
    is_demo_login: bool = False


@dataclass(frozen=True, slots=True)
class StyleRow:
    """One style.

    Units: purity in ‰; stone in thousandths of a carat; weight in mg (whole piece); money in fen.
    A style by gram has `tag_minor` 0 and carries its making charge per gram or per piece; a style at a fixed price has
    the tag. `cost_minor` is what one piece costs the shop: everything for a fixed price, the workmanship only by gram.
    """

    style_no: str
    name: str
    name_en: str
    category: str
    metal: str
    purity_permille: int
    stone: str
    stone_millicarats: int
    price_mode: str
    weight_mg: int
    tag_minor: int
    making_per_gram_minor: int
    making_per_piece_minor: int
    cost_minor: int
    motif: str
    series: str
    wearer: str
    occasions: tuple[str, ...]
    popularity: int


@dataclass(frozen=True, slots=True)
class MetalPriceRow:
    """The board price of one metal on one day, in fen per gram."""

    metal: str
    day: date
    minor_per_gram: int


@dataclass(frozen=True, slots=True)
class DateRow:
    """A day that comes back each year.

    `calendar` is "solar" or "lunar"; `year` is None when she did not tell it; `is_leap_month` only for lunar days.
    `whose` is "self", "spouse", "child", "mother" or "both".
    """

    kind: str
    whose: str
    calendar: str
    year: int | None
    month: int
    day: int
    is_leap_month: bool = False


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One thing known about a person, such as ("metal", "gold_heritage") or ("ring_size_hk", "13")."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A tie to another customer: kind is "spouse", "parent" or "contact"."""

    kind: str
    customer_no: str


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """The person to speak to at a company or partner."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer, person or company, as the archive of the shop knows her.

    `kind` is "person", "company" or "partner"; `gender` is "f", "m" or ""; `prospect_stage` is "" for buyers, else
    "A" (ready) … "E" (name only). `channels` are those she allowed for news; service messages need none.
    """

    customer_no: str
    kind: str
    name: str
    salutation: str
    gender: str
    language: str
    phones: tuple[str, ...]
    wechat_id: str
    email: str
    region: str
    address: str
    source: str
    shop_code: str
    advisor: str
    cover_advisor: str
    referrer_no: str
    known_since: date
    prospect_stage: str
    dates: tuple[DateRow, ...]
    traits: tuple[TraitRow, ...]
    tags: tuple[str, ...]
    channels: tuple[str, ...]
    do_not_gift: str
    allergy: str
    remark: str
    links: tuple[LinkRow, ...] = ()
    contact: ContactPerson | None = None


@dataclass(frozen=True, slots=True)
class SaleLineRow:
    """One line of a receipt; amounts are for all pieces of the line and paid = tag − discount.

    By gram: tag = weight × board + making. At a fixed price: board and making are 0.
    """

    line_no: int
    style_no: str
    quantity: int
    weight_mg: int
    board_minor_per_gram: int
    making_minor: int
    tag_minor: int
    discount_minor: int
    paid_minor: int
    cost_minor: int
    is_gift: bool
    recipient: str
    ring_size_hk: int | None
    serial: str
    certificate: str


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One receipt. `exchange_for` is the receipt that was brought back, or ""."""

    receipt_no: str
    customer_no: str
    shop_code: str
    advisor: str
    sold_at: datetime
    occasion: str
    payment: str
    currency: str
    paid_minor: int
    lines: tuple[SaleLineRow, ...]
    exchange_for: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """Pieces that came back. `kind` is "return" (money back) or "exchange" (`replaced_by` names the new receipt)."""

    return_no: str
    kind: str
    receipt_no: str
    line_no: int
    quantity: int
    customer_no: str
    shop_code: str
    taken_by: str
    returned_at: datetime
    refund_minor: int
    reason: str
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One contact, written down by the advisor.

    `kind` is "visit", "call", "wechat", "note", "service", "complaint" or "satisfaction". `score` is 1…5 where she
    gave one. `next_date` with `promise` is what the advisor promised to do next.
    """

    customer_no: str
    kind: str
    happened_at: datetime
    by: str
    shop_code: str
    text: str
    looked_at: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    minutes: int | None = None
    why_not: str = ""
    score: int | None = None
    receipt_no: str = ""
    next_date: date | None = None
    promise: str = ""


@dataclass(frozen=True, slots=True)
class DemoShop:
    """The whole shop. Customers stand in order of number, everything with a time in order of time."""

    seed: int
    today: date
    shops: tuple[ShopRow, ...]
    staff: tuple[StaffRow, ...]
    styles: tuple[StyleRow, ...]
    metal_prices: tuple[MetalPriceRow, ...]
    customers: tuple[CustomerRow, ...]
    sales: tuple[SaleRow, ...]
    returns: tuple[ReturnRow, ...]
    interactions: tuple[InteractionRow, ...]
