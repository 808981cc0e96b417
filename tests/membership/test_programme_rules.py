"""Rules of a programme, what receipts earn by them, tiers and rights: tables of cases, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.membership.rules.earning import LinePoints, Occasion, SoldLine, points_for_sale
from zhenke.membership.rules.plain import ProgrammeWrong
from zhenke.membership.rules.programme import Campaign, Earning, Rate, Rules
from zhenke.membership.rules.rights import rights_left
from zhenke.membership.rules.tiers import (
    Figures,
    Standing,
    counted,
    missing_to_next,
    next_review,
    reached,
    standing_after,
    window_first_date,
)

RULES = Rules.from_plain(PROGRAMME_RULES)
TIERS = RULES.tiers
DAY = date(2026, 11, 22)
PLAIN = Occasion("member", 100, DAY)
RING = SoldLine(1, 1_000_00)
BAR = SoldLine(2, 1_000_00, is_by_gram=True, category="bar")


def points(*lines: SoldLine, occasion: Occasion = PLAIN, earning: Earning = RULES.earning, less: int = 0) -> list[int]:
    """Return the points of each line."""
    return [one.points for one in points_for_sale(lines, occasion=occasion, earning=earning, less_minor=less)]


class TestPointsForSale:
    @pytest.mark.parametrize(
        ("lines", "tier_percent", "earned"),
        [
            ([RING], 100, [1000]),
            ([BAR], 100, [333]),
            ([RING], 150, [1500]),
            ([BAR], 120, [400]),
            ([SoldLine(1, 99)], 100, [0]),
            ([SoldLine(1, 12_345_67)], 110, [13580]),
            ([], 100, []),
        ],
    )
    def test_gives_the_rate_times_the_tier(self, lines: list[SoldLine], tier_percent: int, earned: list[int]) -> None:
        assert points(*lines, occasion=Occasion("x", tier_percent, DAY)) == earned

    def test_rounds_down_once_for_the_whole_receipt(self) -> None:
        thirds = [SoldLine(n, 1_00, is_by_gram=True) for n in range(3)]
        assert points(*thirds) == [0, 0, 1]

    def test_doubles_around_the_birthday_and_takes_the_best_campaign_not_their_product(self) -> None:
        campaign = Campaign("double11", DAY, DAY, 300, ("ring",))
        earning = replace(RULES.earning, campaigns=(campaign,))
        birthday = replace(PLAIN, is_birthday=True)
        ring = SoldLine(1, 1_000_00, category="ring")
        assert points(RING, occasion=birthday) == [2000]
        assert points(ring, occasion=birthday, earning=earning) == [3000]
        assert points(RING, occasion=birthday, earning=earning) == [2000]
        later = replace(PLAIN, on_date=DAY + timedelta(days=1))
        assert points(ring, occasion=later, earning=earning) == [1000]

    def test_takes_points_and_trade_in_off_in_proportion(self) -> None:
        explained = points_for_sale([RING, BAR], occasion=PLAIN, earning=RULES.earning, less_minor=500_00)
        assert [(one.base_minor, one.less_minor) for one in explained] == [(750_00, 250_00), (750_00, 250_00)]
        assert [one.points for one in explained] == [750, 250]
        assert points(RING, less=5_000_00) == [0]

    def test_says_why_a_line_earns_nothing(self) -> None:
        earning = replace(RULES.earning, excluded_categories=("bar",), by_category=(("watch", Rate(0, 100)),))
        lines = [BAR, SoldLine(3, 0), SoldLine(4, 1_00, category="watch")]
        explained = points_for_sale(lines, occasion=PLAIN, earning=earning)
        assert [one.excluded for one in explained] == ["category", "nothing_paid", "rate"]
        company = replace(PLAIN, is_organisation=True)
        assert [one.excluded for one in points_for_sale([RING], occasion=company, earning=earning)] == ["organisation"]

    def test_cuts_a_receipt_at_its_cap(self) -> None:
        earning = replace(RULES.earning, cap_points=1_000)
        explained = points_for_sale([RING, BAR], occasion=PLAIN, earning=earning)
        assert sum(one.points for one in explained) == 1_000
        assert all(one.is_capped for one in explained)

    @given(
        amounts=st.lists(st.integers(0, 10**8), min_size=1, max_size=8),
        grams=st.integers(0, 255),
        percent=st.integers(0, 300),
        less=st.integers(0, 10**8),
    )
    def test_sums_to_the_exact_whole_rounded_down(
        self, amounts: list[int], grams: int, percent: int, less: int
    ) -> None:
        lines = [SoldLine(n, amount, bool(grams >> n & 1)) for n, amount in enumerate(amounts)]
        explained = points_for_sale(lines, occasion=Occasion("x", percent, DAY), earning=RULES.earning, less_minor=less)
        assert sum(one.points for one in explained) == int(sum(Fraction(one.exact) for one in explained))
        assert sum(one.base_minor for one in explained) == max(sum(amounts) - less, 0)
        assert [LinePoints.from_plain(one.to_plain()) for one in explained] == list(explained)


class TestTiers:
    @pytest.mark.parametrize(
        ("gram", "other", "tier"),
        [
            (0, 0, "member"),
            (0, 9_999_99, "member"),
            (0, 10_000_00, "silver"),
            (29_999_99, 0, "member"),
            (30_000_00, 0, "silver"),
            (30_000_00, 20_000_00, "gold"),
            (0, 80_000_00, "platinum"),
            (300_000_00, 100_000_00, "diamond"),
            (0, -5_00, "member"),
        ],
    )
    def test_counts_a_third_of_what_was_paid_by_gram(self, gram: int, other: int, tier: str) -> None:
        assert reached(Figures(gram, other), TIERS) == tier

    def test_counts_receipts_or_points_where_the_rules_say_so(self) -> None:
        figures = Figures(1, 1, receipts=7, points=900)
        assert counted(figures, replace(TIERS, basis="frequency")) == 7
        assert counted(figures, replace(TIERS, basis="points")) == 900

    def test_begins_its_window_where_the_rules_say(self) -> None:
        assert window_first_date(DAY, TIERS) == date(2024, 11, 23)
        assert window_first_date(date(2026, 2, 28), TIERS) == date(2024, 2, 29)
        year = replace(TIERS, window="calendar", window_months=12)
        assert window_first_date(DAY, year) == date(2026, 1, 1)
        assert window_first_date(DAY, replace(year, window_months=24)) == date(2025, 1, 1)

    def test_says_what_is_missing_to_the_next_in_money(self) -> None:
        missing = missing_to_next(tier="silver", figures=Figures(3_000_00, 20_000_00), tiers=TIERS)
        assert missing is not None
        assert (missing.tier.key, missing.left, missing.gram_left) == ("gold", 9_000_00, 27_000_00)
        assert missing_to_next(tier="diamond", figures=Figures(), tiers=TIERS) is None


class TestStandingAfter:
    HAD = Standing("platinum", date(2025, 1, 1))

    def after(self, standing: Standing, to_reach: str, on: date, **changed: Any) -> Standing:
        return standing_after(standing=standing, to_reach=to_reach, on=on, tiers=replace(TIERS, **changed))

    def test_rises_at_once_however_many_steps(self) -> None:
        assert self.after(Standing("member", DAY), "diamond", DAY) == Standing("diamond", DAY)

    def test_keeps_the_tier_for_thirty_days_and_falls_one_step(self) -> None:
        graced = self.after(self.HAD, "member", DAY)
        last = DAY + timedelta(days=30)
        assert graced == replace(self.HAD, grace_until_date=last)
        assert self.after(graced, "member", last) == graced
        fallen = self.after(graced, "member", last + timedelta(days=1))
        assert (fallen.tier, fallen.since_date) == ("gold", last + timedelta(days=1))
        assert fallen.grace_until_date == last + timedelta(days=31), "the next step has days of its own"

    def test_ends_grace_when_the_figures_come_back(self) -> None:
        graced = self.after(self.HAD, "gold", DAY)
        assert self.after(graced, "platinum", DAY) == self.HAD

    def test_does_not_fall_while_it_is_protected(self) -> None:
        kept = replace(self.HAD, protected_until_date=DAY)
        assert self.after(kept, "member", DAY) == kept
        assert self.after(kept, "member", DAY + timedelta(days=1)).grace_until_date == DAY + timedelta(days=31)

    def test_protects_a_rise_where_the_rules_say_so(self) -> None:
        risen = self.after(Standing("member", DAY), "gold", DAY, protected_days=365)
        assert risen.protected_until_date == date(2027, 11, 22)

    def test_takes_a_tier_that_is_no_more_for_the_lowest(self) -> None:
        assert self.after(Standing("ruby", DAY), "member", DAY).tier == "member"

    @given(
        tier=st.sampled_from([one.key for one in TIERS.levels]),
        wants=st.lists(st.sampled_from([one.key for one in TIERS.levels]), max_size=40),
        steps=st.lists(st.integers(1, 50), min_size=40, max_size=40),
    )
    def test_never_falls_more_than_a_step_nor_within_its_grace(
        self, tier: str, wants: list[str], steps: list[int]
    ) -> None:
        standing, on, below_since = Standing(tier, DAY), DAY, None
        for want, days in zip(wants, steps, strict=False):
            on += timedelta(days=days)
            before, standing = standing, self.after(standing, want, on)
            fall = TIERS.rank(before.tier) - TIERS.rank(standing.tier)
            assert fall <= 1
            if fall == 1:
                assert below_since is not None
                assert on > below_since + timedelta(days=30)
            is_below = TIERS.rank(want) < TIERS.rank(standing.tier)
            below_since = (on if fall or below_since is None else below_since) if is_below else None


class TestNextReview:
    def test_is_the_day_on_which_the_oldest_purchase_leaves_the_window(self) -> None:
        figures = Figures(0, 10_000_00, first_date=date(2025, 3, 1))
        found = next_review(standing=Standing("silver", DAY), figures=figures, on=DAY, tiers=TIERS)
        assert found == date(2027, 3, 1)
        assert window_first_date(date(2027, 3, 1), TIERS) > date(2025, 3, 1)

    def test_is_the_day_after_grace_or_protection(self) -> None:
        graced = Standing("gold", DAY, grace_until_date=DAY + timedelta(days=3))
        assert next_review(standing=graced, figures=Figures(), on=DAY, tiers=TIERS) == DAY + timedelta(days=4)
        kept = Standing("gold", DAY, protected_until_date=DAY)
        assert next_review(standing=kept, figures=Figures(), on=DAY, tiers=TIERS) == DAY + timedelta(days=1)

    def test_is_never_for_who_has_nothing_to_lose(self) -> None:
        assert next_review(standing=Standing("member", DAY), figures=Figures(), on=DAY, tiers=TIERS) is None


class TestRightsLeft:
    def left(self, tier: str, on: date, birthday: date | None = None, **used: int) -> dict[str, tuple[int | None, str]]:
        found = rights_left(rules=RULES, tier=tier, used=used, birthday=birthday, on=on)
        return {one.right.key: (one.left, one.state) for one in found}

    def test_counts_services_by_the_year(self) -> None:
        assert self.left("platinum", DAY, polish=1)["polish"] == (1, "free")
        assert self.left("platinum", DAY, polish=2)["polish"] == (0, "used_up")
        assert self.left("member", DAY, cleaning=99) == {"cleaning": (None, "free")}
        assert set(self.left("diamond", DAY)) == {right.key for right in RULES.rights}

    @pytest.mark.parametrize(("days", "state"), [(-15, "later"), (-14, "due"), (0, "due"), (30, "due"), (31, "missed")])
    def test_calls_for_the_gift_around_the_birthday(self, days: int, state: str) -> None:
        birthday = date(2026, 6, 1)
        assert self.left("gold", birthday + timedelta(days=days), birthday)["birthday_pack"] == (1, state)

    def test_lets_a_gift_be_given_once_when_no_birthday_is_known(self) -> None:
        assert self.left("gold", DAY)["birthday_pack"] == (1, "free")
        assert self.left("gold", DAY, birthday_pack=1)["birthday_pack"] == (0, "used_up")


class TestRules:
    def test_are_the_same_after_a_walk_through_plain_values(self) -> None:
        campaign = Campaign("double11", DAY, DAY, 300, ("ring",))
        earning = replace(RULES.earning, campaigns=(campaign,), by_category=(("watch", Rate(1, 500)),))
        rules = replace(RULES, earning=earning)
        assert Rules.from_plain(rules.to_plain()) == rules

    @pytest.mark.parametrize(
        ("part", "change", "where"),
        [
            ("tiers", {"levels": []}, "tiers.levels"),
            ("tiers", {"grace_days": -1}, "tiers.grace_days"),
            ("tiers", {"basis": "luck"}, "tiers.basis"),
            ("tiers", {"colour": "red"}, "tiers.colour"),
            ("earning", {"pending_days": "15"}, "earning.pending_days"),
            ("earning", {"fixed": {"points": 1, "per_minor": 0}}, "earning.fixed.per_minor"),
            ("earning", {"by_category": {"x" * 41: {}}}, "earning.by_category"),
            ("earning", {"campaigns": [{"key": "a", "first_date": "2026-02-30"}]}, "earning.campaigns.1.first_date"),
            ("earning", {"birthday_percent": 99}, "earning.birthday_percent"),
        ],
    )
    def test_refuse_what_no_programme_can_have(self, part: str, change: dict[str, object], where: str) -> None:
        plain = RULES.to_plain()
        plain[part] |= change
        with pytest.raises(ProgrammeWrong) as refusal:
            Rules.from_plain(plain)
        assert refusal.value.facts["where"] == where

    @pytest.mark.parametrize("levels", [[0, 0, 1], [1, 2, 3], [0, 5, 4], [0, 1], [0, 1, 2, 3, 4, 5]], ids=str)
    def test_refuse_tiers_that_do_not_rise_from_nothing(self, levels: list[int]) -> None:
        plain = RULES.to_plain()
        plain["rights"] = []
        plain["tiers"]["levels"] = [
            {"key": f"t{place}", "name": "T", "name_zh": "级", "threshold": one} for place, one in enumerate(levels)
        ]
        with pytest.raises(ProgrammeWrong):
            Rules.from_plain(plain)

    def test_refuse_a_right_for_a_tier_that_is_not_there(self) -> None:
        plain = RULES.to_plain()
        plain["rights"][0]["tiers"] = {"ruby": 5}
        with pytest.raises(ProgrammeWrong):
            Rules.from_plain(plain)
