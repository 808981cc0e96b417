"""Reads of grading: what people see of grades, why, and what other rules would do."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cast import NOW, Cast

from zhenke.customers.models import Customer
from zhenke.grading.models import Grade, Yardstick
from zhenke.grading.operations import ensure_first_scheme, publish, regrade
from zhenke.grading.queries import (
    explanation,
    grade_for,
    grade_history,
    grades_of,
    inputs_of,
    lifecycle_counts,
    open_override,
    preview,
    pyramid,
    shop_rank,
    standings,
    value_band_counts,
    yardstick_for,
)
from zhenke.grading.rules import DEFAULT_SCHEME, DIMENSIONS, Inputs, Scheme, grade_of, share_ranks
from zhenke.grading.rules import Yardstick as Rule
from zhenke.grading.rules.scheme import SchemeWrong
from zhenke.grading.rules.yardstick import Cut
from zhenke.staff.rules import SYSTEM

TODAY = date(2026, 11, 22)


def bought(days: int, frequency: int, amount_minor: int) -> Inputs:
    """Inputs of a plain buyer."""
    return Inputs(
        recency_days=days,
        frequency=frequency,
        amount_minor=amount_minor,
        engagement=1,
        referral=0,
        lifetime_minor=amount_minor,
        lifetime_frequency=frequency,
        last_bought_date=TODAY - timedelta(days=days),
    )


@pytest.fixture
def graded(cast: Cast) -> Cast:
    """Mrs Zhou bought; Mr Zhou never did."""
    regrade(customer=cast.mrs_zhou, inputs=bought(10, 2, 500_000), as_of=TODAY, reason="sale", now=NOW)
    regrade(customer=cast.mr_zhou, as_of=TODAY, reason="welcome", now=NOW)
    return cast


class TestWhoSees:
    def test_those_in_scope_and_nobody_else(self, graded: Cast) -> None:
        for person in (graded.mei, graded.lin, graded.hua, graded.zhu, SYSTEM):
            assert grade_for(viewer=person, customer=graded.mrs_zhou) is not None
            assert sum(pyramid(viewer=person).grades.values()) == 1
        for stranger in (graded.tao, graded.qiao, graded.other):
            assert grade_for(viewer=stranger, customer=graded.mrs_zhou) is None
            assert grades_of(viewer=stranger, customers=[graded.mrs_zhou, graded.mr_zhou.pk]) == {}
            assert explanation(viewer=stranger, customer=graded.mrs_zhou) is None
            assert shop_rank(viewer=stranger, customer=graded.mrs_zhou) is None
            assert grade_history(viewer=stranger, customer=graded.mrs_zhou) == []
            assert open_override(viewer=stranger, customer=graded.mrs_zhou) is None
            assert inputs_of(viewer=stranger, customer=graded.mrs_zhou, as_of=TODAY) == Inputs()
            assert sum(pyramid(viewer=stranger).grades.values()) == 0
            assert sum(lifecycle_counts(viewer=stranger).values()) == 0
            assert value_band_counts(viewer=stranger) == {}
            tried = preview(viewer=stranger, rules=_other_rules())
            assert (tried.moves, tried.movers, sum(tried.today.values())) == ({}, [], 0)


class TestCounts:
    def test_name_every_letter_and_state(self, graded: Cast) -> None:
        counts = pyramid(viewer=graded.lin)
        assert counts.grades == {"A": 0, "B": 0, "C": 1, "D": 0, "E": 0}
        assert counts.prospects == {"A": 0, "B": 0, "C": 0, "D": 0, "E": 1}
        assert lifecycle_counts(viewer=graded.lin) == {
            "prospect": 1, "active": 1, "at_risk": 0, "lapsed": 0, "lost": 0,
        }  # fmt: skip
        assert value_band_counts(viewer=graded.lin) == {("low", "middle"): 1}
        assert set(grades_of(viewer=graded.lin, customers=[graded.mrs_zhou])) == {graded.mrs_zhou.pk}


class TestCrowds:
    def test_are_all_that_marketing_is_told(self, graded: Cast) -> None:
        assert sum(pyramid(viewer=graded.zhu).grades.values()) > 0
        assert sum(pyramid(viewer=graded.an).grades.values()) == 0
        assert sum(lifecycle_counts(viewer=graded.an).values()) == 0
        assert value_band_counts(viewer=graded.zhu) and not any(value_band_counts(viewer=graded.an).values())
        assert standings(viewer=graded.zhu) and standings(viewer=graded.an) == []

    def test_give_no_mover_to_rules_that_are_tried(self, graded: Cast) -> None:
        assert preview(viewer=graded.zhu, rules=_other_rules()).movers
        tried = preview(viewer=graded.an, rules=_other_rules())
        assert tried.movers == [] and tried.moves == {}


class TestExplanation:
    def test_takes_the_grade_apart_so_that_it_sums(self, graded: Cast) -> None:
        why = explanation(viewer=graded.mei, customer=graded.mrs_zhou)
        assert why is not None
        assert sum(one.points for one in why.contributions) == why.score == why.grade.score
        assert why.absent == ("margin", "satisfaction")
        assert (why.inputs.recency_days, why.inputs.frequency, why.inputs.amount_minor) == (10, 2, 500_000)
        assert (why.scheme.version, why.as_of_date) == (1, TODAY)
        assert [(move.to_letter, move.reason) for move in why.history] == [("C", "sale")]
        assert why.low_reasons == ("small_receipts",)

    def test_names_a_lift_that_lifts(self, graded: Cast) -> None:
        why = explanation(viewer=graded.mei, customer=graded.mrs_zhou)
        assert why is not None and why.lift is not None
        assert why.lift.target == "B"
        assert why.lift in why.lifts

    def test_says_what_a_prospect_lacks(self, graded: Cast) -> None:
        why = explanation(viewer=graded.mei, customer=graded.mr_zhou)
        assert why is not None
        assert (why.contributions, why.lift, why.stage_needs) == ((), None, ("first_contact",))

    def test_tells_her_place_among_the_buyers(self, graded: Cast) -> None:
        Yardstick.objects.create(
            scheme=ensure_first_scheme(NOW),
            as_of_date=TODAY,
            rules=Rule().to_plain(),
            made_at=NOW,
            figures={"scores": [[9000, 3], [4000, 10]], "letters": {"C": 4}},
        )
        why = explanation(viewer=graded.mei, customer=graded.mrs_zhou)
        assert why is not None and why.peers is not None
        assert (why.peers.buyers, why.peers.same_letter, why.peers.ahead) == (13, 4, 3)
        rank = shop_rank(viewer=graded.mei, customer=graded.mrs_zhou)
        assert rank is not None
        assert (rank.rank, rank.buyers) == (1, 1)


class TestYardstickFor:
    def test_keeps_the_bounds_of_the_last_regrade_under_a_new_scheme(self, cast: Cast) -> None:
        first = ensure_first_scheme(NOW)
        kept = Rule(silent=frozenset({"referral"}), cuts=(Cut(9, 0), Cut(8, 0), Cut(7, 0), Cut(6, 0)))
        Yardstick.objects.create(scheme=first, as_of_date=TODAY, rules=kept.to_plain(), made_at=NOW)
        assert yardstick_for(first) == kept
        second = publish(rules=_other_rules(), by=SYSTEM, now=NOW)
        fresh = yardstick_for(second)
        assert (fresh.silent, fresh.clusters) == (kept.silent, kept.clusters)
        assert fresh.cuts[0].score == 9500


def _other_rules() -> dict[str, object]:
    return DEFAULT_SCHEME.to_plain() | {"pyramid": {"method": "score", "scores": [9500, 9000, 8000, 7000]}}


class TestPreview:
    def test_refuses_rules_that_cannot_grade(self, graded: Cast) -> None:
        with pytest.raises(SchemeWrong):
            preview(viewer=graded.zhu, rules={"weights": {"amount": 1}})

    def test_says_what_it_cannot_show(self, graded: Cast) -> None:
        tried = preview(viewer=graded.zhu, rules=DEFAULT_SCHEME.to_plain() | {"window_months": 12})
        assert tried.inexact == ("window_months",)

    def test_names_who_would_move_and_by_what(self, graded: Cast) -> None:
        tried = preview(viewer=graded.lin, rules=_other_rules())
        assert (tried.moves, tried.moved) == ({("C", "E"): 1}, 1)
        [mover] = tried.movers
        assert (mover.customer, mover.from_letter, mover.to_letter) == (graded.mrs_zhou, "C", "E")

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes here
    )
    @given(story=st.data())
    def test_foretells_exactly_what_a_regrade_would_give(self, cast: Cast, story: st.DataObject) -> None:
        """Grades written by pure rules, previewed by sets, compared with grading everybody again by the new rules."""
        crowd = _crowd(cast, story)
        tried = _tried(story)
        found = preview(viewer=SYSTEM, rules=tried.to_plain(), movers=5)
        scores = {}
        for pk, inputs in crowd.items():
            graded = grade_of(inputs=inputs, scheme=tried, yardstick=Rule())
            scores[pk] = (graded.score, inputs.amount_minor)
        letters = _letters(scores, tried)
        before = dict(Grade.objects.exclude(letter="").values_list("pk", "computed_letter"))
        moves = Counter((before[pk], letters[pk]) for pk in crowd)
        assert {pair: people for pair, people in found.moves.items() if people} == dict(moves)
        moved = sorted((pk for pk in crowd if before[pk] != letters[pk]), key=lambda pk: (-crowd[pk].amount_minor, pk))
        assert [mover.customer.pk for mover in found.movers] == moved[:5]
        assert all(mover.to_letter == letters[mover.customer.pk] for mover in found.movers)


def _letters(scores: dict[int, tuple[int, int]], tried: Scheme) -> dict[int, str]:
    """Letters by hand: by score, or by place in the whole order."""
    if tried.pyramid.method == "score":
        return {
            pk: next((one for one, low in zip("ABCD", tried.pyramid.scores, strict=True) if score >= low), "E")
            for pk, (score, _) in scores.items()
        }
    ranked = sorted(scores.values(), reverse=True)
    ranks = share_ranks(len(ranked), tried.pyramid.shares)
    return {
        pk: next((one for one, rank in zip("ABCD", ranks, strict=True) if rank and pair >= ranked[rank - 1]), "E")
        for pk, pair in scores.items()
    }


def _crowd(cast: Cast, story: st.DataObject) -> dict[int, Inputs]:
    Grade.objects.all().delete()
    scheme = ensure_first_scheme(NOW)
    Yardstick.objects.get_or_create(
        scheme=scheme, as_of_date=TODAY, defaults={"rules": Rule().to_plain(), "made_at": NOW}
    )
    crowd = {}
    for _ in range(story.draw(st.integers(1, 20))):
        person = Customer.objects.create(shop=cast.shop_a, created_at=NOW, updated_at=NOW)
        inputs = Inputs(
            **{
                **{name: getattr(bought(5, 1, 1), name) for name in Inputs.__dataclass_fields__},
                "recency_days": (days := story.draw(st.sampled_from([5, 90, 91, 365, 800]))),
                "last_bought_date": TODAY - timedelta(days=days),
                "frequency": story.draw(st.integers(1, 7)),
                "amount_minor": story.draw(st.sampled_from([-5, 100_000, 100_001, 900_000, 5_000_000])),
                "satisfaction": story.draw(st.sampled_from([None, 65, 95])),
                "cluster": cast.shop_a.path,
            }
        )
        regrade(customer=person, inputs=inputs, as_of=TODAY, reason="sale", now=NOW)
        crowd[person.pk] = inputs
    return crowd


def _tried(story: st.DataObject) -> Scheme:
    weights = dict.fromkeys(DIMENSIONS, 0) | story.draw(
        st.sampled_from([{"amount": 100}, {"recency": 50, "frequency": 50}, {"satisfaction": 60, "amount": 40},
                         dict(DEFAULT_SCHEME.weights)])
    )  # fmt: skip
    steps = dict(DEFAULT_SCHEME.steps)
    if story.draw(st.booleans()):
        steps |= {"recency": (10, 91, 400, 900), "frequency": (7, 5, 3, 2), "satisfaction": (96, 80, 65, 1)}
    plain = DEFAULT_SCHEME.to_plain() | {"weights": weights, "steps": {k: list(v) for k, v in steps.items()}}
    return Scheme.from_plain(plain | {"pyramid": {"method": story.draw(st.sampled_from(["share", "score"]))}})
