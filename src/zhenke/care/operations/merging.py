"""Whose follow-ups and occasions they are, when two archives become one or two again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from zhenke.basics.bulk import for_column
from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.care.models import Occasion, Task
from zhenke.customers.models import Customer

# One line for each column of this room that holds the key of a customer.
POINTERS = (Pointer("care_task"), Pointer("care_occasion"))
# Rows of the archive that may be taken out, and the column of this room that then points at what stands for them.
REPOINTED = {"customers_customerdate": "care_occasion.customer_date_id"}
_OCCASIONS, _TASKS = Occasion._meta.db_table, Task._meta.db_table


@transaction.atomic
def move_customer(*, loser: int, winner: Customer, dates: Mapping[str, int], now: datetime) -> Moved:
    """Give the loser's follow-ups and occasions to the winner and her advisor; return what moved.

    `dates` tells for each day that was taken out which one stands for it. Of two open follow-ups for the same the
    winner's stays and the other is cancelled as "merged"; so is one for a day that was not the right one.

    Writes: Task, Occasion.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        own = {one.pk for one in Task.objects.filter(customer=winner, state=Task.State.OPEN).only("pk")}
        mover.follow(POINTERS, loser=loser, winner=winner.pk)
        wrong = _repoint(mover, {int(gone): stays for gone, stays in dates.items()})
        _close_doubles(mover, winner, own, wrong, now)
    return mover.moved


def _repoint(mover: Mover, dates: Mapping[int, int]) -> set[int]:
    """Hang the occasions of days that are gone on those that stay; return the tasks of occasions that are wrong."""
    wrong: set[int] = set()
    standing = {
        (row.customer_date_id, row.year_key): row for row in Occasion.objects.filter(customer_date__in=dates.values())
    }
    for row in Occasion.objects.filter(customer_date__in=list(dates)):
        twin = standing.get((dates[row.customer_date_id], row.year_key))
        tasks = list(Task.objects.filter(occasion=row).values_list("pk", flat=True))
        if twin is None and _same_day(row.customer_date_id, dates[row.customer_date_id], mover):
            mover.change(_OCCASIONS, {row.pk: {"customer_date_id": dates[row.customer_date_id]}})
            continue
        is_right = twin is not None and twin.on_date == row.on_date
        mover.change(_TASKS, {key: {"occasion_id": twin.pk if twin and is_right else None} for key in tasks})
        mover.take_out(_OCCASIONS, {row.pk: twin.pk if twin else 0})
        wrong.update([] if is_right else tasks)
    return wrong


def _same_day(gone: int, stays: int, mover: Mover) -> bool:
    """Return whether a day that stays is the one that went, as the occasions of both tell; unknown counts as no."""
    days = set(Occasion.objects.filter(customer_date=gone).values_list("year_key", "on_date"))
    return bool(days & set(Occasion.objects.filter(customer_date=stays).values_list("year_key", "on_date")))


def _close_doubles(mover: Mover, winner: Customer, own: set[int], wrong: set[int], now: datetime) -> None:
    tasks = list(Task.objects.filter(customer=winner, state=Task.State.OPEN).select_related("occasion"))
    there = {_meaning(task) for task in tasks if task.pk in own and task.pk not in wrong}
    for task in tasks:
        if task.pk in wrong or (task.pk not in own and _meaning(task) in there):
            closed = {"state": str(Task.State.CANCELLED), "result": "merged"}
            mover.change(_TASKS, {task.pk: closed | {"done_at": for_column(now, vendor=mover.vendor)}})
        elif task.pk not in own and winner.owner_id and task.assignee_id != winner.owner_id:
            mover.change(_TASKS, {task.pk: {"assignee_id": winner.owner_id}})


def _meaning(task: Task) -> tuple[object, ...]:
    """What a follow-up is for: two with the same meaning are one. One set by hand is always its own."""
    if task.plan_id is None:
        return (task.pk,)
    occasion = (task.occasion.kind, task.occasion.on_date) if task.occasion else None
    day = None if occasion or task.sale_id else task.reason.get("on")
    return (task.plan_id, task.step, task.sale_id, occasion, day)


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give follow-ups and occasions back; return what something touched since and stays.

    Writes: Task, Occasion.
    Twice:  the caller asks once.
    """
    with connection.cursor() as cursor:
        return put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
