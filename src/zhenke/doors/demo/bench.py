"""Rows for the benchmarks: a million customers and five million lines as a stream of plain tuples, with few columns.

The same shape as the demo shop (most buy once, a few often; festivals; gold by gram), drawn from tables instead of from
lives. Blocks of a thousand customers have their own generators, so a stream may start at any block and two workers may
share the work. Nothing is kept in memory but one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from .catalogue import METALS, catalogue
from .contacts import mobile
from .dice import Weighted, dice
from .gold import board_price
from .lives import WINDOW_DAYS, customer_no
from .names import full_name
from .seasons import month_pull

BLOCK = 1000
CUSTOMER_COLUMNS = (
    "customer_no",
    "name",
    "gender",
    "phone",
    "birth_year",
    "birth_month",
    "birth_day",
    "region",
    "source",
    "shop_index",
    "advisor_index",
    "known_since",
    "prospect_stage",
)
LINE_COLUMNS = (
    "receipt_no",
    "line_no",
    "customer_no",
    "shop_index",
    "advisor_index",
    "sold_at_s",
    "style_no",
    "quantity",
    "weight_mg",
    "tag_minor",
    "discount_minor",
    "paid_minor",
    "cost_minor",
    "is_gift",
)
CustomerTuple = tuple[str, str, str, str, int, int, int, str, str, int, int, date, str]
LineTuple = tuple[str, int, str, int, int, int, str, int, int, int, int, int, int, bool]

# Baskets of a customer, by hundredths of all customers: about four on average, with a quarter more lines.
_BASKETS = (
    (0,) * 18 + (1,) * 48 + (2,) * 10 + (3,) * 6 + (4,) * 5 + (8,) * 4 + (12,) * 4 + (20,) * 2 + (42,) * 2 + (90,)
)
_REGIONS = (
    "广东 深圳 罗湖区",
    "广东 深圳 福田区",
    "广东 深圳 南山区",
    "四川 成都 锦江区",
    "四川 成都 武侯区",
    "浙江 杭州 西湖区",
    "湖北 武汉 江岸区",
)
_SOURCES = ("walk_in", "walk_in", "walk_in", "referral", "wechat", "online", "wedding_fair")
_NAMES = 20_000
_DAYS = 4096


def bench_customers(
    seed: int = 20260, *, today: date, customers: int, shops: int = 50, advisors_per_shop: int = 10, first: int = 1
) -> Iterator[CustomerTuple]:
    """Yield customers `first`…`customers` in order of number, as tuples of CUSTOMER_COLUMNS.

    Units:  `first` is the first of a block (1, 1001, …). Phones are unlike below ten million customers.
    """
    names = _names(seed)
    start = today - timedelta(days=WINDOW_DAYS)
    for block in range((first - 1) // BLOCK, (customers + BLOCK - 1) // BLOCK):
        shape = _shape(seed, block, shops, advisors_per_shop)
        chance = dice(seed, "bench-customers", block).random
        for place, (baskets, shop, advisor) in enumerate(shape):
            number = block * BLOCK + place + 1
            if number > customers:
                return
            name, gender, born = names[int(chance() * _NAMES)]
            yield (
                customer_no(number),
                name,
                gender,
                mobile(number),
                born,
                1 + int(chance() * 12),
                1 + int(chance() * 28),
                _REGIONS[int(chance() * 7)],
                _SOURCES[int(chance() * 7)],
                shop,
                advisor,
                start + timedelta(days=int(chance() * WINDOW_DAYS)),
                "" if baskets else "ABCDE"[int(chance() * 5)],
            )


def bench_lines(
    seed: int = 20260, *, today: date, customers: int, shops: int = 50, advisors_per_shop: int = 10, first: int = 1
) -> Iterator[LineTuple]:
    """Yield about five lines a customer, in order of customer number and of time, as tuples of LINE_COLUMNS.

    Units:  `sold_at_s` in whole seconds since 1970 UTC, inside shop hours of China; money in fen; weight in mg;
            paid = tag − discount.
    """
    styles = _style_table(today)
    days = _festive_days(seed, today)
    midnight = (today - timedelta(days=WINDOW_DAYS) - date(1970, 1, 1)).days * 86400 - 8 * 3600
    for block in range((first - 1) // BLOCK, (customers + BLOCK - 1) // BLOCK):
        shape = _shape(seed, block, shops, advisors_per_shop)
        chance = dice(seed, "bench-lines", block).random
        for place, (baskets, shop, advisor) in enumerate(shape):
            number = block * BLOCK + place + 1
            if number > customers:
                return
            card = customer_no(number)
            visits = sorted(days[int(chance() * _DAYS)] * 86400 + 36000 + int(chance() * 34000) for _ in range(baskets))
            for count, seconds in enumerate(visits):
                at, day = midnight + seconds, seconds // 86400
                receipt = f"B{number:07d}{count:02d}"
                for line_no in (1, 2) if chance() < 0.25 else (1,):
                    style_no, by_day, weight, cost_percent = styles[int(chance() * len(styles))]
                    tag = by_day[day]
                    off = tag * int(chance() * 16) // 10000 * 100
                    yield (
                        receipt, line_no, card, shop, advisor, at, style_no, 1, weight,
                        tag, off, tag - off, tag * cost_percent // 100, chance() < 0.2,
                    )  # fmt: skip


def _shape(seed: int, block: int, shops: int, advisors_per_shop: int) -> list[tuple[int, int, int]]:
    """Return baskets, shop and advisor of each customer of a block."""
    chance = dice(seed, "bench-shape", block).random
    found = []
    for _ in range(BLOCK):
        shop = int(chance() * shops)
        found.append(
            (_BASKETS[int(chance() * 100)], shop, shop * advisors_per_shop + int(chance() * advisors_per_shop))
        )
    return found


def _names(seed: int) -> list[tuple[str, str, int]]:
    """Return the names that the customers share, with gender and year of birth: a million people do share names."""
    rng = dice(seed, "bench-names")
    found = []
    for _ in range(_NAMES):
        gender = "f" if rng.random() < 0.66 else "m"
        born = rng.randrange(1948, 2006)
        found.append(("".join(full_name(rng, gender, born)), gender, born))
    return found


def _style_table(today: date) -> list[tuple[str, list[int], int, int]]:
    """Return the number, the price on each day of the window, weight and cost share of styles, by popularity."""
    start = today - timedelta(days=WINDOW_DAYS)
    boards = {
        metal: [board_price(metal, start + timedelta(days=day)) for day in range(WINDOW_DAYS)]
        for metal in {board for _, board in METALS.values() if board}
    }
    table = []
    for style in catalogue():
        board = METALS[style.metal][1]
        if style.price_mode == "gram":
            prices = [style.weight_mg * price // 1000 + style.cost_minor * 2 for price in boards[board]]
        else:
            prices = [style.tag_minor] * WINDOW_DAYS
        table += [
            (style.style_no, prices, style.weight_mg, 88 if style.price_mode == "gram" else 48)
        ] * style.popularity
    return table


def _festive_days(seed: int, today: date) -> list[int]:
    """Return day numbers of the window, busier months more often."""
    start = today - timedelta(days=WINDOW_DAYS)
    every = [start + timedelta(days=day) for day in range(WINDOW_DAYS)]
    weighted = Weighted(
        (number, int(100 * month_pull(day.year, day.month, "self"))) for number, day in enumerate(every)
    )
    rng: Random = dice(seed, "bench-days")
    return [weighted.draw(rng) for _ in range(_DAYS)]
