"""Versions of the rules, what a preview says of them, and the report of the room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Cast
from tests.membership.world import buys, gold, open_house, ring
from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.operations import add_date
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.membership.models import ProgrammeRules
from zhenke.membership.operations.rights import give_right
from zhenke.membership.operations.rules import load_first_rules, publish_rules, roll_back_rules
from zhenke.membership.queries.members import members_by_tier
from zhenke.membership.queries.preview import preview_rules
from zhenke.membership.queries.report import points_by_month, rights_report
from zhenke.membership.queries.rules import NoProgrammeRules, rules_now, rules_versions
from zhenke.membership.rules.plain import ProgrammeWrong
from zhenke.membership.rules.programme import Rate, Rules
from zhenke.staff import SYSTEM

TODAY = NOW.date()


@pytest.fixture
def house(cast: Cast) -> Cast:
    open_house()
    return cast


def rules() -> Rules:
    held = rules_now()
    assert held is not None
    return held.rules


def with_rate(points: int) -> dict[str, object]:
    """Return the rules in force with another rate of set pieces."""
    own = rules()
    return replace(own, earning=replace(own.earning, fixed=Rate(points, 100))).to_plain()


class TestPublishRules:
    def test_makes_a_version_that_holds_from_now_on(self, house: Cast) -> None:
        made = publish_rules(rules=with_rate(2), note="twice", by=house.zhu, now=NOW)
        assert (made.version, rules().earning.fixed) == (2, Rate(2, 100))
        assert [one.version for one in rules_versions() if one.is_current] == [2]

    def test_publishes_nothing_when_they_hold_already(self, house: Cast) -> None:
        first = publish_rules(rules=with_rate(2), by=house.zhu, now=NOW)
        assert publish_rules(rules=with_rate(2), by=house.zhu, now=NOW).pk == first.pk
        load_first_rules(rules=PROGRAMME_RULES, now=NOW)
        assert ProgrammeRules.objects.count() == 2

    def test_refuses_who_may_not_and_what_is_wrong(self, house: Cast) -> None:
        for person in (house.mei, house.lin, house.ji):
            with pytest.raises(NotAllowed):
                publish_rules(rules=with_rate(2), by=person, now=NOW)
        with pytest.raises(ProgrammeWrong):
            publish_rules(rules={"tiers": {}}, by=house.zhu, now=NOW)
        assert ProgrammeRules.objects.count() == 1

    def test_leaves_what_was_earned_and_says_by_which_version(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        publish_rules(rules=with_rate(2), by=house.zhu, now=NOW)
        buys(house, ring(1_000_00))
        assert points_by_month(viewer=SYSTEM, until=TODAY)[-1].given == 3_000


class TestRollBack:
    def test_makes_a_copy_of_an_older_version_once(self, house: Cast) -> None:
        publish_rules(rules=with_rate(2), by=house.zhu, now=NOW)
        back = roll_back_rules(version=1, by=house.zhu, now=NOW)
        assert (back.version, back.copied_from.version if back.copied_from else 0) == (3, 1)
        assert roll_back_rules(version=1, by=house.zhu, now=NOW).pk == back.pk
        with pytest.raises(NoProgrammeRules):
            roll_back_rules(version=9, by=house.zhu, now=NOW)


class TestPreview:
    def test_says_what_other_rules_would_have_cost_and_whom(self, house: Cast) -> None:
        buys(house, ring(1_000_00), gold(3_000_00))
        buys(house, gold(3_000_00), card="ZK000002", days_ago=3)
        own = rules()
        tried = replace(own, earning=replace(own.earning, fixed=Rate(2, 100), gram=Rate(1, 600)))
        found = preview_rules(viewer=house.zhu, rules=tried.to_plain(), on=TODAY)
        assert found is not None
        assert (found.points_today, found.points_after) == (3_000, 3_000)
        assert (found.cost_today_minor, found.winners, found.losers) == (3_000, 1, 1)
        assert [(one.customer.pk, one.reason) for one in found.won_most] == [(house.mrs_zhou.pk, "fixed")]
        assert [(one.customer.pk, one.reason) for one in found.lost_most] == [(house.mr_zhou.pk, "gram")]

    def test_sees_a_tier_that_would_move(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        own = rules()
        levels = list(own.tiers.levels)
        levels[2] = replace(levels[2], threshold=40_000_00)
        tried = replace(own, tiers=replace(own.tiers, levels=tuple(levels)))
        found = preview_rules(viewer=house.zhu, rules=tried.to_plain(), on=TODAY)
        assert found is not None
        assert (found.tiers_today["gold"], found.tiers_after["gold"], found.tiers_after["silver"]) == (1, 0, 1)
        assert [(one.from_tier, one.to_tier, one.reason) for one in found.lost_most] == [("gold", "silver", "tier")]

    def test_is_what_the_receipts_earned_but_for_their_tiers_past(self, house: Cast) -> None:
        for days in (5, 4, 3):
            buys(house, ring(333_33), gold(1_000_01), days_ago=days)
        found = preview_rules(viewer=SYSTEM, rules=rules().to_plain(), on=TODAY)
        assert found is not None
        assert found.points_today == found.points_after == points_by_month(viewer=SYSTEM, until=TODAY)[-1].given

    def test_tells_nothing_of_people_out_of_sight_and_no_names_to_marketing(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        for stranger in (house.qiao, house.other):
            found = preview_rules(viewer=stranger, rules=with_rate(2), on=TODAY)
            assert found is not None
            assert (found.points_today, found.winners, found.won_most) == (0, 0, [])
        seen = preview_rules(viewer=house.an, rules=with_rate(2), on=TODAY)
        assert seen is not None
        assert (seen.winners, seen.won_most, set(seen.tiers_today.values())) == (0, [], {0})


class TestRightsReport:
    def test_counts_gifts_that_are_due_or_were_missed(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        buys(house, ring(30_000_00), card="ZK000002")
        add_date(customer=house.mrs_zhou, kind="birthday", day=DayOfYear(11, 25), by=SYSTEM, now=NOW)
        add_date(customer=house.mr_zhou, kind="birthday", day=DayOfYear(10, 10), by=SYSTEM, now=NOW)
        packs = {one.right.key: one for one in rights_report(viewer=house.lin, on=TODAY)}
        pack = packs["birthday_pack"]
        assert (pack.entitled, pack.given, pack.due, pack.missed) == (2, 0, 1, 1)
        assert [one.pk for one in pack.people] == [house.mrs_zhou.pk]
        give_right(customer=house.mrs_zhou, right="birthday_pack", cause="a", by=house.mei, now=NOW)
        packs = {one.right.key: one for one in rights_report(viewer=house.lin, on=TODAY + timedelta(days=1))}
        assert (packs["birthday_pack"].given, packs["birthday_pack"].due) == (1, 0)
        assert packs["discount"].due is None

    def test_tells_a_stranger_nothing(self, house: Cast) -> None:
        buys(house, ring(30_000_00))
        for stranger in (house.qiao, house.other):
            assert members_by_tier(viewer=stranger) == {}
            assert {one.entitled for one in rights_report(viewer=stranger, on=TODAY)} == {0}
        assert sum(one.given for one in points_by_month(viewer=house.other, until=TODAY)) == 0
