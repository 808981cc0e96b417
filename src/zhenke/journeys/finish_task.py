"""A follow-up is done: the task closes with its result, the timeline learns of it, the next day is set."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.care.models import Task
from zhenke.care.operations import FinishedTask, finish
from zhenke.care.rules import Result, contact_key
from zhenke.customers.operations import add_interaction
from zhenke.staff.models import StaffMember

_KIND_OF_RESULT = {Result.VISITED: "visit", Result.BOUGHT: "visit", Result.MESSAGE_SENT: "message"}


@transaction.atomic
def finish_task(
    *, task: Task, result: Result, note: str, next_date: date | None, by: StaffMember, today: date, now: datetime
) -> FinishedTask:
    """Close a follow-up, write it into the customer's timeline, and set the next one.

    Writes: the task, the next task, one interaction.
    Twice:  the same call again returns the same answer and writes nothing.
    Errors: NextDateMissing, DateOutOfReach, TaskClosed.
    """
    finished = finish(task=task, result=result, note=note, next_date=next_date, by=by, today=today, now=now)
    if finished.is_new:
        add_interaction(
            customer=task.customer,
            kind=_KIND_OF_RESULT.get(result, "call"),
            at=now,
            by=by,
            shop=by.shop,
            text=note,
            result=str(result),
            facts={"step": task.step},
            source_key=contact_key(task.id, now),
            now=now,
        )
    return finished
