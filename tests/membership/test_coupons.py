"""Coupons: what they take off a bill, issued, claimed, used once, returned with the sale."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.cast import NOW, Cast, gather
from tests.membership.world import brings_back, buys, open_house, ring
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.membership.models import Coupon, CouponKind, CouponUse
from zhenke.membership.operations.coupons import (
    CouponBillDiffers,
    CouponHadBefore,
    CouponKindUnknown,
    CouponNotHers,
    CouponNotOpen,
    CouponRefused,
    CouponsApart,
    CouponUsed,
    claim_coupon,
    end_coupon_kind,
    issue_coupons,
    return_coupons,
    save_coupon_kind,
    use_coupons,
)
from zhenke.membership.queries.coupons import check_coupons, coupon_kinds, coupons_of
from zhenke.membership.rules.coupons import (
    BillLine,
    CouponTerms,
    CouponWrong,
    coupon_value,
    may_lie_together,
)
from zhenke.sales.models import Sale
from zhenke.sales.rules import ReturnLine
from zhenke.staff import SYSTEM

TODAY = date(2026, 11, 22)
LATER = TODAY + timedelta(days=90)
RING, GOLD = BillLine(1_999_99, False, "ring"), BillLine(5_000_00, True, "bangle")
FIXED = CouponTerms("fixed", off_minor=100_00, least_minor=500_00)


def value(terms: CouponTerms, *lines: BillLine, **changed: object) -> tuple[int, str]:
    given = {"first_date": TODAY, "last_date": LATER, "on": TODAY, **changed}
    found = coupon_value(terms, lines=lines, **given)  # type: ignore[arg-type]
    return found.saved_minor, found.refused


class TestCouponValue:
    STEPS = CouponTerms("spend_and_save", steps=((1_000_00, 80_00), (3_000_00, 300_00)))

    @pytest.mark.parametrize(
        ("terms", "lines", "saved", "refused"),
        [
            (FIXED, [RING], 100_00, ""),
            (FIXED, [BillLine(499_99)], 0, "too_little"),
            (FIXED, [GOLD], 0, "nothing_counts"),
            (CouponTerms("fixed", off_minor=100_00, with_gram=True), [GOLD], 100_00, ""),
            (CouponTerms("fixed", off_minor=100_00), [BillLine(60_00)], 60_00, ""),
            (CouponTerms("fixed", off_minor=100_00, categories=("pendant",)), [RING], 0, "nothing_counts"),
            (CouponTerms("percent", percent=10), [RING], 199_99, ""),
            (CouponTerms("percent", percent=10, most_minor=100_00), [RING, GOLD], 100_00, ""),
            (STEPS, [BillLine(999_99)], 0, "too_little"),
            (STEPS, [RING], 80_00, ""),
            (STEPS, [RING, RING], 300_00, ""),
            (CouponTerms("partner", partner="茶馆"), [RING], 0, "partner"),
        ],
    )
    def test_follows_the_terms(self, terms: CouponTerms, lines: list[BillLine], saved: int, refused: str) -> None:
        assert value(terms, *lines) == (saved, refused)

    def test_is_nothing_outside_its_days_or_on_a_first_purchase(self) -> None:
        assert value(FIXED, RING, on=LATER + timedelta(days=1)) == (0, "over")
        assert value(FIXED, RING, on=TODAY - timedelta(days=1)) == (0, "not_yet")
        again = CouponTerms("repurchase", off_minor=50_00)
        assert value(again, RING, bought_before=False) == (0, "first_purchase")
        assert value(again, RING) == (50_00, "")

    def test_says_what_the_bill_lacks(self) -> None:
        found = coupon_value(FIXED, lines=[BillLine(420_00)], first_date=TODAY, last_date=LATER, on=TODAY)
        assert found.missing_minor == 80_00


class TestCouponTerms:
    @pytest.mark.parametrize(
        ("plain", "field"),
        [
            ({"kind": "gift"}, "kind"),
            ({"kind": "fixed", "colour": "red"}, "colour"),
            ({"kind": "fixed"}, "off_minor"),
            ({"kind": "fixed", "off_minor": 100, "least_minor": 50}, "least_minor"),
            ({"kind": "percent", "percent": 101}, "percent"),
            ({"kind": "spend_and_save"}, "steps"),
            ({"kind": "spend_and_save", "steps": [[100, 200]]}, "steps"),
            ({"kind": "partner"}, "partner"),
            ({"kind": "percent", "percent": 5, "per_person": 0}, "per_person"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, plain: dict[str, object], field: str) -> None:
        with pytest.raises(CouponWrong) as refusal:
            CouponTerms.from_plain(plain)
        assert refusal.value.facts["field"] == field

    def test_comes_back_as_it_was(self) -> None:
        assert CouponTerms.from_plain(TestCouponValue.STEPS.to_plain()) == TestCouponValue.STEPS

    def test_lies_beside_another_only_when_both_stack(self) -> None:
        stacking = CouponTerms("percent", percent=5, stacks=True)
        assert may_lie_together([stacking, stacking])
        assert may_lie_together([FIXED])
        assert not may_lie_together([FIXED, stacking])


@pytest.fixture
def house(cast: Cast) -> Cast:
    open_house()
    return cast


def kind(terms: CouponTerms = FIXED, *, key: str = "welcome", is_open: bool = False) -> CouponKind:
    return save_coupon_kind(
        key=key, names=("Welcome", "见面礼"), terms=terms, first_date=TODAY, last_date=LATER, is_open=is_open,
        by=SYSTEM, now=NOW,
    )  # fmt: skip


def issued(cast: Cast, one: CouponKind, cause: str = "c1") -> Coupon:
    issue_coupons(kind=one.pk, customer_ids=[cast.mrs_zhou.pk], cause=cause, on_date=TODAY, by=cast.lin, now=NOW)
    return Coupon.objects.filter(kind=one).latest("pk")


def used(cast: Cast, sale: Sale, *coupons: Coupon, bill: int = 1_000_00, cause: str = "till:1") -> list[CouponUse]:
    keys = [one.pk for one in coupons]
    lines = [BillLine(bill, False, "ring")]
    return use_coupons(coupons=keys, sale=sale, lines=lines, cause=cause, by=cast.mei, now=NOW)


class TestSaveCouponKind:
    def test_changes_nothing_the_second_time(self, house: Cast) -> None:
        assert kind() == kind()
        with pytest.raises(NotAllowed):
            save_coupon_kind(
                key="x", names=("a", "b"), terms=FIXED, first_date=TODAY, last_date=LATER, by=house.lin, now=NOW
            )

    def test_leaves_coupons_that_are_out_as_they_were(self, house: Cast) -> None:
        out = issued(house, kind())
        kind(CouponTerms("percent", percent=5))
        out.refresh_from_db()
        assert CouponTerms.from_plain(out.terms) == FIXED


class TestIssueCoupons:
    def test_gives_each_one_once(self, house: Cast) -> None:
        one = kind()
        both = [house.mrs_zhou.pk, house.mr_zhou.pk]
        told = [
            issue_coupons(kind=one.pk, customer_ids=both, cause="c1", on_date=TODAY, by=house.lin, now=NOW)
            for _ in range(2)
        ]
        assert [(found.made, found.had) for found in told] == [(2, 0), (0, 2)]

    def test_ends_its_days_with_the_kind(self, house: Cast) -> None:
        assert issued(house, kind(CouponTerms("percent", percent=5, valid_days=10))).last_date == date(2026, 12, 2)
        assert issued(house, kind(CouponTerms("percent", percent=5, valid_days=999), key="b")).last_date == LATER

    def test_issues_none_of_a_kind_that_is_ended(self, house: Cast) -> None:
        one = kind()
        assert [end_coupon_kind(kind=one.pk, by=house.zhu, now=NOW) for _ in range(2)] == [True, False]
        with pytest.raises(CouponKindUnknown):
            issued(house, one)


class TestClaimCoupon:
    def test_gives_one_of_an_open_kind_and_no_more_than_one_may_have(self, house: Cast) -> None:
        one, her = kind(is_open=True), house.mrs_zhou
        first = claim_coupon(kind=one.pk, customer=her, cause="k1", by=house.mei, now=NOW)
        assert claim_coupon(kind=one.pk, customer=her, cause="k1", by=house.mei, now=NOW) == first
        with pytest.raises(CouponHadBefore):
            claim_coupon(kind=one.pk, customer=her, cause="k2", by=house.mei, now=NOW)
        with pytest.raises(CouponNotOpen):
            claim_coupon(kind=kind(key="b").pk, customer=her, cause="k3", by=house.mei, now=NOW)


class TestUseCoupons:
    def test_is_done_once(self, house: Cast) -> None:
        out, sale = issued(house, kind()), buys(house, ring(900_00))
        assert used(house, sale, out)[0].saved_minor == 100_00
        assert len(used(house, sale, out)) == 1
        with pytest.raises(CouponUsed):
            used(house, sale, out, cause="till:2")
        assert CouponUse.objects.count() == 1

    def test_is_refused_on_another_bill_or_anothers_sale(self, house: Cast) -> None:
        out = issued(house, kind())
        with pytest.raises(CouponBillDiffers):
            used(house, buys(house, ring(850_00)), out)
        with pytest.raises(CouponNotHers):
            used(house, buys(house, ring(900_00), card="ZK000002"), out)
        with pytest.raises(CouponRefused):
            used(house, buys(house, ring(400_00)), out, bill=400_00)
        out.refresh_from_db()
        assert out.state == "issued"

    def test_takes_two_only_when_both_stack(self, house: Cast) -> None:
        one = CouponTerms("fixed", off_minor=50_00, stacks=True)
        coupons = [issued(house, kind(one, key=key), key) for key in ("a", "b")]
        alone = issued(house, kind(), "c")
        sale = buys(house, ring(900_00))
        with pytest.raises(CouponsApart):
            used(house, sale, coupons[0], alone)
        assert [use.saved_minor for use in used(house, sale, *coupons)] == [50_00, 50_00]

    def test_comes_back_with_the_sale(self, house: Cast) -> None:
        out, sale = issued(house, kind()), buys(house, ring(900_00))
        used(house, sale, out)
        brings_back(house, sale, ReturnLine("1", 1))
        out.refresh_from_db()
        assert out.state == "issued"
        assert return_coupons(sale=sale, by=SYSTEM, now=NOW) == 0
        again = buys(house, ring(900_00))
        assert used(house, again, out, cause="till:3")[0].sale == again


class TestCheckCoupons:
    def test_tells_what_each_takes_off_the_most_first(self, house: Cast) -> None:
        issued(house, kind()), issued(house, kind(CouponTerms("percent", percent=20), key="b"), "c2")
        found = check_coupons(viewer=house.mei, customer=house.mrs_zhou, lines=[RING], on=TODAY)
        assert [one.value.saved_minor for one in found] == [399_99, 100_00]

    def test_shows_a_stranger_nothing(self, house: Cast) -> None:
        issued(house, kind())
        for viewer in (house.qiao, house.tao, house.other, house.an):
            assert coupons_of(viewer=viewer, customer=house.mrs_zhou) == []
            assert check_coupons(viewer=viewer, customer=house.mrs_zhou, lines=[RING], on=TODAY) == []

    def test_counts_by_kind(self, house: Cast) -> None:
        out, sale = issued(house, kind()), buys(house, ring(900_00))
        used(house, sale, out)
        assert [(row.issued, row.used, row.saved_minor) for row in coupon_kinds(viewer=house.lin)] == [(1, 1, 100_00)]
        for viewer in (house.qiao, house.other, house.an):
            assert [(row.issued, row.used, row.saved_minor) for row in coupon_kinds(viewer=viewer)] == [(0, 0, 0)]


class TestHerArchive:
    def test_is_told_and_forgotten(self, house: Cast) -> None:
        out = issued(house, kind())
        told = gather_access_pack(
            customer=house.mrs_zhou, checked="known_in_person", limits=EXPORT_LIMITS, by=house.lin, now=NOW
        )
        assert [row["state"] for row in told["coupons"]] == ["issued"]
        forget_customer(customer_id=house.mrs_zhou.pk, by=SYSTEM, now=NOW)
        out.refresh_from_db()
        assert out.customer_id is None
        assert str(house.mrs_zhou.pk) not in out.cause


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_uses_one_coupon_once(self) -> None:
        with transaction.atomic():
            cast = gather()
        open_house()
        out, sale = issued(cast, kind()), buys(cast, ring(900_00))
        outcomes = self._run(40, lambda number: used(cast, sale, out, cause=f"till:{number}"))
        assert outcomes.count("ok") == 1
        assert set(outcomes) == {"ok", "coupon_used"}

    def _run(self, count: int, act: Callable[[int], object], threads: int = 8) -> list[str]:
        barrier = Barrier(threads)

        def work(first: int) -> list[str]:
            barrier.wait()
            found = []
            for number in range(first, count, threads):
                try:
                    act(number)
                    found.append("ok")
                except RuleBroken as refusal:
                    found.append(refusal.code)
            connection.close()
            return found

        with ThreadPoolExecutor(threads) as pool:
            return [one for part in pool.map(work, range(threads)) for one in part]
