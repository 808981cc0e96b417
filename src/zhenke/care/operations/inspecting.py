"""Follow-ups for pieces that are to be looked at: made by the night, settled at the counter, moved with the piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from zhenke.care.models import CarePlan, Task
from zhenke.care.operations.night import write_tasks
from zhenke.care.rules import DuePiece, inspection_key, steps_from_plain
from zhenke.customers.models import Customer
from zhenke.grading.models import Grade
from zhenke.staff.models import Viewer

BATCH = 2_000
INSPECTED, CAME_BACK = "inspected", "returned"


def plan_inspections(*, due: Iterable[DuePiece], today: date, now: datetime) -> int:
    """Write the follow-ups of pieces whose inspection comes up; return how many are new.

    Writes: one Task per piece and due day for the owner's advisor, in batches of their own, with the piece's name for
            the why-line. Of plans that a piece starts, the steps that the customer's grade (or stage) gets.
    Twice:  writes nothing: the key names the piece and the day.
    """
    pieces = list(due)
    new = 0
    for plan in CarePlan.objects.filter(trigger=CarePlan.Trigger.PIECE, is_active=True).order_by("code"):
        steps = steps_from_plain(plan.steps, where=plan.code)
        for start in range(0, len(pieces), BATCH):
            part = pieces[start : start + BATCH]
            standings = Grade.objects.filter(customer__in={piece.customer_id for piece in part})
            grades = {
                key: letter or stage for key, letter, stage in standings.values_list("customer", "letter", "stage")
            }
            tasks = [
                Task(
                    occurrence_key=inspection_key(piece.piece_id, piece.due_date),
                    customer_id=piece.customer_id,
                    assignee_id=piece.owner_id,
                    shop_id=piece.shop_id,
                    plan=plan,
                    step=step.code,
                    reason={"piece": piece.name, "due": piece.due_date.isoformat()},
                    due_date=piece.due_date + timedelta(days=step.offset_days),
                    last_date=max(piece.due_date + timedelta(days=step.offset_days), today)
                    + timedelta(days=step.window_days),
                    created_at=now,
                )
                for piece in part
                for step in steps[:1]  # the key allows one follow-up per piece and day
                if step.fits(grades.get(piece.customer_id, ""))
            ]
            new += write_tasks(tasks, today)
    return new


def settle_inspection(*, piece_id: int, due_date: date | None, by: Viewer, now: datetime) -> int:
    """Close the follow-up of a piece that has been looked at; return how many were open.

    Writes: the Task, done as "inspected".
    Twice:  0.
    """
    if due_date is None:
        return 0
    waiting = Task.objects.filter(occurrence_key=inspection_key(piece_id, due_date), state=Task.State.OPEN)
    return waiting.update(state=Task.State.DONE, result=INSPECTED, done_at=now, done_by_id=by.id)


def reopen_inspection(*, piece_id: int, due_date: date | None) -> int:
    """Open the follow-up of a piece again whose inspection was noted by mistake; return how many were closed by it.

    Writes: the Task.
    Twice:  0.
    """
    if due_date is None:
        return 0
    closed = Task.objects.filter(
        occurrence_key=inspection_key(piece_id, due_date), state=Task.State.DONE, result=INSPECTED
    )
    return closed.update(state=Task.State.OPEN, result="", done_at=None, done_by=None)


def move_inspection(*, piece_id: int, due_date: date | None, to: Customer) -> int:
    """Give the open follow-up of a piece to its new owner's advisor; return how many moved.

    Writes: the Task.
    Twice:  the same again.
    """
    if due_date is None:
        return 0
    waiting = Task.objects.filter(occurrence_key=inspection_key(piece_id, due_date), state=Task.State.OPEN)
    return waiting.update(customer=to, assignee=to.owner_id, shop=to.shop_id, escalated_at=None, escalated_to=None)


def cancel_inspections(*, pieces: Collection[tuple[int, date | None]], now: datetime) -> int:
    """Call off the follow-ups of pieces that came back, given with the day they were due; return how many.

    Writes: Tasks cancelled as "returned".
    Twice:  0.
    """
    keys = [inspection_key(key, due) for key, due in pieces if due is not None]
    if not keys:
        return 0
    waiting = Task.objects.filter(occurrence_key__in=keys, state=Task.State.OPEN)
    return waiting.update(state=Task.State.CANCELLED, result=CAME_BACK, done_at=now)
