"""Pure rules of grading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.grading.rules import (
    DEFAULT_SCHEME,
    DIMENSIONS,
    Archive,
    ClusterBounds,
    Cut,
    Inputs,
    Scheme,
    StageRules,
    Yardstick,
    cluster_of,
    first_outside_rank,
    grade_of,
    lifecycle_of,
    lifts_of,
    months_before,
    next_stage_needs,
    next_step,
    quintile_rank,
    share_ranks,
    stage_of,
    starting_yardstick,
)
from zhenke.grading.rules.scheme import SchemeWrong

BOUNDS = ClusterBounds(quintiles=(100, 200, 300, 400), amount=(350, 150), frequency=(3, 1), buyers=100)
YARDSTICK = Yardstick(clusters={"": BOUNDS}, cuts=(Cut(8000, 0), Cut(6000, 0), Cut(4000, 250), Cut(2000, 0)))
BEST = Inputs(
    recency_days=10,
    frequency=9,
    amount_minor=500,
    margin_minor=300,
    cost_known_minor=500,
    engagement=20,
    satisfaction=95,
    referral=5,
    lifetime_minor=900,
    lifetime_frequency=9,
)
a_number = st.integers(0, 1000)
an_input = st.builds(
    Inputs,
    recency_days=st.integers(0, 2000),
    frequency=st.integers(0, 12),
    amount_minor=st.integers(-100, 900),
    margin_minor=st.none() | st.integers(-50, 400),
    cost_known_minor=st.integers(-10, 900),
    engagement=st.none() | st.integers(0, 20),
    satisfaction=st.none() | st.integers(0, 100),
    referral=st.none() | st.integers(0, 6),
    lifetime_minor=a_number,
    lifetime_frequency=st.integers(1, 20),
)


@st.composite
def _weights(draw: st.DrawFn) -> dict[str, int]:
    cuts = sorted(draw(st.lists(st.integers(0, 99), min_size=6, max_size=6)))
    edges = [0, *cuts, 100]
    weights = [after - before for before, after in pairwise(edges)]
    # The amount takes the last share, which is never zero: the scheme must rest on something always known.
    order = [name for name in DIMENSIONS if name != "amount"] + ["amount"]
    return dict(zip(order, weights, strict=True))


class TestScheme:
    def test_comes_back_from_plain_values_unchanged(self) -> None:
        assert Scheme.from_plain(DEFAULT_SCHEME.to_plain()) == DEFAULT_SCHEME
        assert Scheme.from_plain({}) == DEFAULT_SCHEME

    @pytest.mark.parametrize(
        ("rules", "where"),
        [
            ({"weights": {"amount": 90}}, "weights"),
            ({"weights": {"satisfaction": 100}}, "weights"),
            ({"weights": {"amount": "30"}}, "weights.amount"),
            ({"weights": {"amount": True}}, "weights.amount"),
            ({"weights": {"luck": 100}}, "weights.luck"),
            ({"steps": {"recency": [90, 80, 365, 730]}}, "steps.recency"),
            ({"steps": {"frequency": [2, 3, 4, 6]}}, "steps.frequency"),
            ({"steps": {"frequency": [6, 4, 3]}}, "steps.frequency"),
            ({"steps": {"satisfaction": [101, 80, 70, 60]}}, "steps.satisfaction"),
            ({"pyramid": {"shares": [5, 15, 30, 30, 30]}}, "pyramid.shares"),
            ({"pyramid": {"scores": [5000, 6000, 400, 20]}}, "pyramid.scores"),
            ({"pyramid": {"method": "luck"}}, "pyramid.method"),
            ({"lifecycle_days": [365, 365, 1095]}, "lifecycle_days"),
            ({"value_shares": [60, 20]}, "value_shares"),
            ({"window_months": 0}, "window_months"),
            ({"stages": {"ready_days": 0}}, "stages.ready_days"),
            ({"colour": 1}, "scheme.colour"),
            ([], "scheme"),
        ],
    )
    def test_refuses_what_cannot_grade_and_says_where(self, rules: object, where: str) -> None:
        with pytest.raises(SchemeWrong) as wrong:
            Scheme.from_plain(rules)
        assert wrong.value.facts["where"] == where


class TestGradeOf:
    def test_gives_the_best_customer_the_whole_score(self) -> None:
        graded = grade_of(inputs=BEST, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        assert (graded.letter, graded.score, graded.bands, graded.absent) == ("A", 10_000, "5555555", ())

    def test_counts_by_hand(self) -> None:
        # Recency band 3 of 20, frequency 3 of 15, amount 4 of 30; the rest is absent: (2*20 + 2*15 + 3*30) * 2500 / 65
        inputs = Inputs(recency_days=300, frequency=3, amount_minor=400, lifetime_frequency=3)
        graded = grade_of(inputs=inputs, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        assert graded.score == 160 * 2500 // 65 == 6153
        assert graded.absent == ("margin", "engagement", "satisfaction", "referral")
        points = {one.dimension: one.points for one in graded.contributions}
        assert points == {
            "recency": 1538,
            "frequency": 1154,
            "amount": 3461,
            "margin": 0,
            "engagement": 0,
            "satisfaction": 0,
            "referral": 0,
        }

    def test_gives_somebody_who_never_bought_no_letter(self) -> None:
        graded = grade_of(inputs=Inputs(), scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        assert (graded.letter, graded.lifecycle) == ("", "prospect")

    def test_leaves_out_what_nobody_in_the_house_has(self) -> None:
        silent = replace(YARDSTICK, silent=frozenset({"referral"}))
        graded = grade_of(inputs=replace(BEST, referral=0), scheme=DEFAULT_SCHEME, yardstick=silent)
        assert (graded.score, graded.absent) == (10_000, ("referral",))

    def test_tells_equal_scores_apart_by_amount(self) -> None:
        scheme = Scheme.from_plain({"weights": {"recency": 100}})
        low = Inputs(recency_days=300, frequency=1, amount_minor=200, lifetime_frequency=1)
        yardstick = replace(YARDSTICK, cuts=(Cut(8000, 0), Cut(6000, 0), Cut(5000, 250), Cut(2000, 0)))
        letters = [
            grade_of(inputs=replace(low, amount_minor=amount), scheme=scheme, yardstick=yardstick).letter
            for amount in (249, 250, 251)
        ]
        assert letters == ["D", "C", "C"]

    @given(inputs=an_input, weights=_weights())
    def test_contributions_sum_to_the_score(self, inputs: Inputs, weights: dict[str, int]) -> None:
        scheme = Scheme.from_plain({"weights": weights})
        graded = grade_of(inputs=inputs, scheme=scheme, yardstick=YARDSTICK)
        assert sum(one.points for one in graded.contributions) == graded.score
        assert 10_000 <= sum(one.possible for one in graded.contributions) < 10_000 + len(DIMENSIONS)
        assert 0 <= graded.score <= 10_000
        assert all(0 <= one.points <= one.possible for one in graded.contributions)
        assert all(one.points == 0 for one in graded.contributions if one.dimension in graded.absent)

    @given(inputs=an_input, more=st.integers(1, 500))
    def test_never_falls_when_she_spends_more(self, inputs: Inputs, more: int) -> None:
        before = grade_of(inputs=inputs, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        richer = replace(inputs, amount_minor=inputs.amount_minor + more)
        after = grade_of(inputs=richer, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        assert after.score >= before.score
        assert after.letter <= before.letter


class TestMarginPermille:
    @pytest.mark.parametrize(
        ("margin", "known", "permille"), [(None, 100, None), (10, 0, None), (-5, 100, 0), (333, 1000, 333), (1, 3, 333)]
    )
    def test_is_rounded_down_and_never_below_zero(self, margin: int | None, known: int, permille: int | None) -> None:
        assert Inputs(margin_minor=margin, cost_known_minor=known).margin_permille == permille


class TestLifecycleOf:
    @pytest.mark.parametrize(
        ("days", "state"),
        [
            (None, "prospect"),
            (0, "active"),
            (365, "active"),
            (366, "at_risk"),
            (730, "at_risk"),
            (731, "lapsed"),
            (1095, "lapsed"),
            (1096, "lost"),
        ],
    )
    def test_follows_the_days_of_the_scheme(self, days: int | None, state: str) -> None:
        assert lifecycle_of(recency_days=days, is_bridal_only=False, scheme=DEFAULT_SCHEME) == state

    def test_does_not_lose_a_one_time_bridal_buyer_before_month_18(self) -> None:
        quick = Scheme.from_plain({"lifecycle_days": [90, 180, 270]})
        states = [
            lifecycle_of(recency_days=days, is_bridal_only=bridal, scheme=quick)
            for days, bridal in ((500, False), (500, True), (548, True), (549, True))
        ]
        assert states == ["lost", "lapsed", "lapsed", "lost"]


class TestNextStep:
    @given(inputs=an_input)
    def test_really_lifts_and_nothing_smaller_of_its_kind_does(self, inputs: Inputs) -> None:
        now = grade_of(inputs=inputs, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
        for lift in lifts_of(inputs=inputs, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK):
            assert lift.target < now.letter
            after = grade_of(inputs=_applied(inputs, lift, less=0), scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
            assert (after.letter, after.score) == (lift.target, lift.score)
            smaller = grade_of(inputs=_applied(inputs, lift, less=1), scheme=DEFAULT_SCHEME, yardstick=YARDSTICK)
            assert smaller.letter >= now.letter

    def test_asks_nothing_of_an_a(self) -> None:
        assert next_step(inputs=BEST, scheme=DEFAULT_SCHEME, yardstick=YARDSTICK) is None

    def test_prefers_a_visit_to_a_purchase(self) -> None:
        yardstick = replace(YARDSTICK, cuts=(Cut(9900, 0), Cut(6000, 0), Cut(4000, 0), Cut(2000, 0)))
        lift = next_step(inputs=replace(BEST, engagement=11), scheme=DEFAULT_SCHEME, yardstick=yardstick)
        assert lift is not None
        assert (lift.kind, lift.count, lift.target, lift.moves) == ("contact", 1, "A", (("engagement", 4, 5),))

    def test_names_the_money_that_is_missing(self) -> None:
        yardstick = replace(YARDSTICK, cuts=(Cut(10_000, 1500), Cut(6000, 0), Cut(4000, 0), Cut(2000, 0)))
        lift = next_step(inputs=BEST, scheme=DEFAULT_SCHEME, yardstick=yardstick)
        assert lift is not None
        assert (lift.kind, lift.amount_minor, lift.within_days) == ("spend", 1000, 90)


def _applied(inputs: Inputs, lift: object, less: int) -> Inputs:
    kind, count, amount, level = lift.kind, lift.count, lift.amount_minor, lift.level  # type: ignore[attr-defined]
    if kind == "contact":
        return replace(inputs, engagement=(inputs.engagement or 0) + count - less)
    if kind == "referral":
        return replace(inputs, referral=(inputs.referral or 0) + count - less)
    if kind == "satisfaction":
        return replace(inputs, satisfaction=level - less)
    if kind == "purchase" and count == less:
        return inputs
    purchases = count - less if kind == "purchase" else 1
    paid = amount - less if kind == "spend" else 0
    return replace(
        inputs, recency_days=0, frequency=inputs.frequency + purchases, amount_minor=inputs.amount_minor + paid
    )


class TestStageOf:
    RULES = StageRules()
    TODAY = date(2026, 11, 22)

    @pytest.mark.parametrize(
        ("archive", "stage", "needs"),
        [
            (Archive(), "E", ("known_fields", "first_contact")),
            (Archive(known_fields=3), "E", ("first_contact",)),
            (Archive(known_fields=2, contacts=1), "D", ("intent", "steady_contact")),
            (Archive(contacts=1, has_intent=True), "D", ("steady_contact",)),
            (Archive(known_fields=2, contacts=2, has_intent=True), "C", ("intent_date",)),
            (
                Archive(contacts=1, has_intent=True, intent_date=date(2027, 6, 1)),
                "B",
                ("steady_contact", "budget_or_near_date"),
            ),
            (Archive(contacts=2, has_intent=True, intent_date=date(2027, 6, 1), has_budget=True), "A", ()),
            (Archive(contacts=2, has_intent=True, intent_date=date(2026, 12, 24)), "A", ()),
        ],
    )
    def test_climbs_with_what_is_known(self, archive: Archive, stage: str, needs: tuple[str, ...]) -> None:
        assert stage_of(archive=archive, rules=self.RULES, as_of=self.TODAY) == stage
        assert next_stage_needs(archive=archive, rules=self.RULES, as_of=self.TODAY) == needs


class TestYardstick:
    def test_comes_back_from_plain_values_unchanged(self) -> None:
        kept = replace(YARDSTICK, silent=frozenset({"referral"}), buyers=100)
        assert Yardstick.from_plain(kept.to_plain()) == kept

    def test_falls_back_to_the_larger_cluster(self) -> None:
        brand = replace(BOUNDS, buyers=1)
        yardstick = Yardstick(clusters={"": BOUNDS, "1/": brand})
        assert yardstick.bounds_for("1/20/300/") is brand
        assert yardstick.bounds_for("2/20/300/") is BOUNDS

    def test_cuts_a_path_to_its_cluster(self) -> None:
        assert [cluster_of("1/20/300/", level) for level in ("brand", "region", "shop")] == [
            "1/",
            "1/20/",
            "1/20/300/",
        ]

    def test_takes_fixed_scores_from_the_scheme_when_it_has_some(self) -> None:
        scheme = Scheme.from_plain({"pyramid": {"method": "score", "scores": [9000, 8000, 7000, 6000]}})
        assert [cut.score for cut in starting_yardstick(scheme).cuts] == [9000, 8000, 7000, 6000]


class TestRanks:
    @pytest.mark.parametrize(
        ("buyers", "ranks"), [(2377, (119, 475, 1189, 1902)), (10, (1, 2, 5, 8)), (1, (0, 0, 1, 1)), (0, (0, 0, 0, 0))]
    )
    def test_hold_their_share(self, buyers: int, ranks: tuple[int, ...]) -> None:
        assert share_ranks(buyers, (5, 15, 30, 30, 20)) == ranks

    def test_quintiles_and_value_bands_end_inside_the_crowd(self) -> None:
        assert [quintile_rank(7, fifth) for fifth in (1, 2, 3, 4)] == [2, 3, 5, 6]
        assert [first_outside_rank(10, share) for share in (20, 60)] == [8, 4]
        assert first_outside_rank(1, 20) == 1


class TestMonthsBefore:
    @pytest.mark.parametrize(
        ("day", "months", "before"),
        [
            (date(2026, 11, 22), 36, date(2023, 11, 22)),
            (date(2024, 2, 29), 12, date(2023, 2, 28)),
            (date(2026, 1, 31), 2, date(2025, 11, 30)),
            (date(2026, 12, 1), 12, date(2025, 12, 1)),
        ],
    )
    def test_stays_inside_the_calendar(self, day: date, months: int, before: date) -> None:
        assert months_before(day, months) == before
