"""What people make of tasks: finish with result and next date, snooze, pass on, undo, add by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from zhenke.basics.errors import BadInput
from zhenke.care.models import CarePlan, Task
from zhenke.care.rules import SECOND_CHANCE_DAYS, NextDateMissing, Result, TaskClosed
from zhenke.customers.models import Customer
from zhenke.customers.rules.notes import SENSITIVE, level_of_words, open_words
from zhenke.staff import audit
from zhenke.staff.models import StaffMember, Viewer

LONGEST_SNOOZE_DAYS = 90
LONGEST_NEXT_DAYS = 730


class DateOutOfReach(BadInput):
    """A day lies before tomorrow or too far ahead."""

    code = "date_out_of_reach"
    message = "Choose a day from {first} to {last}."


@dataclass(frozen=True)
class FinishedTask:
    """A closed task, the follow-up it set, and whether this call closed it."""

    task: Task
    next_task: Task | None
    is_new: bool


def _must_be_between(day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise DateOutOfReach(first=first.isoformat(), last=last.isoformat())


@transaction.atomic
def finish(
    *, task: Task, result: Result, note: str, next_date: date | None, by: StaffMember, today: date, now: datetime
) -> FinishedTask:
    """Close a follow-up with its result and set the next one; words of level 4 stay with the one that is closed.

    Writes: the task closed, one new task due on `next_date`.
    Twice:  the same person with the same result and date again gets the same answer; nothing more is written.
    Errors: NextDateMissing without a day; DateOutOfReach for a day before tomorrow or over two years ahead; TaskClosed
            if it was closed otherwise.
    """
    if next_date is None:
        raise NextDateMissing(today=today.isoformat())
    next_key = f"next:{task.id}"
    _must_be_between(next_date, today + timedelta(days=1), today + timedelta(days=LONGEST_NEXT_DAYS))
    closed = Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(
        state=Task.State.DONE,
        result=result,
        result_note=note[:500],
        next_date=next_date,
        done_at=now,
        done_by_id=by.id,
    )
    task.refresh_from_db()
    if not closed:
        if (task.state, task.result, task.done_by_id, task.next_date) != (Task.State.DONE, result, by.id, next_date):
            raise TaskClosed(task=task.id)
        return FinishedTask(task, Task.objects.filter(occurrence_key=next_key).first(), is_new=False)
    passed_on = note[:200] if level_of_words(note) < SENSITIVE else ""  # why-lines are read by everybody who cares
    next_task, made = Task.objects.get_or_create(
        occurrence_key=next_key,
        defaults={
            "customer_id": task.customer_id,
            "assignee_id": task.assignee_id or by.id,
            "shop_id": task.shop_id,
            "step": "call_back",
            "reason": {"after": task.step, "on": today.isoformat(), "result": str(result), "note": passed_on},
            "due_date": next_date,
            "last_date": next_date + timedelta(days=3),
            "created_at": now,
            "created_by_id": by.id,
        },
    )
    if not made:
        Task.objects.filter(pk=next_task.pk).update(
            state=Task.State.OPEN, due_date=next_date, last_date=next_date + timedelta(days=3), result="", done_at=None
        )
        next_task.refresh_from_db()
    return FinishedTask(task, next_task, is_new=True)


@transaction.atomic
def undo_finish(*, task: Task, by: Viewer, now: datetime) -> Task:
    """Open a closed task again and take back the follow-up it set.

    Writes: the task open, its next task cancelled as "undone".
    Twice:  an open task stays as it is.
    Errors: TaskClosed if the follow-up it set was worked on already.
    """
    follow_up = Task.objects.filter(occurrence_key=f"next:{task.id}").first()
    if follow_up is not None and follow_up.state == Task.State.DONE:
        raise TaskClosed(task=follow_up.id)
    if follow_up is not None:
        Task.objects.filter(pk=follow_up.pk).update(state=Task.State.CANCELLED, result="undone", done_at=now)
    Task.objects.filter(pk=task.pk, state=Task.State.DONE).update(
        state=Task.State.OPEN, result="", result_note="", next_date=None, done_at=None, done_by=None
    )
    task.refresh_from_db()
    return task


@transaction.atomic
def snooze(*, task: Task, until: date, by: Viewer, today: date) -> Task:
    """Put a task off to another day.

    Writes: due and last day moved by the same number of days; the first due day is kept.
    Twice:  the same day again changes nothing.
    Errors: DateOutOfReach for a day before tomorrow or over 90 days ahead; TaskClosed.
    """
    _must_be_between(until, today + timedelta(days=1), today + timedelta(days=LONGEST_SNOOZE_DAYS))
    if task.due_date == until:
        return task
    window = max(task.last_date - task.due_date, timedelta(days=SECOND_CHANCE_DAYS))
    moved = Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(
        due_date=until, last_date=until + window, snoozed_from_date=task.snoozed_from_date or task.due_date
    )
    if not moved:
        raise TaskClosed(task=task.id)
    task.refresh_from_db()
    return task


@transaction.atomic
def reassign(*, task: Task, to: StaffMember, by: Viewer, now: datetime) -> Task:
    """Give an open task to another person.

    Writes: the assignee; an audit line.
    Twice:  the same person again changes nothing.
    Errors: TaskClosed; BadInput if the person has left.
    """
    if not to.is_active:
        raise BadInput("{name} does not work here any more; choose somebody else.", name=to.name)
    if task.assignee_id == to.id:
        return task
    moved = Task.objects.filter(pk=task.pk, state=Task.State.OPEN).update(
        assignee=to, escalated_at=None, escalated_to=None
    )
    if not moved:
        raise TaskClosed(task=task.id)
    audit.record(
        action="task_reassigned",
        by=by,
        now=now,
        subject_kind="task",
        subject_id=task.id,
        to=to.id,
        was=task.assignee_id,
    )
    task.refresh_from_db()
    return task


@transaction.atomic
def add_task(
    *,
    customer: Customer,
    assignee: StaffMember,
    due_date: date,
    note: str,
    key: str,
    by: StaffMember,
    today: date,
    now: datetime,
) -> Task:
    """Write a task by hand.

    `key` comes from the form or the caller, so that sending it again is no second task.

    Writes: one task.
    Twice:  the task that is there.
    Errors: DateOutOfReach; BadInput without a note; as `open_words` for words that not everybody may read.
    """
    if not note.strip():
        raise BadInput("Say what is to be done.", field="note")
    open_words(note, field="note")
    _must_be_between(due_date, today, today + timedelta(days=LONGEST_NEXT_DAYS))
    task, _ = Task.objects.get_or_create(
        occurrence_key=f"hand:{by.id}:{key}"[:120],
        defaults={
            "customer": customer,
            "assignee": assignee,
            "shop_id": customer.shop_id,
            "step": "by_hand",
            "reason": {"note": note.strip()[:300]},
            "due_date": due_date,
            "last_date": due_date + timedelta(days=3),
            "created_at": now,
            "created_by": by,
        },
    )
    return task


@transaction.atomic
def move_tasks(*, from_advisor: StaffMember, to_advisor: StaffMember, by: Viewer, now: datetime) -> int:
    """Give all open tasks of one person to another; return how many moved.

    Writes: assignees; the caller's journey writes the audit line.
    Twice:  moves 0.
    """
    return Task.objects.filter(assignee=from_advisor, state=Task.State.OPEN).update(assignee=to_advisor)


@transaction.atomic
def cancel_tasks_of(*, sale_ids: list[int], result: str, now: datetime) -> int:
    """Close the open follow-ups of sales that were taken back; return how many.

    Writes: tasks cancelled with the given result code.
    Twice:  closes 0.
    """
    return (
        Task.objects.filter(sale_id__in=sale_ids, state=Task.State.OPEN)
        .exclude(plan__trigger=CarePlan.Trigger.SINCE)
        .update(state=Task.State.CANCELLED, result=result, done_at=now)
    )
