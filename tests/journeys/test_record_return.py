"""Pieces come back, and every room learns of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.care.models import Task
from zhenke.care.operations import load_default_plans
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.models import Grade
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.record_return import record_return
from zhenke.journeys.record_sale import record_sale
from zhenke.sales.models import Sale
from zhenke.sales.rules import AlreadyReturned, LineSlip, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff import SYSTEM

LATER = NOW + timedelta(days=3)
RING = LineSlip(description="ring", amount_minor=5_000_00)
BEADS = LineSlip(description="beads", quantity=2, amount_minor=1_000_00)
BACK = ReturnSlip(source_key="r1", sold_at=LATER, sale="s1", lines=(ReturnLine("1"), ReturnLine("2")))


@pytest.fixture
def sale(cast: Cast) -> Sale:
    """A ring and two beads, sold to Mrs Zhou by Mei, with the care that follows."""
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
    ensure_first_scheme(NOW)
    slip = SaleSlip(source_key="s1", sold_at=NOW, lines=(RING, BEADS), buyer=BuyerSlip(customer_id=cast.mrs_zhou.pk))
    return record_sale(slip=slip, by=cast.mei, now=NOW).sale


def _open_tasks(sale: Sale) -> int:
    return Task.objects.filter(sale=sale, state="open").count()


class TestRecordReturn:
    def test_calls_off_the_care_of_what_is_wholly_back(self, cast: Cast, sale: Sale) -> None:
        planned = _open_tasks(sale)
        assert planned > 0
        recorded = record_return(slip=BACK, by=cast.mei, now=LATER)
        assert (recorded.bought, recorded.customer, recorded.is_new) == (sale, cast.mrs_zhou, True)
        assert recorded.sale.amount_minor == -6_000_00
        assert (recorded.cancelled, _open_tasks(sale)) == (planned, 0)

    def test_makes_a_buyer_of_nothing_a_prospect_again(self, cast: Cast, sale: Sale) -> None:
        assert Grade.objects.get(customer=cast.mrs_zhou).letter
        grade = record_return(slip=BACK, by=cast.mei, now=LATER).grade
        assert grade is not None
        assert (grade.letter, grade.lifecycle, grade.lifetime_frequency) == ("", "prospect", 0)

    def test_leaves_the_care_of_what_she_keeps(self, cast: Cast, sale: Sale) -> None:
        planned = _open_tasks(sale)
        recorded = record_return(
            slip=replace(BACK, lines=(ReturnLine("1"), ReturnLine("2", 1))), by=cast.mei, now=LATER
        )
        assert (recorded.cancelled, _open_tasks(sale)) == (0, planned)
        assert recorded.grade is not None
        assert (recorded.grade.frequency, recorded.grade.amount_minor) == (1, 500_00)

    def test_plans_new_care_for_an_exchange(self, cast: Cast, sale: Sale) -> None:
        new = LineSlip(description="bracelet", amount_minor=8_000_00)
        recorded = record_return(slip=replace(BACK, new_lines=(new,)), by=cast.mei, now=LATER)
        assert (recorded.sale.kind, recorded.sale.amount_minor) == ("exchange", 2_000_00)
        assert recorded.tasks and {task.sale for task in recorded.tasks} == {recorded.sale}
        assert recorded.tasks[0].reason["piece"] == "bracelet"
        assert _open_tasks(sale) == 0

    @pytest.mark.parametrize("new", [(), (LineSlip(description="bracelet", amount_minor=1),)])
    def test_twice_is_the_same_receipt_and_writes_nothing(
        self, cast: Cast, sale: Sale, new: tuple[LineSlip, ...]
    ) -> None:
        slip = replace(BACK, new_lines=new)
        first = record_return(slip=slip, by=cast.mei, now=LATER)
        before = (Sale.objects.count(), Task.objects.count(), _open_tasks(first.sale))
        again = record_return(slip=slip, by=cast.mei, now=LATER + timedelta(minutes=5))
        assert (again.is_new, again.sale, again.grade) == (False, first.sale, first.grade)
        assert {task.pk for task in again.tasks} == {task.pk for task in first.tasks}
        assert (Sale.objects.count(), Task.objects.count(), _open_tasks(first.sale)) == before

    def test_takes_nothing_back_twice(self, cast: Cast, sale: Sale) -> None:
        record_return(slip=BACK, by=cast.mei, now=LATER)
        with pytest.raises(AlreadyReturned):
            record_return(slip=replace(BACK, source_key="r2"), by=cast.mei, now=LATER)

    def test_takes_back_with_the_receipt_in_any_shop_of_the_brand(self, cast: Cast, sale: Sale) -> None:
        recorded = record_return(slip=BACK, by=cast.qiao, now=LATER)
        assert (recorded.sale.shop, recorded.sale.advisor, recorded.customer) == (
            cast.shop_b,
            cast.qiao,
            cast.mrs_zhou,
        )

    def test_hides_the_sale_by_its_key_from_strangers(self, cast: Cast, sale: Sale) -> None:
        for stranger in (cast.qiao, cast.tao):
            with pytest.raises(NotFound):
                record_return(slip=replace(BACK, sale=sale.pk), by=stranger, now=LATER)
        assert record_return(slip=replace(BACK, sale=sale.pk), by=cast.lin, now=LATER).is_new

    def test_hides_the_receipt_from_another_brand(self, cast: Cast, sale: Sale) -> None:
        cast.other_brand.kind = "shop"
        cast.other_brand.save()
        with pytest.raises(NotFound):
            record_return(slip=BACK, by=cast.other, now=LATER)

    def test_is_not_for_everybody(self, cast: Cast, sale: Sale) -> None:
        with pytest.raises(NotAllowed):
            record_return(slip=BACK, by=cast.shu, now=LATER)

    def test_takes_back_from_a_sale_without_a_name(self, cast: Cast, sale: Sale) -> None:
        slip = SaleSlip(source_key="s2", sold_at=NOW, lines=(RING,))
        record_sale(slip=slip, by=cast.mei, now=NOW)
        recorded = record_return(
            slip=replace(BACK, sale="s2", source_key="r2", lines=(ReturnLine("1"),)), by=cast.mei, now=LATER
        )
        assert (recorded.customer, recorded.grade, recorded.sale.amount_minor) == (None, None, -5_000_00)
