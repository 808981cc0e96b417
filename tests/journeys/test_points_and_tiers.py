"""What a receipt earns, what a return takes back, and how tiers follow, through the journeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils.translation import override
from tests.cast import NOW, Cast
from tests.membership.world import brings_back, buys, gold, holds, member, open_house, ring

from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.words.pack import pack_words
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.review_tiers import review_tiers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.membership.models import EarnedLine, Membership, PointsEntry, TierChange
from zhenke.membership.operations.rights import give_right
from zhenke.membership.operations.rules import publish_rules
from zhenke.membership.operations.undoing import forget_members, mark_for_review
from zhenke.membership.queries.by_hand import served_as_members
from zhenke.membership.queries.earned import why_points
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.programme import Rules
from zhenke.sales.models import Sale
from zhenke.sales.rules import ReturnLine
from zhenke.staff import SYSTEM


@pytest.fixture
def house(cast: Cast) -> Cast:
    open_house()
    return cast


def points(cast: Cast) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        return holds(cursor, cast.mrs_zhou)


def with_rules(**changed: object) -> Rules:
    """Publish the rules in force with other numbers of their tiers."""
    held = rules_now()
    assert held is not None
    tried = replace(held.rules, tiers=replace(held.rules.tiers, **changed))
    publish_rules(rules=tried.to_plain(), by=SYSTEM, now=NOW)
    return tried


class TestASale:
    def test_earns_line_by_line_and_says_why(self, house: Cast) -> None:
        sale = buys(house, ring(1_000_00), gold(1_000_00))
        assert points(house) == (0, 1333, 0), "they wait fifteen days"
        told = why_points(viewer=house.mei, sale=sale)
        assert [(one.points, one.why.rate_of, one.why.tier) for one in told if one.why] == [
            (1000, "fixed", "member"),
            (333, "gram", "member"),
        ]

    def test_may_be_spent_at_once_when_its_waiting_is_long_over(self, house: Cast) -> None:
        buys(house, ring(1_000_00), days_ago=0)
        entry = PointsEntry.objects.get(kind="earn")
        assert (entry.cause_kind, entry.rules_version, entry.by_id) == ("sale_line", 1, house.mei.pk)

    def test_earns_once_when_the_same_receipt_comes_twice(self, house: Cast) -> None:
        for _ in range(2):
            buys(house, ring(1_000_00), key="till:same")
        assert points(house) == (0, 1000, 0)

    def test_earns_by_the_tier_that_she_had_before(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        assert (member(house.mrs_zhou).tier, points(house)) == ("gold", (0, 30_000, 0))
        buys(house, ring(1_000_00))
        assert points(house) == (0, 31_200, 0)

    def test_doubles_in_the_month_of_her_birthday(self, house: Cast) -> None:
        add_date(customer=house.mrs_zhou, kind="birthday", day=DayOfYear(11, 3), by=SYSTEM, now=NOW)
        sale = buys(house, ring(1_000_00))
        assert points(house) == (0, 2000, 0)
        why = why_points(viewer=SYSTEM, sale=sale)[0].why
        assert why is not None
        assert (why.times_of, why.times_percent) == ("birthday", 200)

    def test_earns_nothing_for_nobody_a_company_or_a_house_without_programme(self, house: Cast) -> None:
        buys(house, ring(1_000_00), card="")
        Customer.objects.filter(pk=house.mrs_zhou.pk).update(kind="company")
        sale = buys(house, ring(1_000_00))
        assert points(house) == (0, 0, 0)
        assert [one.why.excluded for one in why_points(viewer=SYSTEM, sale=sale) if one.why] == ["organisation"]
        assert not Membership.objects.exists()

    def test_tells_a_stranger_nothing(self, house: Cast) -> None:
        sale = buys(house, ring(1_000_00))
        assert why_points(viewer=house.qiao, sale=sale) == []
        assert why_points(viewer=house.other, sale=sale) == []


class TestPiecesThatComeBack:
    def test_take_their_points_with_them(self, house: Cast) -> None:
        sale = buys(house, ring(999_00, quantity=3))
        brings_back(house, sale, ReturnLine("1", 1))
        assert points(house) == (0, 666, 0)
        back = brings_back(house, sale, ReturnLine("1"))
        assert points(house) == (0, 0, 0)
        assert [one.points for one in why_points(viewer=SYSTEM, sale=back)] == [-666]

    def test_take_them_once_when_the_same_return_comes_twice(self, house: Cast) -> None:
        sale = buys(house, ring(999_00, quantity=3))
        for _ in range(2):
            brings_back(house, sale, ReturnLine("1", 1), key="back:same")
        assert points(house) == (0, 666, 0)

    def test_take_the_tier_back_after_its_grace(self, house: Cast) -> None:
        sale = buys(house, ring(30_000_00))
        brings_back(house, sale, ReturnLine("1"))
        held = member(house.mrs_zhou)
        assert (held.tier, held.other_minor, held.grace_until_date) == ("gold", 0, date(2026, 12, 22))

    @pytest.mark.parametrize(
        ("new", "after"), [(1_500_00, 1500), (1_000_00, 1000), (400_00, 400)], ids=["dearer", "alike", "cheaper"]
    )
    def test_earn_on_the_difference_only_when_they_are_exchanged(self, house: Cast, new: int, after: int) -> None:
        sale = buys(house, ring(1_000_00))
        swap = brings_back(house, sale, ReturnLine("1"), new=(ring(new),))
        assert points(house) == (0, after, 0)
        fresh = next(line for line in swap.lines.all() if line.returned_line_id is None)
        brings_back(house, Sale.objects.get(pk=swap.pk), ReturnLine(fresh.line_key))
        assert points(house) == (0, 0, 0), "and all of it goes when the new piece comes back too"

    def test_keep_spendable_what_was_spendable(self, house: Cast) -> None:
        sale = buys(house, ring(1_000_00), days_ago=40)
        held = points(house)
        brings_back(house, sale, ReturnLine("1"), new=(ring(1_500_00),))
        spendable, waits, owed = points(house)
        assert (spendable + waits - owed, waits) == (1500, 500 if held[0] else 1500 - spendable + owed)


class TestTheNight:
    def test_lets_who_imported_history_brought_join(self, house: Cast) -> None:
        sale = buys(house, ring(30_000_00))
        Membership.objects.all().delete()
        TierChange.objects.all().delete()
        found = review_tiers(now=NOW)
        assert (found.members, found.joined, member(house.mrs_zhou).tier) == (1, 1, "gold")
        assert review_tiers(now=NOW).members == 0, "nobody is read who is counted"
        Sale.objects.filter(pk=sale.pk).update(created_at=NOW + timedelta(hours=1))
        assert review_tiers(now=NOW + timedelta(hours=2)).members == 1

    def test_lowers_by_one_step_when_the_window_has_moved_and_grace_is_over(self, house: Cast) -> None:
        buys(house, ring(80_000_00))
        first = date(2028, 11, 22)
        assert member(house.mrs_zhou).next_review_date == first
        moment = NOW + (first - NOW.date())
        assert review_tiers(now=moment - timedelta(days=1)).members == 0
        review_tiers(now=moment)
        assert member(house.mrs_zhou).grace_until_date == first + timedelta(days=30)
        for days, tier in ((30, "platinum"), (31, "gold"), (61, "gold"), (62, "silver"), (93, "member")):
            review_tiers(now=moment + timedelta(days=days))
            assert member(house.mrs_zhou).tier == tier, days
        moves = TierChange.objects.filter(customer=house.mrs_zhou).order_by("pk").values_list("to_tier", "reason")
        assert list(moves) == [("platinum", "sale"), ("gold", "night"), ("silver", "night"), ("member", "night")]

    def test_judges_everybody_anew_by_other_rules_once(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        with_rules(gram_part=2, basis="points")
        assert review_tiers(reason="rules", now=NOW).members == 1
        held = member(house.mrs_zhou)
        assert (held.window_points, held.tier) == (30_000, "gold"), "30,000 points reach no step of 1,000,000"
        assert held.grace_until_date is not None
        assert review_tiers(now=NOW).members == 0

    def test_does_nothing_in_a_house_without_programme(self, cast: Cast) -> None:
        assert review_tiers(now=NOW).members == 0


class TestTwoArchives:
    def test_keep_the_better_tier_and_are_two_again(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        buys(house, ring(10_000_00), card="ZK000002")
        before = list(Membership.objects.order_by("pk").values())
        merge = merge_customers(winner=house.mrs_zhou.pk, loser=house.mr_zhou.pk, choices={}, by=house.lin, now=NOW)
        assert (member(house.mrs_zhou).tier, member(house.mrs_zhou).other_minor) == ("silver", 11_000_00)
        undo_merge(merge=merge, by=house.lin, now=NOW)
        assert list(Membership.objects.order_by("pk").values()) == before

    def test_are_counted_again_when_something_came_in_between(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        buys(house, ring(10_000_00), card="ZK000002")
        merge = merge_customers(winner=house.mrs_zhou.pk, loser=house.mr_zhou.pk, choices={}, by=house.lin, now=NOW)
        buys(house, ring(20_000_00))
        undo_merge(merge=merge, by=house.lin, now=NOW)
        assert [member(one).other_minor for one in (house.mrs_zhou, house.mr_zhou)] == [21_000_00, 10_000_00]


class TestForgotten:
    def test_leaves_no_tier_and_no_reason_behind(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        forget_customer(customer_id=house.mrs_zhou.pk, by=house.zhu, now=NOW)
        for table in (EarnedLine, Membership, TierChange):
            assert not table.objects.exists()


class TestAnImport:
    def test_marks_its_buyers_for_the_night_and_lets_members_go_again(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        review_tiers(now=NOW)
        assert mark_for_review(customer_ids=[house.mrs_zhou.pk]) == 1
        assert review_tiers(now=NOW).members == 1
        assert mark_for_review(sale_ids=list(Sale.objects.values_list("pk", flat=True))) == 1
        assert review_tiers(now=NOW).members == 1
        assert served_as_members(customer_ids=[house.mrs_zhou.pk, house.mr_zhou.pk]) == {house.mrs_zhou.pk}
        assert forget_members(customer_ids=[house.mrs_zhou.pk]) == 1
        assert forget_members(customer_ids=[house.mrs_zhou.pk]) == 0
        assert not TierChange.objects.exists()


class TestHerCopy:
    def test_tells_tier_moves_rights_and_points_in_words(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        give_right(customer=house.mrs_zhou, right="polish", cause="a", by=house.mei, now=NOW)
        pack = gather_access_pack(
            customer=house.mrs_zhou, checked="id_card", limits=EXPORT_LIMITS, by=house.lin, now=NOW
        )
        assert [row["tier"] for row in pack["tier"]] == ["gold"]
        assert [row["right"] for row in pack["rights_given"]] == ["polish"]
        assert [row["points"] for row in pack["points_of_receipts"]] == [30_000]
        with override("en"):
            told = str(pack_words(pack, {}))
        assert "Gold" in told
        assert "Free polish" in told
