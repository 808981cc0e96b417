"""Points of one sale: quoted, held, spent with it, given back when it comes to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tests.cast import NOW, Cast
from tests.membership.world import brings_back, gold, holds, open_house, ring
from zhenke.basics.days import local_date
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.membership.operations import earn
from zhenke.membership.operations.holding import HeldPoints, cancel_hold, hold_points, release_ended
from zhenke.membership.queries.holds import open_holds
from zhenke.membership.queries.quoting import quote
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules import BalanceTooLow, Cause, CauseReused, MovementUnknown
from zhenke.membership.rules.earning import SoldLine
from zhenke.membership.rules.spending import HoldOver, PointsTooMany
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, ReturnLine, SaleKeyReused, SaleSlip
from zhenke.staff import SYSTEM

TODAY = local_date(NOW, "Asia/Shanghai")
RING = (SoldLine(1, 1_000_00),)
LATER = NOW + timedelta(minutes=16)


@pytest.fixture
def house(cast: Cast) -> Cast:
    """A house in which Mrs Zhou has 10,000 points."""
    open_house()
    earn(
        customer=cast.mrs_zhou, points=10_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
        months=24, by=SYSTEM, now=NOW,
    )  # fmt: skip
    return cast


def has(cast: Cast) -> int:
    with connection.cursor() as cursor:
        return holds(cursor, cast.mrs_zhou)[0]


def keeps(cast: Cast, points: int = 1_000, key: str = "till:1", *, lines: tuple[SoldLine, ...] = RING) -> HeldPoints:
    return hold_points(
        key=key, customer=cast.mrs_zhou, points=points, lines=lines, shop=cast.shop_a, by=cast.mei, now=NOW
    )


def buys(cast: Cast, *lines: LineSlip, points: int, key: str = "till:1") -> RecordedSale:
    slip = SaleSlip(
        source_key=key, sold_at=NOW, lines=lines, buyer=BuyerSlip(card_number="ZK000001"), spend_points=points
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW)


class TestQuote:
    def test_says_what_it_earns_and_the_most_that_pays(self, house: Cast) -> None:
        lines = (SoldLine(1, 1_000_00), SoldLine(2, 2_000_00, is_by_gram=True))
        told = quote(viewer=house.mei, customer=house.mrs_zhou, shop=house.shop_a, lines=lines, on=TODAY)
        assert (told.spendable, told.most, told.most_worth_minor) == (10_000, 10_000, 100_00)
        assert told.earned == 1_000 + 666
        assert [one.excluded for one in told.payable] == ["", "by_gram"]

    def test_earns_less_on_what_points_pay(self, house: Cast) -> None:
        told = quote(
            viewer=house.mei, customer=house.mrs_zhou, shop=house.shop_a, lines=RING, on=TODAY, spend_points=10_000
        )
        assert told.earned == 900

    def test_tells_a_stranger_nothing(self, house: Cast) -> None:
        with pytest.raises(CustomerUnknown):
            quote(viewer=house.qiao, customer=house.mrs_zhou, shop=house.shop_b, lines=RING, on=TODAY)


class TestHoldPoints:
    def test_keeps_them_from_other_spendings_once(self, house: Cast) -> None:
        first, again = keeps(house), keeps(house)
        assert (first.is_new, again.is_new) == (True, False)
        assert first.until_at == again.until_at == NOW + timedelta(minutes=15)
        assert has(house) == 9_000

    def test_refuses_more_than_the_bill_takes_or_she_has(self, house: Cast) -> None:
        with pytest.raises(PointsTooMany):
            keeps(house, 10_001)
        keeps(house, 10_000)
        with pytest.raises(BalanceTooLow):
            keeps(house, 1, key="till:2")

    def test_refuses_another_number_under_the_same_key(self, house: Cast) -> None:
        keeps(house)
        with pytest.raises(CauseReused):
            keeps(house, 999)


class TestCancelHold:
    def test_gives_back_to_the_same_lots_once(self, house: Cast) -> None:
        keeps(house)
        for _ in range(2):
            cancel_hold(key="till:1", customer=house.mrs_zhou, by=house.mei, now=NOW)
        assert has(house) == 10_000
        with pytest.raises(HoldOver):
            keeps(house)
        assert not [one for one in verify_ledger() if one]

    def test_knows_no_hold_of_somebody_else(self, house: Cast) -> None:
        keeps(house)
        with pytest.raises(MovementUnknown):
            cancel_hold(key="till:1", customer=house.mr_zhou, by=house.mei, now=NOW)

    def test_is_refused_when_the_sale_is_written(self, house: Cast) -> None:
        keeps(house)
        buys(house, ring(1_000_00), points=1_000)
        with pytest.raises(HoldOver):
            cancel_hold(key="till:1", customer=house.mrs_zhou, by=house.mei, now=NOW)


class TestReleaseEnded:
    def test_gives_back_what_is_over_and_twice_nothing_more(self, house: Cast) -> None:
        keeps(house)
        assert release_ended(by=SYSTEM, now=NOW) == 0
        assert [release_ended(by=SYSTEM, now=LATER) for _ in range(2)] == [1, 0]
        assert has(house) == 10_000
        assert open_holds(now=LATER) == []

    def test_leaves_what_a_sale_took(self, house: Cast) -> None:
        keeps(house)
        buys(house, ring(1_000_00), points=1_000)
        assert release_ended(by=SYSTEM, now=LATER) == 0
        assert has(house) == 9_000


class TestASaleThatSpends:
    def test_takes_what_was_held_once_and_earns_on_the_rest(self, house: Cast) -> None:
        keeps(house)
        first, again = (buys(house, ring(1_000_00), points=1_000) for _ in range(2))
        assert (first.is_new, again.is_new, has(house)) == (True, False, 9_000)
        assert (first.spent.points, first.spent.worth_minor, first.awarded.earned) == (1_000, 10_00, 990)

    def test_needs_no_hold_and_takes_other_points_than_were_held(self, house: Cast) -> None:
        keeps(house)
        buys(house, ring(1_000_00), points=2_000)
        assert has(house) == 8_000

    def test_without_points_gives_back_what_was_held(self, house: Cast) -> None:
        keeps(house)
        buys(house, ring(1_000_00), points=0)
        assert has(house) == 10_000

    def test_spends_after_its_hold_has_ended(self, house: Cast) -> None:
        keeps(house)
        release_ended(by=SYSTEM, now=LATER)
        buys(house, ring(1_000_00), points=1_000)
        assert has(house) == 9_000

    def test_is_refused_whole_when_too_many_are_asked_for(self, house: Cast) -> None:
        for lines, error in (((ring(1_00),), PointsTooMany), ((gold(9_000_00),), PointsTooMany)):
            with pytest.raises(error):
                buys(house, *lines, points=1_000)
        with pytest.raises(BalanceTooLow):
            buys(house, ring(9_000_00), points=10_001)
        assert not Sale.objects.exists()

    def test_says_so_when_a_known_receipt_comes_with_other_points(self, house: Cast) -> None:
        buys(house, ring(1_000_00), points=1_000)
        with pytest.raises(SaleKeyReused):
            buys(house, ring(1_000_00), points=900)


class TestAReturnOfIt:
    def test_gives_back_by_share_and_the_rest_with_the_last_piece(self, house: Cast) -> None:
        line = replace(ring(3_000_00, quantity=3), line_key="1")
        sale = buys(house, line, points=1_000).sale
        brings_back(house, sale, ReturnLine("1", quantity=1))
        assert has(house) == 9_333
        brings_back(house, sale, ReturnLine("1", quantity=2))
        assert has(house) == 10_000
        assert not [one for one in verify_ledger() if one]
