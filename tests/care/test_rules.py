"""Rules of care: steps as data, what a task weighs, the next day that is proposed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.care.rules import (
    PlanInvalid,
    Result,
    Step,
    Urgency,
    next_date_for,
    priority_of,
    steps_from_plain,
    urgency_of,
    usual_gap_days,
    worth_of,
)
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS

TODAY = date(2026, 11, 22)


class TestStepsFromPlain:
    @pytest.mark.parametrize("plan", CARE_PLANS, ids=lambda plan: plan["code"])
    def test_reads_every_starting_plan(self, plan: dict[str, object]) -> None:
        steps = steps_from_plain(plan["steps"], where="x")  # type: ignore[arg-type]
        assert all(step.script_en and step.script_zh for step in steps)

    @pytest.mark.parametrize(
        ("plain", "words"),
        [
            ([], "at least one step"),
            ([{"offset_days": 1}], "needs a code"),
            ([{"code": "a b", "offset_days": 1}], "needs a code"),
            ([{"code": "call", "offset_days": "1"}], "offset_days"),
            ([{"code": "call", "offset_days": 99_999}], "offset_days"),
            ([{"code": "call", "offset_days": 1, "window_days": -1}], "window_days"),
            ([{"code": "call", "offset_days": 1, "colour": "red"}], "unknown word 'colour'"),
        ],
    )
    def test_says_which_step_is_wrong_and_why(self, plain: list[dict[str, object]], words: str) -> None:
        with pytest.raises(PlanInvalid, match=words):
            steps_from_plain(plain, where="after_sale")


class TestStep:
    def test_repeats_until_its_last_day(self) -> None:
        step = Step("cleaning", 90, every_days=182, until_days=720)
        assert step.offsets() == (90, 272, 454, 636)

    @pytest.mark.parametrize(
        ("grades", "grade", "fits"), [((), "E", True), (("A", "B"), "B", True), (("A",), "C", False)]
    )
    def test_is_for_its_grades_only(self, grades: tuple[str, ...], grade: str, fits: bool) -> None:
        assert Step("x", 1, grades=grades).fits(grade) is fits


class TestUrgencyOf:
    @pytest.mark.parametrize(
        ("due", "last", "points"),
        [
            (TODAY, TODAY, 100),
            (TODAY, TODAY + timedelta(days=3), 70),
            (TODAY + timedelta(days=5), TODAY + timedelta(days=20), 10),
            (TODAY - timedelta(days=1), TODAY + timedelta(days=1), 85),
            (TODAY - timedelta(days=30), TODAY, 100),
        ],
    )
    def test_grows_towards_the_last_day_and_while_late(self, due: date, last: date, points: int) -> None:
        assert urgency_of(due_date=due, last_date=last, today=TODAY).points == points


class TestPriorityOf:
    def test_puts_the_better_customer_first_when_both_press_the_same(self) -> None:
        urgency = Urgency(0, 0)
        worths = [worth_of(letter=letter, stage="") for letter in "ABCDE"]
        order = [priority_of(worth=worth, urgency=urgency, step="cleaning") for worth in worths]
        assert order == sorted(order, reverse=True) and len(set(order)) == 5

    def test_puts_a_wear_check_before_a_win_back(self) -> None:
        check, win = (priority_of(worth=45, urgency=Urgency(0, 1), step=step) for step in ("wear_check", "win_back"))
        assert check > win

    @given(st.integers(0, 60), st.integers(0, 60), st.sampled_from("ABCDE"))
    def test_is_never_nothing(self, late: int, left: int, letter: str) -> None:
        assert priority_of(worth=worth_of(letter=letter, stage=""), urgency=Urgency(late, left), step="x") > 0


class TestUsualGapDays:
    @pytest.mark.parametrize(
        ("frequency", "first", "last", "gap"),
        [
            (2, date(2025, 1, 1), date(2025, 6, 1), None),
            (3, date(2025, 1, 1), date(2025, 5, 1), 60),
            (5, date(2025, 1, 1), date(2025, 1, 1), None),
            (3, None, None, None),
        ],
    )
    def test_needs_three_purchases(
        self, frequency: int, first: date | None, last: date | None, gap: int | None
    ) -> None:
        assert usual_gap_days(frequency=frequency, first_date=first, last_date=last) == gap


class TestNextDateFor:
    @pytest.mark.parametrize("result", list(Result))
    def test_proposes_a_day_after_today_for_every_result(self, result: Result) -> None:
        assert next_date_for(result=result, today=TODAY) > TODAY


class TestFestivalDays:
    def test_have_words_in_both_languages(self) -> None:
        assert all(day["name_en"] and day["name_zh"] for day in FESTIVAL_DAYS)
