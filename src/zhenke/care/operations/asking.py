"""Small tasks: the one thing to ask a customer for when she is next spoken to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from zhenke.care.models import Task
from zhenke.care.operations.night import write_tasks
from zhenke.care.rules import ASK_STEP, MEMBER_STEP, STAY_STEP, Question

_WAITS_DAYS = 14


def close_questions(*, task_ids: Collection[int], now: datetime) -> int:
    """Close small tasks whose answer is known by now; return how many.

    Writes: tasks cancelled as "superseded".
    Twice:  0.
    """
    waiting = Task.objects.filter(pk__in=task_ids, state=Task.State.OPEN)
    return waiting.update(state=Task.State.CANCELLED, result="superseded", done_at=now)


def ask(*, questions: Mapping[int, Question], today: date, now: datetime) -> int:
    """Write one small task for each of some customers; return how many are new.

    Units:  by the customer's key; due today, and let go after 14 days, never passed on to a manager.
    Writes: tasks.
    Twice:  on the same day writes nothing: `occurrence_key` names customer and day.
    """
    return _write(ASK_STEP, {f"ask:{key}": (key, one) for key, one in questions.items()}, _WAITS_DAYS, today, now)


def ask_to_stay(*, questions: Mapping[int, Question], today: date, now: datetime, wait_days: int) -> int:
    """Write one task for each of some customers, on which it hangs whether the archive is kept; return how many.

    `Question.field` is the code of why: silent, guardian, of_age.

    Units:  by the customer's key; due today, and missed after `wait_days`.
    Writes: tasks.
    Twice:  on the same day writes nothing: `occurrence_key` names customer, code and day.
    """
    keyed = {f"stay:{key}:{one.field}": (key, one) for key, one in questions.items()}
    return _write(STAY_STEP, keyed, wait_days, today, now)


def pass_on(*, question: Question, customer_id: int, today: date, now: datetime, wait_days: int) -> int:
    """Write one task of what a customer asked for on the member site; return how many are new.

    `Question.field` is the code of what: forget, or the field that is wrong.

    Units:  due today, and missed after `wait_days`; then it goes to who leads, as every missed task does.
    Writes: one task.
    Twice:  on the same day writes nothing.
    """
    keyed = {f"member:{customer_id}:{question.field}": (customer_id, question)}
    return _write(MEMBER_STEP, keyed, wait_days, today, now)


def _write(step: str, asked: Mapping[str, tuple[int, Question]], wait_days: int, today: date, now: datetime) -> int:
    """Write the tasks of one step; their keys name the customer, and get the day."""
    tasks = [
        Task(
            occurrence_key=f"{key}:{today.isoformat()}",
            customer_id=customer,
            assignee_id=one.owner,
            shop_id=one.shop,
            step=step,
            reason={"field": one.field},
            due_date=today,
            last_date=today + timedelta(days=wait_days),
            created_at=now,
        )
        for key, (customer, one) in asked.items()
    ]
    return write_tasks(tasks, today)
