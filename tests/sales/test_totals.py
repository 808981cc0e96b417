"""Totals at a glance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast
from tests.sales.histories import net_of, write_history

from zhenke.catalogue.models import Style
from zhenke.sales.operations import add_return, add_sale
from zhenke.sales.queries import totals_of
from zhenke.sales.rules import LineSlip, ReturnLine, ReturnSlip, SaleSlip, TotalsGroup, totals_over
from zhenke.staff import SYSTEM


@pytest.fixture
def bought(cast: Cast) -> Cast:
    """A gold bar and two rings (one a gift) on one receipt, a ring on another; one ring of the first came back."""
    Style.objects.create(style_no="R", category="ring", metal="k18_white", stone="diamond", created_at=NOW)
    Style.objects.create(style_no="B", category="bar", metal="gold", price_mode="gram", created_at=NOW)
    people = {"shop": cast.shop_a, "advisor": cast.mei, "by": cast.mei, "now": NOW}
    lines = (
        LineSlip(style_no="B", amount_minor=5_000, weight_mg=10_000),
        LineSlip(style_no="R", amount_minor=2_000, quantity=2, is_gift=True),
    )
    early = SaleSlip(source_key="s1", sold_at=NOW - timedelta(days=40), lines=lines)
    sale = add_sale(slip=early, customer=cast.mrs_zhou, **people).sale
    late = SaleSlip(source_key="s2", sold_at=NOW, lines=(LineSlip(style_no="R", amount_minor=900),))
    add_sale(slip=late, customer=cast.mrs_zhou, **people)
    back = ReturnSlip(source_key="r1", sold_at=NOW, sale=sale.pk, lines=(ReturnLine("2", 1),))
    add_return(slip=back, sale=sale, **people)
    return cast


class TestTotalsOf:
    def test_adds_up_what_was_kept(self, bought: Cast) -> None:
        totals = totals_of(viewer=bought.mei, customer=bought.mrs_zhou)
        assert (totals.purchases, totals.pieces, totals.amount_minor) == (2, 3, 6_900)
        assert (totals.gift_minor, totals.weight_mg) == (1_000, 10_000)
        assert totals.by_category == (TotalsGroup("bar", 1, 5_000), TotalsGroup("ring", 2, 1_900))
        assert totals.by_stone == (TotalsGroup("", 1, 5_000), TotalsGroup("diamond", 2, 1_900))

    @pytest.mark.parametrize(
        ("wanted", "amount", "purchases"),
        [
            ({"category": "ring"}, 1_900, 2),
            ({"metal": "gold"}, 5_000, 1),
            ({"stone": "diamond", "is_gift": False}, 900, 1),
            ({"is_gift": True}, 1_000, 1),
            ({"since": NOW.date() - timedelta(days=1)}, 900, 1),
            ({"until": NOW.date() - timedelta(days=1)}, 6_000, 1),
            ({"category": "watch"}, 0, 0),
        ],
    )
    def test_filters(self, bought: Cast, wanted: dict[str, object], amount: int, purchases: int) -> None:
        totals = totals_of(viewer=bought.mei, customer=bought.mrs_zhou, **wanted)
        assert (totals.amount_minor, totals.purchases) == (amount, purchases)

    def test_takes_two_queries_at_most(self, bought: Cast) -> None:
        with CaptureQueriesContext(connection) as caught:
            totals_of(viewer=bought.mei, customer=bought.mrs_zhou)
        assert len(caught) <= 2

    def test_shows_a_stranger_nothing(self, bought: Cast) -> None:
        for stranger in (bought.tao, bought.qiao, bought.other):
            assert totals_of(viewer=stranger, customer=bought.mrs_zhou) == totals_over(())

    @pytest.mark.parametrize("seed", range(6))
    def test_counts_purchases_by_the_definition(self, cast: Cast, seed: int) -> None:
        history = write_history([cast.mrs_zhou], shop=cast.shop_a, seed=seed, size=40)
        nets = [net_of(history, sale) for sale in history.sales]
        totals = totals_of(viewer=SYSTEM, customer=cast.mrs_zhou)
        assert totals.purchases == sum(net.counts for net in nets)
        assert totals.amount_minor == sum(net.amount for net in nets)
