"""Pieces come back, never more than were bought."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from tests.cast import NOW, Cast, gather

from zhenke.sales.models import Sale
from zhenke.sales.operations import AddedSale, add_return, add_sale
from zhenke.sales.queries import purchase_summary
from zhenke.sales.rules import (
    AlreadyReturned,
    BadSlip,
    CurrencyMismatch,
    LineSlip,
    NotReturnable,
    RefundTooHigh,
    ReturnLine,
    ReturnSlip,
    SaleKeyReused,
    SaleSlip,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

LATER = NOW + timedelta(days=2)
BEADS = LineSlip(description="beads", quantity=3, amount_minor=1_000, cost_minor=600, weight_mg=90, is_gift=True)
RING = LineSlip(description="ring", amount_minor=5_000, cost_minor=3_000)
SLIP = ReturnSlip(source_key="r1", sold_at=LATER, sale="s1", lines=(ReturnLine("1", 1),))


def _sell(cast: Cast) -> Sale:
    slip = SaleSlip(source_key="s1", sold_at=NOW, lines=(BEADS, RING))
    return add_sale(slip=slip, customer=cast.mrs_zhou, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW).sale


def _return(cast: Cast, sale: Sale, slip: ReturnSlip = SLIP) -> AddedSale:
    return add_return(slip=slip, sale=sale, shop=cast.shop_a, advisor=cast.tao, by=cast.tao, now=LATER)


@pytest.fixture
def sale(cast: Cast) -> Sale:
    """Three beads and a ring, bought by Mrs Zhou."""
    return _sell(cast)


class TestAddReturn:
    def test_writes_negative_lines_that_point_at_the_bought_ones(self, cast: Cast, sale: Sale) -> None:
        back = _return(cast, sale).sale
        line = back.lines.get()
        assert (back.kind, back.returns, back.customer, back.amount_minor) == ("return", sale, cast.mrs_zhou, -333)
        assert (line.quantity, line.cost_minor, line.weight_mg, line.is_gift) == (-1, -200, -30, True)
        assert line.returned_line == sale.lines.get(line_key="1")

    def test_leaves_a_line_in_the_audit_trail(self, cast: Cast, sale: Sale) -> None:
        back = _return(cast, sale).sale
        entry = AuditEntry.objects.get(action="pieces_returned")
        assert (entry.actor, entry.subject_id, entry.facts) == (cast.tao, sale.pk, {"receipt": back.pk})

    def test_twice_is_the_same_receipt_and_writes_nothing(self, cast: Cast, sale: Sale) -> None:
        whole = replace(SLIP, lines=(ReturnLine("1"),))
        first = _return(cast, sale, whole)
        again = _return(cast, sale, whole)
        assert (first.is_new, again.is_new, again.sale) == (True, False, first.sale)
        assert Sale.objects.count() == 2
        assert AuditEntry.objects.filter(action="pieces_returned").count() == 1

    def test_names_what_differs_under_a_used_key(self, cast: Cast, sale: Sale) -> None:
        _return(cast, sale)
        with pytest.raises(SaleKeyReused) as refused:
            _return(cast, sale, replace(SLIP, lines=(ReturnLine("1", 2),)))
        assert "lines[back:1].quantity" in str(refused.value.facts["differences"])
        with pytest.raises(SaleKeyReused):
            _return(cast, sale, replace(SLIP, source_key="s1"))

    def test_never_takes_back_more_than_was_bought(self, cast: Cast, sale: Sale) -> None:
        _return(cast, sale, replace(SLIP, lines=(ReturnLine("1", 2),)))
        with pytest.raises(AlreadyReturned) as refused:
            _return(cast, sale, replace(SLIP, source_key="r2", lines=(ReturnLine("1", 2),)))
        assert refused.value.facts == {"line": "1", "left": 1, "wanted": 2}
        rest = _return(cast, sale, replace(SLIP, source_key="r3", lines=(ReturnLine("1"),)))
        assert rest.sale.amount_minor == -334
        with pytest.raises(AlreadyReturned):
            _return(cast, sale, replace(SLIP, source_key="r4"))

    def test_never_pays_back_more_than_was_paid(self, cast: Cast, sale: Sale) -> None:
        with pytest.raises(RefundTooHigh):
            _return(cast, sale, replace(SLIP, lines=(ReturnLine("2", 1, 5_001),)))

    def test_keeps_a_fee(self, cast: Cast, sale: Sale) -> None:
        back = _return(cast, sale, replace(SLIP, lines=(ReturnLine("2", 1, 4_900),))).sale
        assert (back.amount_minor, back.cost_minor) == (-4_900, -3_000)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"lines": (ReturnLine("9"),)}, "line_unknown"),
            ({"sold_at": NOW - timedelta(seconds=1)}, "returned_before_sold"),
        ],
    )
    def test_refuses_what_cannot_be(self, cast: Cast, sale: Sale, change: dict[str, object], code: str) -> None:
        with pytest.raises(BadSlip) as refused:
            _return(cast, sale, replace(SLIP, **change))
        assert refused.value.code == code

    def test_takes_nothing_back_from_a_return(self, cast: Cast, sale: Sale) -> None:
        back = _return(cast, sale).sale
        with pytest.raises(NotReturnable):
            _return(cast, back, replace(SLIP, source_key="r2", lines=(ReturnLine("back:1"),)))

    def test_takes_nothing_back_in_another_currency(self, cast: Cast, sale: Sale) -> None:
        cast.shop_a.currency = "HKD"
        with pytest.raises(CurrencyMismatch):
            _return(cast, sale)

    def test_exchanges_on_one_receipt(self, cast: Cast, sale: Sale) -> None:
        new = LineSlip(description="bracelet", amount_minor=7_000, cost_minor=4_000)
        slip = replace(SLIP, lines=(ReturnLine("1"), ReturnLine("2")), new_lines=(new,))
        exchange = _return(cast, sale, slip).sale
        assert (exchange.kind, exchange.amount_minor, exchange.line_count) == ("exchange", 1_000, 3)
        summary = purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=LATER.date())
        assert (summary.frequency, summary.amount_minor, summary.margin_minor) == (1, 7_000, 3_000)
        assert summary.first_bought_date == exchange.sold_date

    def test_takes_back_a_piece_of_an_exchange(self, cast: Cast, sale: Sale) -> None:
        new = LineSlip(description="bracelet", amount_minor=7_000)
        exchange = _return(cast, sale, replace(SLIP, lines=(ReturnLine("2"),), new_lines=(new,))).sale
        back = _return(cast, exchange, replace(SLIP, source_key="r2", lines=(ReturnLine("1"),))).sale
        assert (back.amount_minor, back.returns) == (-7_000, exchange)
        with pytest.raises(BadSlip):
            _return(cast, exchange, replace(SLIP, source_key="r3", lines=(ReturnLine("back:1"),)))


@pytest.mark.django_db(transaction=True)
class TestAddReturnAtTheSameMoment:
    def test_takes_each_bead_back_once(self) -> None:
        cast = gather()
        sale = _sell(cast)

        def come_back(number: int) -> bool:
            try:
                return _return(cast, sale, replace(SLIP, source_key=f"r{number}")).is_new
            except AlreadyReturned:
                return False
            finally:
                connections.close_all()

        with ThreadPoolExecutor(6) as pool:
            told = list(pool.map(come_back, range(6)))
        assert sum(told) == 3
        assert sum(line.quantity for line in sale.lines.get(line_key="1").returned_by.all()) == -3
