"""The night: occasions come round once a year, tasks are planned once, missed ones are passed on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Cast
from zhenke.care.models import Occasion, Task
from zhenke.care.operations import escalate_missed, expand_occasions, load_default_plans, plan_tasks
from zhenke.customers.models import Customer, CustomerDate
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.models import Grade
from zhenke.grading.operations import ensure_first_scheme
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def plans(cast: Cast) -> None:
    """The starting plans."""
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)


def graded(customer: Customer, letter: str, last_bought: date | None = None) -> None:
    """Give a customer a grade."""
    Grade.objects.create(
        customer=customer,
        letter=letter,
        last_bought_date=last_bought,
        scheme=ensure_first_scheme(NOW),
        as_of_date=TODAY,
    )


def dated(customer: Customer, month: int, day: int, calendar: str = "solar", kind: str = "birthday") -> CustomerDate:
    """Give a customer a day."""
    return CustomerDate.objects.create(
        customer=customer, kind=kind, calendar=calendar, month=month, day=day, created_at=NOW
    )


def open_task(cast: Cast, last: date, missed: int = 0, key: str = "t") -> Task:
    """Write a task whose last day is given."""
    return Task.objects.create(
        occurrence_key=key, customer=cast.mrs_zhou, assignee=cast.mei, shop=cast.shop_a, step="by_hand",
        due_date=last, last_date=last, times_missed=missed, created_at=NOW,
    )  # fmt: skip


class TestExpandOccasions:
    def test_writes_each_coming_round_once(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 12, 1)
        dated(cast.mr_zhou, 10, 25, "lunar")
        assert [expand_occasions(today=TODAY), expand_occasions(today=TODAY)] == [2, 0]
        found = dict(Occasion.objects.values_list("customer__name", "on_date"))
        assert found == {"周丽华": date(2026, 12, 1), "周建国": date(2026, 12, 3)}

    def test_moves_what_is_still_to_come_when_the_shop_changes_its_rule(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 2, 29)
        before, eve = date(2027, 2, 1), date(2027, 2, 28)
        expand_occasions(today=before)
        assert list(Occasion.objects.values_list("on_date", flat=True)) == [eve]
        Shop.objects.filter(pk=cast.brand.pk).update(date_rules={"feb29": "after"})
        assert expand_occasions(today=before) == 0
        assert list(Occasion.objects.values_list("on_date", flat=True)) == [date(2027, 3, 1)]

    def test_follows_a_day_that_was_written_wrong(self, cast: Cast) -> None:
        row = dated(cast.mrs_zhou, 12, 1)
        expand_occasions(today=TODAY)
        CustomerDate.objects.filter(pk=row.pk).update(day=11)
        expand_occasions(today=TODAY)
        assert list(Occasion.objects.values_list("on_date", "year_key")) == [(date(2026, 12, 11), "solar:2026")]

    def test_leaves_out_days_beyond_its_horizon(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 3, 1)
        assert expand_occasions(today=TODAY, days=45) == 0

    def test_gives_one_occasion_a_year_over_three_years_of_nights(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 2, 29)
        dated(cast.mr_zhou, 12, 30, "lunar")
        for weeks in range(0, 157, 4):
            expand_occasions(today=TODAY + timedelta(weeks=weeks))
        years = Occasion.objects.values_list("customer__name", "year_key").order_by("year_key")
        assert len(years) == len(set(years))
        assert [key for name, key in years if name == "周丽华"] == ["solar:2027", "solar:2028", "solar:2029"]
        assert [key for name, key in years if name == "周建国"] == [
            "lunar:2026",
            "lunar:2027",
            "lunar:2028",
            "lunar:2029",
        ][:3]


class TestPlanTasks:
    def test_plans_a_birthday_by_grade_and_once(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 12, 1)
        graded(cast.mrs_zhou, "A")
        expand_occasions(today=TODAY)
        assert plan_tasks(today=TODAY, now=NOW) == 2  # the greeting of three weeks before has passed
        assert plan_tasks(today=TODAY, now=NOW) == 0
        due = set(Task.objects.filter(step__startswith="birthday").values_list("due_date", flat=True))
        assert due == {date(2026, 11, 24), date(2026, 12, 1)}

    def test_asks_nothing_of_an_e_customer_before_the_day(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 12, 1)
        graded(cast.mrs_zhou, "E")
        expand_occasions(today=TODAY)
        assert plan_tasks(today=TODAY, now=NOW) == 0

    def test_plans_cleaning_from_the_last_purchase(self, cast: Cast) -> None:
        graded(cast.mrs_zhou, "C", TODAY - timedelta(days=88))
        assert plan_tasks(today=TODAY, now=NOW) == 1
        task = Task.objects.get()
        assert (task.step, task.due_date, task.assignee_id) == ("cleaning", TODAY + timedelta(days=2), cast.mei.id)

    def test_wins_back_who_has_not_been_in(self, cast: Cast) -> None:
        graded(cast.mrs_zhou, "B", TODAY - timedelta(days=399))
        plan_tasks(today=TODAY, now=NOW)
        assert Task.objects.get().step == "win_back"

    def test_plans_festivals_for_the_best(self, cast: Cast) -> None:
        graded(cast.mrs_zhou, "A")
        graded(cast.mr_zhou, "B")
        plan_tasks(today=date(2026, 12, 5), now=NOW)
        assert list(Task.objects.values_list("customer__name", "reason__festival")) == [("周丽华", "christmas")]


class TestEscalateMissed:
    def test_gives_a_second_chance_and_then_tells_the_manager(self, cast: Cast) -> None:
        task = open_task(cast, TODAY - timedelta(days=1))
        assert escalate_missed(today=TODAY, now=NOW) == 0
        task.refresh_from_db()
        assert (task.times_missed, task.last_date) == (1, TODAY + timedelta(days=2))
        assert escalate_missed(today=TODAY + timedelta(days=3), now=NOW) == 1
        task.refresh_from_db()
        assert (task.times_missed, task.escalated_to_id) == (2, cast.lin.id)

    def test_counts_once_a_night(self, cast: Cast) -> None:
        task = open_task(cast, TODAY - timedelta(days=1))
        for _ in range(2):
            escalate_missed(today=TODAY, now=NOW)
        task.refresh_from_db()
        assert task.times_missed == 1

    def test_lets_go_after_six_misses(self, cast: Cast) -> None:
        task = open_task(cast, TODAY - timedelta(days=1), missed=5)
        escalate_missed(today=TODAY, now=NOW)
        task.refresh_from_db()
        assert (task.state, task.result) == ("cancelled", "missed")

    def test_lets_a_passed_birthday_go_at_once(self, cast: Cast) -> None:
        dated(cast.mrs_zhou, 11, 25)
        graded(cast.mrs_zhou, "A")
        expand_occasions(today=TODAY)
        plan_tasks(today=TODAY, now=NOW)
        escalate_missed(today=TODAY + timedelta(days=10), now=NOW)
        assert set(Task.objects.values_list("state", "result")) == {("cancelled", "missed")}


class TestPlanTasksLate:
    def test_is_late_with_nothing_that_was_just_planned(self, cast: Cast) -> None:
        graded(cast.mrs_zhou, "C", TODAY - timedelta(days=100))
        plan_tasks(today=TODAY, now=NOW)
        task = Task.objects.get()
        assert (task.due_date, task.last_date) == (TODAY, TODAY + timedelta(days=4))
