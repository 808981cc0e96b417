"""Receipts, page by page and one by one, for those who may see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotFound
from zhenke.sales.models import Sale
from zhenke.sales.operations import add_sale
from zhenke.sales.queries import receipts_within, sale_for, sale_with_key, sales_of
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop


def _sell(cast: Cast, key: str, *, days_ago: int = 0, shop: Shop | None = None, **facts: object) -> Sale:
    slip = SaleSlip(
        source_key=key,
        sold_at=NOW - timedelta(days=days_ago),
        lines=(LineSlip(description="ring", amount_minor=100), LineSlip(description="chain", amount_minor=50)),
    )
    people = {"customer": cast.mrs_zhou, "advisor": cast.mei, **facts}
    return add_sale(slip=slip, shop=shop or cast.shop_a, by=cast.mei, now=NOW, **people).sale


class TestSalesOf:
    def test_gives_pages_newest_first_without_gap_or_repeat(self, cast: Cast) -> None:
        made = [_sell(cast, f"s{number}", days_ago=number // 2) for number in range(7)]
        seen: list[Sale] = []
        before = None
        while page := sales_of(viewer=cast.mei, customer=cast.mrs_zhou, before=before, size=3):
            seen += page
            before = (page[-1].sold_at, page[-1].pk)
        assert seen == sorted(made, key=lambda sale: (sale.sold_at, sale.pk), reverse=True)

    def test_brings_lines_in_two_queries(self, cast: Cast) -> None:
        for number in range(5):
            _sell(cast, f"s{number}")
        with CaptureQueriesContext(connection) as caught:
            page = sales_of(viewer=cast.mei, customer=cast.mrs_zhou)
            words = [
                (sale.shop.name, sale.advisor.name, [str(line.style) for line in sale.lines.all()]) for sale in page
            ]
        assert len(words) == 5 and all(len(lines) == 2 for *_, lines in words)
        assert len(caught) <= 2

    def test_shows_purchases_in_other_shops_to_the_owner(self, cast: Cast) -> None:
        sale = _sell(cast, "s1", shop=cast.shop_b, advisor=cast.qiao)
        assert sales_of(viewer=cast.mei, customer=cast.mrs_zhou) == [sale]

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        _sell(cast, "s1")
        for stranger in (cast.tao, cast.qiao, cast.other):
            assert sales_of(viewer=stranger, customer=cast.mrs_zhou) == []
        assert len(sales_of(viewer=SYSTEM, customer=cast.mrs_zhou)) == 1


class TestSaleFor:
    def test_shows_her_own_sales_and_those_of_her_customers(self, cast: Cast) -> None:
        to_another = _sell(cast, "s1", customer=None)
        by_another = _sell(cast, "s2", advisor=cast.tao)
        for sale in (to_another, by_another):
            assert sale_for(viewer=cast.mei, id=sale.pk) == sale

    def test_takes_two_queries(self, cast: Cast) -> None:
        sale = _sell(cast, "s1")
        with CaptureQueriesContext(connection) as caught:
            found = sale_for(viewer=cast.lin, id=sale.pk)
            assert found.customer == cast.mrs_zhou and len(found.lines.all()) == 2
        assert len(caught) <= 2

    def test_hides_a_strangers_sale_like_one_that_does_not_exist(self, cast: Cast) -> None:
        sale = _sell(cast, "s1")
        for stranger in (cast.tao, cast.qiao, cast.other):
            with pytest.raises(NotFound):
                sale_for(viewer=stranger, id=sale.pk)
        with pytest.raises(NotFound):
            sale_for(viewer=cast.zhu, id=1)


class TestSaleWithKey:
    def test_finds_the_receipt_for_those_who_see_it(self, cast: Cast) -> None:
        sale = _sell(cast, "s1")
        assert sale_with_key(viewer=cast.lin, source_key="s1") == sale
        assert sale_with_key(viewer=cast.qiao, source_key="s1") is None
        assert sale_with_key(viewer=SYSTEM, source_key="s2") is None


class TestReceiptsWithin:
    def test_follows_the_tree_of_shops(self, cast: Cast) -> None:
        a, b = _sell(cast, "s1"), _sell(cast, "s2", shop=cast.shop_b, advisor=cast.qiao, customer=None)
        seen = {
            person.username: set(receipts_within(viewer=person))
            for person in (cast.lin, cast.hua, cast.zhu, cast.ji, cast.qiao, cast.tao, cast.other)
        }
        assert seen == {
            "lin": {a},
            "hua": {a, b},
            "zhu": {a, b},
            "ji": {a, b},
            "qiao": {b},
            "tao": set(),
            "other": set(),
        }
