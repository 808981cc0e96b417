"""One receipt is written once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast, gather

from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.operations import AddedSale, add_sale
from zhenke.sales.rules import BadSlip, LineSlip, SaleKeyReused, SaleSlip

RING = LineSlip(style_no="R1", amount_minor=8_800_00, tag_minor=9_800_00, cost_minor=5_000_00)
BAR = LineSlip(style_no="G1", amount_minor=5_200_00, weight_mg=10_000, cost_minor=5_000_00, is_gift=True)
SLIP = SaleSlip(source_key="till-1:7", number="7", sold_at=NOW, lines=(RING, BAR))


def _styles() -> None:
    Style.objects.create(style_no="R1", name="Ring", category="ring", created_at=NOW)
    Style.objects.create(style_no="G1", name="Bar", category="bar", price_mode="gram", created_at=NOW)


def _add(cast: Cast, slip: SaleSlip = SLIP) -> AddedSale:
    return add_sale(slip=slip, customer=cast.mrs_zhou, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW)


@pytest.fixture
def styles(db: None) -> None:
    """A ring at a fixed price and a bar by gram."""
    _styles()


@pytest.mark.usefixtures("styles")
class TestAddSale:
    def test_writes_the_receipt_and_its_sums(self, cast: Cast) -> None:
        added = _add(cast)
        sale = Sale.objects.get(source_key="till-1:7")
        assert added.is_new and added.sale == sale
        assert (sale.amount_minor, sale.cost_minor, sale.line_count) == (14_000_00, 10_000_00, 2)
        assert (sale.kind, sale.currency, sale.customer, sale.advisor) == ("sale", "CNY", cast.mrs_zhou, cast.mei)
        assert [(line.line_key, line.is_gift) for line in sale.lines.order_by("line_key")] == [
            ("1", False),
            ("2", True),
        ]

    def test_does_not_know_the_cost_when_one_line_does_not(self, cast: Cast) -> None:
        sale = _add(cast, replace(SLIP, lines=(RING, replace(BAR, cost_minor=None)))).sale
        assert sale.cost_minor is None

    def test_takes_the_day_from_the_shops_zone(self, cast: Cast) -> None:
        late = NOW.replace(day=21, hour=18)  # two in the morning of the 22nd in Shanghai
        assert _add(cast, replace(SLIP, sold_at=late)).sale.sold_date == date(2026, 11, 22)

    def test_twice_is_the_same_sale_and_writes_nothing(self, cast: Cast) -> None:
        first = _add(cast)
        again = add_sale(
            slip=SLIP,
            customer=cast.mrs_zhou,
            shop=cast.shop_a,
            advisor=cast.mei,
            by=cast.mei,
            now=NOW + timedelta(hours=1),
        )
        assert (again.sale, again.is_new) == (first.sale, False)
        assert (Sale.objects.count(), SaleLine.objects.count()) == (1, 2)

    @pytest.mark.parametrize(
        ("change", "difference"),
        [
            ({"number": "8"}, "number"),
            ({"sold_at": NOW - timedelta(seconds=1)}, "sold_at"),
            ({"note": "engraved"}, "note"),
            ({"is_gift": True}, "is_gift"),
            ({"lines": (replace(RING, tag_minor=None), BAR)}, "lines[1].tag_minor"),
            ({"lines": (RING, replace(BAR, weight_mg=10_001))}, "lines[2].weight_mg"),
            ({"lines": (RING, BAR, replace(RING, amount_minor=0, cost_minor=0))}, "lines[3]"),
            ({"lines": (replace(RING, style_no="", description="x"), BAR)}, "lines[1].style, lines[1].description"),
        ],
    )
    def test_names_what_differs_under_a_used_key(self, cast: Cast, change: dict[str, object], difference: str) -> None:
        _add(cast)
        with pytest.raises(SaleKeyReused) as refused:
            _add(cast, replace(SLIP, **change))
        assert refused.value.facts["differences"] == difference
        assert (Sale.objects.count(), SaleLine.objects.count()) == (1, 2)

    def test_says_of_another_shops_receipt_only_that_it_is_one(self, cast: Cast) -> None:
        _add(cast)
        for by, facts in ((cast.qiao, "shop"), (cast.other, "shop"), (cast.zhu, "shop, advisor, amount_minor")):
            with pytest.raises(SaleKeyReused) as refused:
                add_sale(
                    slip=replace(SLIP, lines=(RING,)),
                    customer=cast.mrs_zhou,
                    shop=cast.shop_b,
                    advisor=cast.qiao,
                    by=by,
                    now=NOW,
                )
            assert str(refused.value.facts["differences"]).startswith(facts)
            assert ("lines" in refused.value.facts["differences"]) == (by == cast.zhu)

    def test_says_of_a_protected_customers_receipt_only_that_it_is_another_customers(self, cast: Cast) -> None:
        _add(cast)
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=3)
        for by, facts in ((cast.lin, "customer"), (cast.tao, "customer"), (cast.mei, "amount_minor, cost_minor")):
            with pytest.raises(SaleKeyReused) as refused:
                add_sale(
                    slip=replace(SLIP, lines=(RING,)),
                    customer=cast.mrs_zhou,
                    shop=cast.shop_a,
                    advisor=cast.mei,
                    by=by,
                    now=NOW,
                )
            assert str(refused.value.facts["differences"]).startswith(facts)
            assert ("lines" in refused.value.facts["differences"]) == (by == cast.mei)

    def test_names_a_missing_line_and_another_buyer(self, cast: Cast) -> None:
        _add(cast)
        with pytest.raises(SaleKeyReused) as refused:
            add_sale(
                slip=replace(SLIP, lines=(RING,)), customer=None, shop=cast.shop_a, advisor=None, by=cast.mei, now=NOW
            )
        facts = "customer, advisor, amount_minor, cost_minor, lines[2]"
        assert refused.value.facts["differences"] == facts

    @pytest.mark.parametrize(
        ("line", "code"),
        [(replace(RING, style_no="R2"), "style_unknown"), (replace(BAR, weight_mg=None), "weight_missing")],
    )
    def test_refuses_what_the_catalogue_does_not_believe(self, cast: Cast, line: LineSlip, code: str) -> None:
        with pytest.raises(BadSlip) as refused:
            _add(cast, replace(SLIP, lines=(line,)))
        assert refused.value.code == code
        assert not Sale.objects.exists()

    def test_writes_a_piece_without_style_and_a_sale_without_buyer(self, cast: Cast) -> None:
        piece = LineSlip(description="antique clip", amount_minor=0)
        slip = replace(SLIP, lines=(piece,))
        sale = add_sale(slip=slip, customer=None, shop=cast.shop_a, advisor=None, by=cast.mei, now=NOW).sale
        assert sale.customer is None and sale.lines.get().style is None

    def test_needs_five_sql_statements(self, cast: Cast) -> None:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            _add(cast)
        assert len(caught) <= 5, [query["sql"] for query in caught]


@pytest.mark.django_db(transaction=True)
class TestAddSaleAtTheSameMoment:
    def test_makes_one_sale_of_eight_twins(self) -> None:
        cast = gather()
        _styles()

        def add(_: int) -> bool:
            try:
                return _add(cast).is_new
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(add, range(8)))
        assert sorted(told) == [False] * 7 + [True]
        assert (Sale.objects.count(), SaleLine.objects.count()) == (1, 2)
