"""The board's figures, for those whose shops they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale
from zhenke.sales.operations import add_return, add_sale
from zhenke.sales.queries import (
    Buyers,
    PriceBand,
    new_and_returning,
    price_bands,
    sales_by_advisor,
    sales_by_category,
    sales_by_month,
    sales_by_shop,
    sales_by_week,
    top_customers,
)
from zhenke.sales.rules import Booked, LineSlip, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff.models import StaffMember

TODAY = date(2026, 11, 22)
MONTH = {"since": date(2026, 11, 1), "until": TODAY}


@pytest.fixture
def books(cast: Cast) -> Cast:
    """Shop A: 1,000 last year, 3,000 and 200 (two pieces) this month, 500 back; shop B: 4,000 without a buyer."""
    Style.objects.create(style_no="R", category="ring", created_at=NOW)
    year = _sell(cast, "a0", 1_000, days_ago=365)
    assert year.sold_date == date(2025, 11, 22)
    ring = _sell(cast, "a1", 3_000, days_ago=3)
    _sell(cast, "a2", 200, quantity=2, advisor=cast.tao, customer=cast.mr_zhou)
    back = ReturnSlip(source_key="r1", sold_at=NOW, sale=ring.pk, lines=(ReturnLine("1", 1, 500),))
    add_return(slip=back, sale=ring, shop=cast.shop_a, advisor=cast.tao, by=cast.tao, now=NOW)
    _sell(cast, "b1", 4_000, shop=cast.shop_b, advisor=cast.qiao, customer=None, style_no="")
    return cast


def _sell(cast: Cast, key: str, amount: int, *, days_ago: int = 0, **facts: object) -> Sale:
    line = LineSlip(
        style_no=str(facts.pop("style_no", "R")),
        description="x",
        amount_minor=amount,
        quantity=int(str(facts.pop("quantity", 1))),
    )
    slip = SaleSlip(source_key=key, sold_at=NOW - timedelta(days=days_ago), lines=(line,))
    people = {"customer": cast.mrs_zhou, "shop": cast.shop_a, "advisor": cast.mei, **facts}
    return add_sale(slip=slip, by=cast.mei, now=NOW, **people).sale


class TestCrowds:
    """Who may see only crowds (marketing) learns nothing of fewer than ten buyers, and round figures of more."""

    def test_hide_every_figure_of_a_few(self, books: Cast) -> None:
        _sell(books, "b2", 777, shop=books.shop_b, advisor=books.qiao)
        [now] = [month.now for month in sales_by_month(viewer=books.an, until=TODAY, months=1)]
        assert now == Booked()
        assert {one.now for one in sales_by_shop(viewer=books.an, **MONTH)} == {Booked()}
        assert {one.now.amount_minor for one in sales_by_advisor(viewer=books.an, **MONTH)} == {0}
        # What nobody known bought is nobody's secret.
        rings = {one.category: one.amount_minor for one in sales_by_category(viewer=books.an, **MONTH)}
        assert rings == {"": 4_000, "ring": 0}
        assert sum(band.pieces for band in price_bands(viewer=books.an, **MONTH)) == 0
        assert new_and_returning(viewer=books.an, **MONTH) == Buyers()
        assert top_customers(viewer=books.an, **MONTH) == []
        assert sales_by_month(viewer=books.zhu, until=TODAY, months=1)[0].now.amount_minor == 6_700 + 777

    def test_show_ten_in_round_figures(self, books: Cast) -> None:
        for number in range(10):
            buyer = Customer.objects.create(name="客", shop=books.shop_b, created_at=NOW, updated_at=NOW)
            _sell(books, f"c{number}", 123_456, shop=books.shop_b, advisor=books.qiao, customer=buyer)
        [shop_b] = [one for one in sales_by_shop(viewer=books.an, **MONTH) if one.key == books.shop_b.pk]
        assert shop_b.now == Booked(1_200_000, 11)
        assert new_and_returning(viewer=books.an, **MONTH) == Buyers(new=11, new_minor=1_200_000)
        assert sales_by_month(viewer=books.an, until=TODAY, months=1)[0].now.amount_minor == 1_200_000
        assert top_customers(viewer=books.an, **MONTH) == []


class TestSalesByMonth:
    def test_stands_beside_the_same_days_a_year_before(self, books: Cast) -> None:
        months = sales_by_month(viewer=books.lin, until=TODAY)
        assert len(months) == 12
        assert (months[-1].now, months[-1].before) == (Booked(2_700, 2), Booked(1_000, 1))
        assert [month.now for month in months[:-1]] == [Booked()] * 11

    def test_leaves_out_later_days_of_last_years_month(self, books: Cast) -> None:
        assert sales_by_month(viewer=books.lin, until=TODAY - timedelta(days=1))[-1].before == Booked()

    @pytest.mark.parametrize(
        ("person", "amount"),
        [("lin", 2_700), ("hua", 6_700), ("zhu", 6_700), ("qiao", 4_000), ("tao", -300), ("mei", 2_700), ("other", 0)],
    )
    def test_shows_each_the_own_shops(self, books: Cast, person: str, amount: int) -> None:
        months = sales_by_month(viewer=getattr(books, person), until=TODAY, months=1)
        assert months[0].now.amount_minor == amount

    def test_narrows_to_a_shop_inside_the_scope_only(self, books: Cast) -> None:
        assert sales_by_month(viewer=books.zhu, until=TODAY, shop=books.shop_b)[-1].now == Booked(4_000, 1)
        assert sales_by_month(viewer=books.zhu, until=TODAY, shop=books.region)[-1].now == Booked(6_700, 3)
        assert sales_by_month(viewer=books.lin, until=TODAY, shop=books.shop_b)[-1].now == Booked()

    @pytest.mark.parametrize("person", ["mei", "lin", "hua", "zhu"])
    def test_takes_one_query(self, books: Cast, person: str) -> None:
        viewer: StaffMember = getattr(books, person)
        assert viewer.shop.path  # the account comes with its shop
        with CaptureQueriesContext(connection) as caught:
            sales_by_month(viewer=viewer, until=TODAY)
        assert len(caught) == 1


class TestSalesByWeek:
    def test_puts_days_into_their_weeks(self, books: Cast) -> None:
        weeks = sales_by_week(viewer=books.lin, until=TODAY, weeks=2)
        assert [week.now for week in weeks] == [Booked(), Booked(2_700, 2)]
        # 22 November 2025 is a Saturday; 52 weeks back the week ends on Sunday the 23rd.
        assert weeks[-1].before == Booked(1_000, 1)


class TestSalesByShop:
    def test_gives_each_shop_its_row(self, books: Cast) -> None:
        rows = sales_by_shop(viewer=books.zhu, **MONTH)
        assert [(row.key, row.now, row.before) for row in rows] == [
            (books.shop_b.pk, Booked(4_000, 1), Booked()),
            (books.shop_a.pk, Booked(2_700, 2), Booked(1_000, 1)),
        ]

    def test_shows_a_stranger_nothing(self, books: Cast) -> None:
        assert sales_by_shop(viewer=books.other, **MONTH) == []


class TestSalesByAdvisor:
    def test_gives_each_advisor_a_row(self, books: Cast) -> None:
        rows = sales_by_advisor(viewer=books.lin, **MONTH)
        assert [(row.name, row.now) for row in rows] == [("梅雪", Booked(3_000, 1)), ("陶然", Booked(-300, 1))]

    def test_shows_a_stranger_nothing(self, books: Cast) -> None:
        assert sales_by_advisor(viewer=books.other, **MONTH) == []


class TestSalesByCategory:
    def test_takes_off_what_came_back(self, books: Cast) -> None:
        rows = sales_by_category(viewer=books.zhu, **MONTH)
        assert [(row.category, row.pieces, row.amount_minor) for row in rows] == [("", 1, 4_000), ("ring", 2, 2_700)]

    def test_shows_a_stranger_nothing(self, books: Cast) -> None:
        assert sales_by_category(viewer=books.other, **MONTH) == []


class TestPriceBands:
    def test_counts_pieces_by_the_price_of_one(self, books: Cast) -> None:
        bands = price_bands(viewer=books.zhu, edges_minor=(101, 3_000), **MONTH)
        assert bands == [
            PriceBand(0, 101, 2, 200),
            PriceBand(101, 3_000, 0, 0),
            PriceBand(3_000, None, 2, 7_000),
        ]

    def test_shows_a_stranger_nothing(self, books: Cast) -> None:
        assert not any(band.pieces for band in price_bands(viewer=books.other, **MONTH))


class TestTopCustomers:
    def test_gives_keys_and_sums_of_named_buyers(self, books: Cast) -> None:
        rows = top_customers(viewer=books.zhu, **MONTH)
        assert [(row.customer_id, row.booked) for row in rows] == [
            (books.mrs_zhou.pk, Booked(2_500, 1)),
            (books.mr_zhou.pk, Booked(200, 1)),
        ]
        assert len(top_customers(viewer=books.zhu, size=1, **MONTH)) == 1

    def test_shows_a_stranger_nothing(self, books: Cast) -> None:
        assert top_customers(viewer=books.other, **MONTH) == []
        assert top_customers(viewer=books.qiao, **MONTH) == []
