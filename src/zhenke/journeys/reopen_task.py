"""A follow-up that was closed by mistake is open again: the next one it set and the contact it wrote down are gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.care.models import Task
from zhenke.care.operations import undo_finish
from zhenke.care.rules import contact_key
from zhenke.customers.operations import drop_interaction
from zhenke.staff.models import StaffMember


@transaction.atomic
def reopen_task(*, task: Task, by: StaffMember, now: datetime) -> Task:
    """Open a closed follow-up again.

    Writes: the task open, its next task cancelled as "undone", the interaction of its finish deleted.
    Twice:  an open task stays as it is.
    Errors: TaskClosed if the follow-up it set was worked on already.
    """
    done_at = task.done_at
    opened = undo_finish(task=task, by=by, now=now)
    if done_at is not None:
        drop_interaction(customer=task.customer, source_key=contact_key(task.id, done_at), by=by)
    return opened
