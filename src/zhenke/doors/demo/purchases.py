"""The receipts of one customer in order of time, with what came back and what it was exchanged for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .baskets import basket
from .catalogue import styles_by_no, styles_of
from .dice import Weighted, dice, happens
from .lives import Life, customer_no, life
from .places import LUOHU, MIXC, choose_advisor, moment
from .plans import Plan, buying_days
from .pricing import sale_line, scattered
from .rows import ReturnRow, SaleLineRow, SaleRow
from .seasons import open_day
from .tastes import Taste, taste_of

_LINES_PER_CUSTOMER = 64
_PAYMENT = Weighted((("wechat", 42), ("alipay", 26), ("card", 22), ("cash", 6), ("mixed", 4)))
_PAYMENT_DEAR = Weighted((("card", 66), ("wechat", 10), ("mixed", 16), ("cash", 3), ("transfer", 5)))
_RETURN_REASONS = (
    "收礼的人不喜欢款式",
    "同款买重了",
    "圈口偏小戴不上",
    "家里人觉得太贵",
    "颜色和图片有差别",
    "婚期延后，先退再说",
)
_EXCHANGE_REASONS = (
    "想换大一号圈口",
    "换成更细的链子",
    "生肖买错了，换一个",
    "想换古法工艺的",
    "加钱换更重的",
    "送人后对方想换款",
)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that one customer bought and brought back."""

    sales: tuple[SaleRow, ...]
    returns: tuple[ReturnRow, ...]


def sales(seed: int, *, today: date, count: int) -> Iterator[SaleRow]:
    """Yield the receipts of the customers 1…count: in order of customer number, and of time inside one customer."""
    for number in range(1, count + 1):
        yield from history(seed, today, number).sales


def history(seed: int, today: date, number: int) -> History:
    """Return the receipts and returns of one customer, none of them on `today` or later."""
    known = life(seed, today, number)
    taste = taste_of(seed, known)
    receipts: list[SaleRow] = []
    returned: list[ReturnRow] = []
    for count, plan in enumerate(buying_days(seed, today, known)):
        rng = dice(seed, "sale", number, plan.day.toordinal())
        sale = _sale(rng, known, taste, plan, place=count)
        receipts.append(sale)
        back = _brought_back(rng, known, sale, today, place=count)
        if back:
            returned.append(back[0])
            receipts += back[1:]
    return History(tuple(sorted(receipts, key=lambda sale: sale.sold_at)), tuple(returned))


def _sale(rng: Random, known: Life, taste: Taste, plan: Plan, *, place: int) -> SaleRow:
    shop_code, advisor = _who_served(rng, known)
    lines = tuple(
        sale_line(
            rng,
            thing.style,
            plan.day,
            line_no=line_no,
            quantity=thing.quantity,
            recipient=thing.recipient,
            ring_hk=thing.ring_hk,
            key=(known.number * _LINES_PER_CUSTOMER + place) * 8 + line_no,
        )
        for line_no, thing in enumerate(basket(rng, known, taste, plan), start=1)
    )
    sold_at = moment(rng, shop_code, plan.day)
    occasion = plan.festival if plan.occasion in ("gift", "self", "saver", "elder") and plan.festival else plan.occasion
    return _receipt(rng, known, shop_code, advisor, sold_at, occasion, lines, key=place * 2)


def _receipt(
    rng: Random,
    known: Life,
    shop: str,
    advisor: str,
    sold_at: datetime,
    occasion: str,
    lines: tuple[SaleLineRow, ...],
    *,
    key: int,
    exchange_for: str = "",
) -> SaleRow:
    paid = sum(line.paid_minor for line in lines)
    number = scattered(known.number * _LINES_PER_CUSTOMER * 2 + key)
    return SaleRow(
        receipt_no=f"{shop}{sold_at:%y%m%d}-{number}",
        customer_no=customer_no(known.number),
        shop_code=shop,
        advisor=advisor,
        sold_at=sold_at,
        occasion=occasion,
        payment="transfer" if known.kind == "company" else (_PAYMENT_DEAR if paid > 30_000_00 else _PAYMENT).draw(rng),
        currency="CNY",
        paid_minor=paid,
        lines=lines,
        exchange_for=exchange_for,
    )


def _who_served(rng: Random, known: Life) -> tuple[str, str]:
    """Return the shop and the advisor: mostly her own, now and then a colleague or the other shop in town."""
    if known.shop_code in (LUOHU, MIXC) and happens(rng, 6):
        shop = MIXC if known.shop_code == LUOHU else LUOHU
        return shop, choose_advisor(rng, shop)
    if happens(rng, 10):
        return known.shop_code, choose_advisor(rng, known.shop_code)
    return known.shop_code, known.advisor


def _brought_back(
    rng: Random, known: Life, sale: SaleRow, today: date, *, place: int
) -> tuple[ReturnRow] | tuple[ReturnRow, SaleRow] | None:
    """Return, in about three of a hundred sales, what came back, and the receipt of what she took instead."""
    if not happens(rng, 3.4) or known.kind == "company":
        return None
    day = open_day(sale.sold_at.date() + timedelta(days=rng.randrange(1, 21)))
    line = rng.choice(sale.lines)
    style = styles_by_no()[line.style_no]
    if day >= today or style.category == "bar":
        return None
    at = moment(rng, sale.shop_code, day)
    is_exchange = happens(rng, 62) or style.price_mode == "gram"
    swap = _swap(rng, known, sale, line, at, place=place) if is_exchange else None
    back = ReturnRow(
        return_no=f"T{sale.receipt_no}-{line.line_no}",
        kind="exchange" if swap else "return",
        receipt_no=sale.receipt_no,
        line_no=line.line_no,
        quantity=line.quantity,
        customer_no=sale.customer_no,
        shop_code=sale.shop_code,
        taken_by=sale.advisor,
        returned_at=at - timedelta(minutes=1),
        refund_minor=line.paid_minor,
        reason=rng.choice(_EXCHANGE_REASONS if swap else _RETURN_REASONS),
        replaced_by=swap.receipt_no if swap else "",
    )
    return (back, swap) if swap else (back,)


def _swap(rng: Random, known: Life, sale: SaleRow, line: SaleLineRow, at: datetime, *, place: int) -> SaleRow:
    """Return the receipt of the piece she took instead: of the same series, if possible not much cheaper."""
    old = styles_by_no()[line.style_no]
    tray = styles_of((old.series,), "")
    key = (known.number * _LINES_PER_CUSTOMER + place) * 8 + 7
    tried = [
        sale_line(
            rng,
            tray.draw(rng),
            at.date(),
            line_no=1,
            quantity=line.quantity,
            recipient=line.recipient,
            ring_hk=line.ring_size_hk,
            key=key,
        )
        for _ in range(6)
    ]
    dear_enough = [one for one in tried if one.paid_minor * 10 >= line.paid_minor * 9]
    taken = (dear_enough or tried)[0]
    return _receipt(
        rng,
        known,
        sale.shop_code,
        sale.advisor,
        at,
        sale.occasion,
        (taken,),
        key=place * 2 + 1,
        exchange_for=sale.receipt_no,
    )
