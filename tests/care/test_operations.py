"""Writes of care: after a sale, finishing, putting off, passing on, plans; each twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Cast
from zhenke.basics.errors import BadInput
from zhenke.care.models import CarePlan, Task
from zhenke.care.operations import (
    add_task,
    finish,
    load_default_plans,
    move_tasks,
    plan_after_sale,
    plan_welcome,
    reassign,
    save_plan,
    snooze,
    undo_finish,
)
from zhenke.care.operations.tasks import DateOutOfReach
from zhenke.care.rules import NextDateMissing, PlanInvalid, Result, TaskClosed
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def plans(cast: Cast) -> None:
    """The starting plans."""
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)


def bought(cast: Cast, key: str = "S1", day: date = TODAY, kind: str = "sale") -> Sale:
    """Write one receipt of Mrs Zhou."""
    return Sale.objects.create(
        source_key=key, kind=kind, customer=cast.mrs_zhou, shop=cast.shop_a, advisor=cast.mei,
        sold_at=NOW, sold_date=day, amount_minor=399_900, line_count=1, created_at=NOW,
    )  # fmt: skip


def planned(cast: Cast, sale: Sale, letter: str = "B", today: date = TODAY) -> list[Task]:
    """Plan what follows one receipt."""
    return plan_after_sale(sale=sale, customer=cast.mrs_zhou, letter=letter, piece="翡翠手镯", today=today, now=NOW)


def call(cast: Cast, note: str = "送样图", key: str = "1") -> Task:
    """Write one task of Mei's by hand, due today."""
    return add_task(
        customer=cast.mrs_zhou, assignee=cast.mei, due_date=TODAY, note=note, key=key, by=cast.mei, today=TODAY, now=NOW
    )


class TestPlanAfterSale:
    def test_sets_thanks_wear_check_within_a_week_and_satisfaction_for_the_owner(self, cast: Cast) -> None:
        tasks = planned(cast, bought(cast))
        assert [(task.step, (task.due_date - TODAY).days, task.assignee_id) for task in tasks] == [
            ("thanks", 1, cast.mei.id), ("wear_check", 6, cast.mei.id), ("satisfaction", 30, cast.mei.id),
        ]  # fmt: skip
        assert all((task.last_date - TODAY).days <= 7 for task in tasks if task.step == "wear_check")

    def test_leaves_out_what_a_grade_does_not_get(self, cast: Cast) -> None:
        assert [task.step for task in planned(cast, bought(cast), letter="E")] == ["thanks", "wear_check"]

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        sale = bought(cast)
        assert planned(cast, sale) == planned(cast, sale)
        assert Task.objects.count() == 3

    def test_gives_no_tasks_for_a_sale_of_long_ago_or_a_return(self, cast: Cast) -> None:
        assert planned(cast, bought(cast, day=TODAY - timedelta(days=400))) == []
        assert planned(cast, bought(cast, key="R1", kind="return")) == []

    def test_starts_the_rhythm_afresh(self, cast: Cast) -> None:
        plan = CarePlan.objects.get(code="since_purchase")
        old = Task.objects.create(
            occurrence_key="since:1", customer=cast.mrs_zhou, assignee=cast.mei, shop=cast.shop_a, plan=plan,
            step="cleaning", due_date=TODAY, last_date=TODAY, created_at=NOW,
        )  # fmt: skip
        planned(cast, bought(cast))
        old.refresh_from_db()
        assert (old.state, old.result) == ("cancelled", "superseded")


class TestPlanWelcome:
    def test_greets_a_new_acquaintance_once(self, cast: Cast) -> None:
        first = plan_welcome(customer=cast.mr_zhou, today=TODAY, now=NOW)
        again = plan_welcome(customer=cast.mr_zhou, today=TODAY, now=NOW)
        assert [task.step for task in first] == ["welcome", "welcome_again"] and first == again


class TestFinish:
    def test_closes_the_task_and_sets_the_next(self, cast: Cast) -> None:
        task = call(cast)
        done = finish(
            task=task,
            result=Result.REACHED,
            note="很喜欢",
            next_date=TODAY + timedelta(days=30),
            by=cast.mei,
            today=TODAY,
            now=NOW,
        )
        assert (done.task.state, done.task.result, done.task.done_by_id) == ("done", "reached", cast.mei.id)
        assert done.next_task is not None
        assert (done.next_task.due_date, done.next_task.assignee_id) == (TODAY + timedelta(days=30), cast.mei.id)

    def test_is_the_same_when_sent_twice(self, cast: Cast) -> None:
        task, day = call(cast), TODAY + timedelta(days=3)
        first = finish(task=task, result=Result.LATER, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)
        again = finish(task=task, result=Result.LATER, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)
        assert (first.is_new, again.is_new, again.next_task) == (True, False, first.next_task)
        assert Task.objects.count() == 2

    def test_refuses_a_second_ending(self, cast: Cast) -> None:
        task, day = call(cast), TODAY + timedelta(days=3)
        finish(task=task, result=Result.LATER, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)
        with pytest.raises(TaskClosed):
            finish(task=task, result=Result.BOUGHT, note="", next_date=day, by=cast.lin, today=TODAY, now=NOW)

    def test_needs_the_next_day(self, cast: Cast) -> None:
        with pytest.raises(NextDateMissing):
            finish(task=call(cast), result=Result.REACHED, note="", next_date=None, by=cast.mei, today=TODAY, now=NOW)

    @pytest.mark.parametrize("days", [0, -1, 731])
    def test_refuses_a_next_day_out_of_reach(self, cast: Cast, days: int) -> None:
        day = TODAY + timedelta(days=days)
        with pytest.raises(DateOutOfReach):
            finish(task=call(cast), result=Result.REACHED, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)


class TestUndoFinish:
    def test_opens_it_again_and_takes_the_next_back(self, cast: Cast) -> None:
        task, day = call(cast), TODAY + timedelta(days=3)
        done = finish(task=task, result=Result.LATER, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)
        for _ in range(2):
            assert undo_finish(task=task, by=cast.mei, now=NOW).state == "open"
        assert done.next_task is not None
        done.next_task.refresh_from_db()
        assert (done.next_task.state, done.next_task.result) == ("cancelled", "undone")

    def test_then_finishing_again_sets_the_next_again(self, cast: Cast) -> None:
        task, day = call(cast), TODAY + timedelta(days=3)
        finish(task=task, result=Result.LATER, note="", next_date=day, by=cast.mei, today=TODAY, now=NOW)
        undo_finish(task=task, by=cast.mei, now=NOW)
        again = finish(
            task=task,
            result=Result.BOUGHT,
            note="",
            next_date=day + timedelta(days=4),
            by=cast.mei,
            today=TODAY,
            now=NOW,
        )
        assert again.next_task is not None and again.next_task.state == "open"
        assert again.next_task.due_date == day + timedelta(days=4)


class TestSnooze:
    def test_moves_both_days_and_keeps_the_first(self, cast: Cast) -> None:
        task = call(cast)
        for _ in range(2):
            task = snooze(task=task, until=TODAY + timedelta(days=5), by=cast.mei, today=TODAY)
        assert (task.due_date, task.snoozed_from_date) == (TODAY + timedelta(days=5), TODAY)
        assert task.last_date == TODAY + timedelta(days=8)

    @pytest.mark.parametrize("days", [0, 91])
    def test_refuses_a_day_out_of_reach(self, cast: Cast, days: int) -> None:
        with pytest.raises(DateOutOfReach):
            snooze(task=call(cast), until=TODAY + timedelta(days=days), by=cast.mei, today=TODAY)


class TestReassign:
    def test_gives_it_to_a_colleague_once(self, cast: Cast) -> None:
        task = call(cast)
        for _ in range(2):
            task = reassign(task=task, to=cast.tao, by=cast.lin, now=NOW)
        assert task.assignee_id == cast.tao.id

    def test_refuses_somebody_who_left(self, cast: Cast) -> None:
        cast.tao.is_active = False
        with pytest.raises(BadInput):
            reassign(task=call(cast), to=cast.tao, by=cast.lin, now=NOW)


class TestAddTask:
    def test_is_one_task_when_the_form_is_sent_twice(self, cast: Cast) -> None:
        assert call(cast).id == call(cast).id

    def test_needs_words(self, cast: Cast) -> None:
        with pytest.raises(BadInput):
            call(cast, note="  ")


class TestMoveTasks:
    def test_moves_open_ones_and_then_none(self, cast: Cast) -> None:
        call(cast)
        moved = [move_tasks(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=NOW) for _ in range(2)]
        assert moved == [1, 0]


class TestSavePlan:
    def test_makes_a_new_version_and_keeps_the_old(self, cast: Cast) -> None:
        plan = CarePlan.objects.get(code="after_sale")
        steps = [{**plan.steps[0], "offset_days": 2}]
        newer = save_plan(plan=plan, steps=steps, is_active=True, by=cast.zhu, now=NOW)
        again = save_plan(plan=plan, steps=steps, is_active=True, by=cast.zhu, now=NOW)
        plan.refresh_from_db()
        assert (newer.version, again.id, plan.is_active) == (2, newer.id, False)

    def test_refuses_what_cannot_be_understood(self, cast: Cast) -> None:
        plan = CarePlan.objects.get(code="after_sale")
        with pytest.raises(PlanInvalid):
            save_plan(plan=plan, steps=[{"code": "x"}], is_active=True, by=cast.zhu, now=NOW)


class TestLoadDefaultPlans:
    def test_never_touches_what_the_shop_changed(self, cast: Cast) -> None:
        plan = CarePlan.objects.get(code="after_sale")
        save_plan(plan=plan, steps=plan.steps[:1], is_active=True, by=cast.zhu, now=NOW)
        assert load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW) == 0
        assert CarePlan.objects.filter(code="after_sale", is_active=True).get().version == 2
