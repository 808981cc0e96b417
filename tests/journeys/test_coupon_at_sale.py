"""A sale with a coupon: taken off the lines that count, used once, both or neither, given back when all comes back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import NOW, Cast
from tests.membership.world import brings_back, gold, open_house, ring

from zhenke.basics.days import local_date
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.membership.models import Coupon, CouponUse
from zhenke.membership.operations import earn
from zhenke.membership.operations.coupons import issue_coupons, save_coupon_kind
from zhenke.membership.rules import Cause
from zhenke.membership.rules.coupons import CouponKindUnknown, CouponRefused, CouponTerms, CouponUsed
from zhenke.membership.rules.spending import PointsTooMany
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, ReturnLine, SaleSlip
from zhenke.staff import SYSTEM

TODAY = local_date(NOW, "Asia/Shanghai")


@pytest.fixture
def coupon(cast: Cast) -> Coupon:
    """¥100 off set pieces from ¥300 on, held by Mrs Zhou."""
    open_house()
    kind = save_coupon_kind(
        key="hundred", names=("Hundred", "百元券"), terms=CouponTerms("fixed", off_minor=100_00, least_minor=300_00),
        first_date=TODAY, last_date=date(2026, 12, 31), by=SYSTEM, now=NOW,
    )  # fmt: skip
    issue_coupons(kind=kind.pk, customer_ids=[cast.mrs_zhou.pk], cause="gift", on_date=TODAY, by=SYSTEM, now=NOW)
    return Coupon.objects.get()


def buys(
    cast: Cast, coupon: int, *lines: LineSlip, key: str = "desk:1", buyer: int = 0, points: int = 0
) -> RecordedSale:
    slip = SaleSlip(
        source_key=key, sold_at=NOW, lines=lines, buyer=BuyerSlip(customer_id=buyer or cast.mrs_zhou.pk),
        spend_points=points, coupon=coupon,
    )  # fmt: skip
    return record_sale(slip=slip, by=cast.mei, now=NOW)


class TestRecordSale:
    def test_takes_it_off_the_lines_that_count_by_what_was_asked(self, cast: Cast, coupon: Coupon) -> None:
        sale = buys(cast, coupon.pk, ring(200_00), gold(900_00), ring(100_00)).sale
        assert [line.amount_minor for line in sale.lines.order_by("pk")] == [133_33, 900_00, 66_67]
        assert sale.amount_minor == 1_100_00
        assert (Coupon.objects.get().state, CouponUse.objects.get().saved_minor) == ("used", 100_00)

    def test_is_the_same_sale_twice_and_earns_on_what_was_paid(self, cast: Cast, coupon: Coupon) -> None:
        first, again = (buys(cast, coupon.pk, ring(1_000_00)) for _ in range(2))
        assert (first.sale, first.is_new, again.is_new) == (again.sale, True, False)
        assert first.awarded.earned == 900
        assert CouponUse.objects.count() == 1

    def test_is_refused_a_second_time_and_writes_no_sale_then(self, cast: Cast, coupon: Coupon) -> None:
        buys(cast, coupon.pk, ring(1_000_00))
        with pytest.raises(CouponUsed):
            buys(cast, coupon.pk, ring(1_000_00), key="desk:2")
        assert Sale.objects.count() == 1

    @pytest.mark.parametrize("lines", [(ring(299_00),), (gold(5_000_00),)])
    def test_is_refused_on_a_bill_that_does_not_bear_it(
        self, cast: Cast, coupon: Coupon, lines: tuple[LineSlip, ...]
    ) -> None:
        with pytest.raises(CouponRefused):
            buys(cast, coupon.pk, *lines)
        assert (Sale.objects.count(), Coupon.objects.get().state) == (0, "issued")

    def test_is_nobody_elses(self, cast: Cast, coupon: Coupon) -> None:
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.mei, shop=cast.shop_a)
        with pytest.raises(CouponKindUnknown):
            buys(cast, coupon.pk, ring(1_000_00), buyer=cast.mr_zhou.pk)
        with pytest.raises(CustomerUnknown):
            buys(cast, coupon.pk, ring(1_000_00), buyer=1)
        assert not Sale.objects.exists()

    def test_lets_points_pay_a_part_of_what_is_left(self, cast: Cast, coupon: Coupon) -> None:
        earn(
            customer=cast.mrs_zhou, points=9_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
            months=24, by=SYSTEM, now=NOW,
        )  # fmt: skip
        with pytest.raises(PointsTooMany):
            buys(cast, coupon.pk, ring(1_000_00), points=9_001)
        made = buys(cast, coupon.pk, ring(1_000_00), points=9_000)
        assert (made.sale.amount_minor, made.spent.worth_minor, made.awarded.earned) == (900_00, 90_00, 810)

    def test_comes_back_with_the_sale(self, cast: Cast, coupon: Coupon) -> None:
        sale = buys(cast, coupon.pk, ring(1_000_00)).sale
        back = brings_back(cast, sale, ReturnLine("1", quantity=1))
        assert (back.amount_minor, Coupon.objects.get().state) == (-900_00, "issued")
        assert buys(cast, coupon.pk, ring(500_00), key="desk:2").sale.amount_minor == 400_00
        assert (
            buys(cast, coupon.pk, ring(1_000_00)).sale == sale
        )  # the first receipt again, though another used it since
        assert CouponUse.objects.filter(returned_at=None).count() == 1
