"""The whole shop: the same rows everywhere, the promised counts, whole numbers only."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.doors.demo.conftest import TODAY
from zhenke.doors.demo.rows import DemoShop
from zhenke.doors.demo.shop import make_demo_shop

pytestmark = pytest.mark.one_database

# What 200 customers give for the seed 20260 on 2026-03-01. Whoever changes the rows on purpose mends it.
FINGERPRINT = "b26f8bd5296cd19e5f0216ce007ead4e6a22827aa774884de36abb9cac8e9d29"
_IN_A_CHILD = (
    "from datetime import date; from tests.doors.demo.test_shop import fingerprint;"
    "from zhenke.doors.demo.shop import make_demo_shop;"
    "print(fingerprint(make_demo_shop(today=date(2026, 3, 1), customers=200)))"
)


def fingerprint(shop: DemoShop) -> str:
    """Return one hash over every field of every row."""
    return hashlib.sha256(repr(dataclasses.astuple(shop)).encode()).hexdigest()


def numbers(value: object) -> Iterator[object]:
    """Yield every number anywhere in a row."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, int | float):
        yield value


class TestMakeDemoShop:
    def test_gives_the_same_rows_on_every_machine(self) -> None:
        assert fingerprint(make_demo_shop(today=TODAY, customers=200)) == FINGERPRINT

    @pytest.mark.parametrize("hash_seed", ["1", "4242"])
    def test_does_not_depend_on_the_order_of_hashes(self, hash_seed: str) -> None:
        child = subprocess.run(
            [sys.executable, "-c", _IN_A_CHILD],
            env={
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TZ": "America/Lima",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert child.stdout.strip() == FINGERPRINT

    def test_gives_other_rows_for_another_seed(self) -> None:
        assert fingerprint(make_demo_shop(7, today=TODAY, customers=200)) != FINGERPRINT

    def test_leaves_the_others_alone_when_customers_are_added(self, shop: DemoShop) -> None:
        small = make_demo_shop(today=TODAY, customers=150)
        cards = {row.customer_no for row in small.customers}
        assert small.customers == shop.customers[:150]
        assert small.sales == tuple(sale for sale in shop.sales if sale.customer_no in cards)
        assert small.returns == tuple(back for back in shop.returns if back.customer_no in cards)
        assert small.interactions == tuple(row for row in shop.interactions if row.customer_no in cards)

    def test_makes_three_thousand_customers_in_seconds(self) -> None:
        started = time.process_time()
        make_demo_shop(99, today=TODAY)
        assert time.process_time() - started < 10  # 2 to 3 s on an idle core; room for a busy one

    @pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 12, 31), date(2031, 7, 4)])
    def test_works_on_other_days(self, today: date) -> None:
        made = make_demo_shop(today=today, customers=120)
        assert made.sales
        assert max(sale.sold_at.date() for sale in made.sales) < today

    def test_has_the_promised_size(self, shop: DemoShop) -> None:
        assert len(shop.customers) == 3000
        assert 230 <= len(shop.styles) <= 250
        assert 4_500 <= len(shop.sales) <= 6_500
        assert 4_000 <= len(shop.interactions) <= 7_000
        assert 1.01 <= sum(len(sale.lines) for sale in shop.sales) / len(shop.sales) <= 1.6

    def test_has_no_fraction_anywhere(self, shop: DemoShop) -> None:
        rows = (*shop.styles, *shop.metal_prices, *shop.sales, *shop.returns)
        assert {type(number) for row in rows for number in numbers(row)} <= {int, bool}

    def test_has_nothing_of_today_or_later_but_promises(self, shop: DemoShop) -> None:
        assert max(sale.sold_at.date() for sale in shop.sales) == TODAY - timedelta(days=1)
        assert max(row.happened_at.date() for row in shop.interactions) < TODAY
        assert max(row.known_since for row in shop.customers) < TODAY
        assert any(row.next_date and row.next_date > TODAY for row in shop.interactions)


class TestPlaces:
    def test_is_a_tree_of_three_shops_in_two_cities(self, shop: DemoShop) -> None:
        by_code = {node.code: node for node in shop.shops}
        shops = [node for node in shop.shops if node.kind == "shop"]
        assert len(shops) == 3
        assert {node.city for node in shops} == {"深圳", "成都"}
        assert all(by_code[by_code[node.parent_code].parent_code].kind == "brand" for node in shops)
        assert all(len(node.hours) == 7 and node.zone == "Asia/Shanghai" for node in shops)

    def test_has_twelve_staff_with_three_log_ins(self, shop: DemoShop) -> None:
        assert len(shop.staff) == 12
        assert len({person.username for person in shop.staff}) == 12
        log_ins = {person.username: (person.role, person.name[0]) for person in shop.staff if person.is_demo_login}
        assert log_ins == {"mei": ("advisor", "梅"), "lin": ("shop_manager", "林"), "zhu": ("owner", "朱")}
        assert {person.place_code for person in shop.staff} <= {node.code for node in shop.shops}

    def test_sells_only_inside_opening_hours(self, shop: DemoShop) -> None:
        hours = {(node.code, span.weekday): span for node in shop.shops for span in node.hours}
        for sale in shop.sales:
            span = hours[sale.shop_code, sale.sold_at.isoweekday()]
            assert span.opens <= f"{sale.sold_at:%H:%M}" < span.closes, sale
