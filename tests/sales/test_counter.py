"""What a slip means by its shop, its advisor and the sale that pieces come back from."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotFound
from zhenke.sales.models import Sale
from zhenke.sales.operations import add_return, add_sale
from zhenke.sales.queries import bought_sale, counter_of, is_key_used, is_wholly_back
from zhenke.sales.rules import BadSlip, LineSlip, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff import SYSTEM


@pytest.fixture
def sale(cast: Cast) -> Sale:
    """Two beads for Mrs Zhou, sold by Mei."""
    line = LineSlip(description="beads", quantity=2, amount_minor=100)
    slip = SaleSlip(source_key="s1", sold_at=NOW, lines=(line,))
    return add_sale(slip=slip, customer=cast.mrs_zhou, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW).sale


class TestCounterOf:
    def test_is_the_sellers_own_without_asking_the_database(self, cast: Cast) -> None:
        for code, username in (("", ""), ("A", "mei")):
            with CaptureQueriesContext(connection) as caught:
                assert counter_of(viewer=cast.mei, shop=code, advisor=username) == (cast.shop_a, cast.mei)
            assert len(caught) == 0

    def test_names_no_advisor_for_somebody_who_does_not_sell(self, cast: Cast) -> None:
        assert counter_of(viewer=cast.hua, shop="B", advisor="") == (cast.shop_b, None)
        assert counter_of(viewer=SYSTEM, shop="A", advisor="tao") == (cast.shop_a, cast.tao)

    @pytest.mark.parametrize(
        ("person", "shop", "advisor", "code"),
        [
            ("mei", "B", "", "shop_unknown"),
            ("mei", "nowhere", "", "shop_unknown"),
            ("zhu", "OTHER", "", "shop_unknown"),
            ("zhu", "SOUTH", "", "shop_unknown"),
            ("mei", "A", "qiao", "advisor_unknown"),
            ("hua", "A", "other", "advisor_unknown"),
        ],
    )
    def test_shows_a_stranger_nothing(self, cast: Cast, person: str, shop: str, advisor: str, code: str) -> None:
        with pytest.raises(BadSlip) as refused:
            counter_of(viewer=getattr(cast, person), shop=shop, advisor=advisor)
        assert refused.value.code == code


class TestBoughtSale:
    def test_finds_a_receipt_in_every_shop_of_the_brand(self, cast: Cast, sale: Sale) -> None:
        assert bought_sale(viewer=cast.qiao, sale="s1", shop=cast.shop_b) == sale

    def test_shows_a_stranger_nothing(self, cast: Cast, sale: Sale) -> None:
        with pytest.raises(NotFound):
            bought_sale(viewer=cast.qiao, sale=sale.pk, shop=cast.shop_b)
        with pytest.raises(NotFound):
            bought_sale(viewer=cast.other, sale="s1", shop=cast.other_brand)
        assert bought_sale(viewer=cast.lin, sale=sale.pk, shop=cast.shop_a) == sale


class TestIsWhollyBack:
    def test_is_true_only_when_the_last_piece_is_back(self, cast: Cast, sale: Sale) -> None:
        told = [is_wholly_back(viewer=SYSTEM, sale=sale)]
        for number in range(2):
            slip = ReturnSlip(source_key=f"r{number}", sold_at=NOW, sale="s1", lines=(ReturnLine("1", 1),))
            add_return(slip=slip, sale=sale, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW)
            told.append(is_wholly_back(viewer=SYSTEM, sale=sale))
        assert told == [False, False, True]
        assert not is_wholly_back(viewer=cast.qiao, sale=sale)


class TestIsKeyUsed:
    def test_tells_a_used_key_from_a_free_one(self, sale: Sale) -> None:
        assert is_key_used("s1") and not is_key_used("s2")
