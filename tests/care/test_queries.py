"""Today and its neighbours: the right few, in order, inside the viewer's scope and the budget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from zhenke.basics.errors import NotFound
from zhenke.care.models import Occasion, Task
from zhenke.care.queries import follow_up_figures, occasions_of, open_task_customers, task_for, tasks_of, today
from zhenke.customers.models import Customer, CustomerDate
from zhenke.grading.models import Grade
from zhenke.grading.operations import ensure_first_scheme
from zhenke.staff.models import StaffMember

TODAY = date(2026, 11, 22)


def someone(cast: Cast, name: str, letter: str = "", owner: StaffMember | None = None) -> Customer:
    """Write a customer of Mei's, graded when a letter is given."""
    customer = Customer.objects.create(
        name=name, shop=cast.shop_a, owner=owner or cast.mei, created_at=NOW, updated_at=NOW
    )
    if letter:
        scheme = ensure_first_scheme(NOW)
        Grade.objects.create(customer=customer, letter=letter, scheme=scheme, as_of_date=TODAY)
    return customer


def due(cast: Cast, customer: Customer, days: int = 0, step: str = "cleaning", window: int = 3, **more: object) -> Task:
    """Write a task of Mei's, due so many days from today."""
    day = TODAY + timedelta(days=days)
    values = {"assignee": cast.mei, "shop": cast.shop_a, **more}
    return Task.objects.create(
        occurrence_key=f"{customer.id}:{days}:{step}", customer=customer, step=step, due_date=day,
        last_date=day + timedelta(days=window), created_at=NOW, **values,
    )  # fmt: skip


class TestToday:
    def test_orders_by_worth_and_urgency(self, cast: Cast) -> None:
        for name, letter in (("丁", "D"), ("甲", "A"), ("丙", "C")):
            due(cast, someone(cast, name, letter))
        listed = today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert [item.customer.name for item in listed.due] == ["甲", "丙", "丁"]

    def test_never_exceeds_what_the_day_can_hold_and_counts_the_rest(self, cast: Cast) -> None:
        for number in range(20):
            due(cast, someone(cast, f"客{number}", "C"), days=-1 if number % 2 else 0)
        listed = today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert (len(listed.due) + len(listed.overdue), listed.waiting) == (12, 8)

    def test_takes_off_what_is_done_already(self, cast: Cast) -> None:
        done = due(cast, someone(cast, "甲", "A"))
        Task.objects.filter(pk=done.pk).update(state="done", done_by=cast.mei, done_at=NOW)
        for number in range(12):
            due(cast, someone(cast, f"客{number}", "C"))
        listed = today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert (listed.done_today, len(listed.due), listed.waiting) == (1, 11, 1)

    def test_names_each_person_once(self, cast: Cast) -> None:
        customer = someone(cast, "甲", "A")
        due(cast, customer, step="cleaning")
        due(cast, customer, step="wear_check")
        due(cast, customer, days=3, step="birthday")
        listed = today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert [(item.why.step, item.also) for item in listed.due] == [("wear_check", 1)]
        assert listed.upcoming == ()

    def test_shows_occasions_of_people_without_a_task(self, cast: Cast) -> None:
        customer = someone(cast, "甲", "B")
        day = CustomerDate.objects.create(customer=customer, kind="birthday", month=12, day=1, created_at=NOW)
        Occasion.objects.create(
            customer=customer, customer_date=day, kind="birthday", year_key="solar:2026", on_date=date(2026, 12, 1)
        )
        listed = today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert [(item.why.occasion, item.why.in_days) for item in listed.occasions] == [("birthday", 9)]

    def test_shows_the_manager_what_was_missed_twice(self, cast: Cast) -> None:
        due(cast, someone(cast, "甲", "A"), days=-5, escalated_to=cast.lin)
        listed = today(viewer=cast.lin, advisor=cast.lin, day=TODAY)
        assert [item.customer.name for item in listed.escalated] == ["甲"]

    @pytest.mark.parametrize("stranger", ["qiao", "other", "tao"])
    def test_shows_a_stranger_nothing(self, cast: Cast, stranger: str) -> None:
        due(cast, someone(cast, "甲", "A"))
        listed = today(viewer=getattr(cast, stranger), advisor=cast.mei, day=TODAY)
        assert (listed.due, listed.overdue, listed.upcoming, listed.waiting, listed.done_today) == ((), (), (), 0, 0)

    def test_keeps_its_budget_whatever_the_length(self, cast: Cast) -> None:
        for number in range(40):
            due(cast, someone(cast, f"客{number}", "C"), days=number % 7 - 3)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            today(viewer=cast.mei, advisor=cast.mei, day=TODAY)
        assert len(queries) <= 6


class TestTaskFor:
    def test_gives_a_stranger_the_same_as_nothing(self, cast: Cast) -> None:
        task = due(cast, cast.mrs_zhou)
        assert task_for(viewer=cast.mei, id=task.id) == task
        for viewer, key in ((cast.qiao, task.id), (cast.mei, 1)):
            with pytest.raises(NotFound):
                task_for(viewer=viewer, id=key)


class TestTasksOf:
    def test_puts_open_ones_first_and_shows_strangers_none(self, cast: Cast) -> None:
        closed = due(cast, cast.mrs_zhou, step="thanks")
        Task.objects.filter(pk=closed.pk).update(state="done", done_at=NOW, done_by=cast.mei)
        still_open = due(cast, cast.mrs_zhou, days=5)
        assert [task.id for task in tasks_of(viewer=cast.mei, customer=cast.mrs_zhou)] == [still_open.id, closed.id]
        assert tasks_of(viewer=cast.qiao, customer=cast.mrs_zhou) == []


class TestOccasionsOf:
    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        assert occasions_of(viewer=cast.qiao, customer=cast.mrs_zhou, today=TODAY) == []


class TestOpenTaskCustomers:
    def test_is_a_filter_inside_the_scope(self, cast: Cast) -> None:
        due(cast, cast.mrs_zhou)
        assert list(open_task_customers(viewer=cast.mei)) == [cast.mrs_zhou.id]
        assert list(open_task_customers(viewer=cast.qiao)) == []


class TestFollowUpFigures:
    def test_counts_in_time_late_missed_and_overdue(self, cast: Cast) -> None:
        facts = [("done", "", 1), ("done", "", -3), ("cancelled", "missed", -3), ("open", "", -5)]
        for number, (state, result, left) in enumerate(facts):
            task = due(cast, someone(cast, f"客{number}"), days=left, window=0)
            done_at = None if state == "open" else NOW
            Task.objects.filter(pk=task.pk).update(state=state, result=result, done_at=done_at, done_by=cast.mei)
        [figures] = follow_up_figures(viewer=cast.lin, today=TODAY)
        assert (figures.in_time, figures.late, figures.missed, figures.overdue) == (1, 1, 1, 1)
        assert figures.in_time_share == pytest.approx(1 / 3)
        assert follow_up_figures(viewer=cast.qiao, today=TODAY) == []
