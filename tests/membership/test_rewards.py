"""Rules of rewards: price, who may, what is recommended and why; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from zhenke.membership.rules.rewards import (
    OfferTerms,
    RewardDraft,
    RewardTerms,
    RewardWrong,
    Taker,
    check_draft,
    price_on,
    recommended,
    why_refused,
)

DAY = date(2026, 11, 22)
PLAIN = RewardTerms(key=1, points=800, first_date=date(2026, 1, 1))
GOLD = Taker(tier="gold", spendable=1000)


class TestPriceOn:
    def test_is_the_lowest_campaign_that_holds_for_her_tier_and_day(self) -> None:
        week = OfferTerms(7, 600, DAY, DAY + timedelta(days=6))
        for_gold = OfferTerms(8, 500, DAY, DAY, ("gold",))
        reward = replace(PLAIN, offers=(week, for_gold))
        assert price_on(reward, tier="gold", on=DAY).points == 500
        assert price_on(reward, tier="silver", on=DAY).offer == 7
        assert price_on(reward, tier="gold", on=DAY + timedelta(days=1)).points == 600
        assert price_on(reward, tier="gold", on=DAY + timedelta(days=7)).offer is None

    def test_never_rises_by_a_campaign(self) -> None:
        assert price_on(replace(PLAIN, offers=(OfferTerms(7, 900, DAY, DAY),)), tier="gold", on=DAY).points == 800


class TestWhyRefused:
    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({}, ""),
            ({"is_ended": True}, "ended"),
            ({"first_date": DAY + timedelta(days=1)}, "not_yet"),
            ({"last_date": DAY}, ""),
            ({"last_date": DAY - timedelta(days=1)}, "over"),
            ({"left": 0}, "sold_out"),
            ({"left": 1}, ""),
            ({"tiers": ("platinum", "diamond")}, "tier"),
            ({"points": 1001}, "points"),
        ],
    )
    def test_names_the_first_reason(self, changed: dict[str, object], why: str) -> None:
        assert why_refused(replace(PLAIN, **changed), taker=GOLD, on=DAY) == why  # type: ignore[arg-type]

    def test_counts_how_often_she_had_it(self) -> None:
        once = replace(PLAIN, per_person=1)
        assert why_refused(once, taker=replace(GOLD, had={1: 1}), on=DAY) == "had"
        assert why_refused(once, taker=replace(GOLD, had={2: 1}), on=DAY) == ""


class TestRecommended:
    def test_says_the_strongest_reason_of_each_and_the_best_first(self) -> None:
        jade = replace(PLAIN, key=1, goes_with=("jade_bangle",))
        gold = replace(PLAIN, key=2, goes_with=("gold",))
        tea = replace(PLAIN, key=3, points=300)
        alone = replace(PLAIN, key=4, tiers=("gold",))
        taker = replace(GOLD, owned={"jade_bangle": 2}, likes=("gold",), ending=400)
        found = recommended([alone, tea, gold, jade], taker=taker, on=DAY, most=9)
        assert [(one.key, one.because) for one in found] == [(1, "piece"), (2, "taste"), (3, "ending"), (4, "tier")]
        assert (found[0].word, found[0].count) == ("jade_bangle", 2)

    def test_never_names_what_she_may_not_have_but_what_she_nearly_has(self) -> None:
        far, near = replace(PLAIN, key=1, points=5000), replace(PLAIN, key=2, points=1100)
        found = recommended([far, near, replace(PLAIN, key=3, left=0, tiers=("gold",))], taker=GOLD, on=DAY)
        assert [(one.key, one.because, one.count) for one in found] == [(2, "nearly", 100)]

    def test_puts_what_she_had_before_behind(self) -> None:
        both = [replace(PLAIN, key=key, goes_with=("gold",)) for key in (1, 2)]
        taker = replace(GOLD, owned={"gold": 1}, had={1: 1})
        assert [one.key for one in recommended(both, taker=taker, on=DAY)] == [2, 1]


class TestCheckDraft:
    DRAFT = RewardDraft("goods", "Tea set", "茶具", 5000, 120_00, DAY)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"kind": "gold"}, "kind"),
            ({"name_zh": " "}, "name_zh"),
            ({"points": 0}, "points"),
            ({"cost_minor": -1}, "cost_minor"),
            ({"stock": -1}, "stock"),
            ({"last_date": DAY - timedelta(days=1)}, "last_date"),
            ({"tiers": ("brass",)}, "tiers"),
            ({"hold_days": 0}, "hold_days"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, changed: dict[str, object], field: str) -> None:
        with pytest.raises(RewardWrong) as refusal:
            check_draft(replace(self.DRAFT, **changed), tiers=("gold",))  # type: ignore[arg-type]
        assert refusal.value.facts["field"] == field

    def test_takes_a_right_one(self) -> None:
        check_draft(self.DRAFT, tiers=("gold",))
