"""What follows at once: the steps after a sale, and the first steps with a new acquaintance."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection

from zhenke.basics.bulk import for_column
from zhenke.basics.prepared import Prepared, insert_objects
from zhenke.care.models import CarePlan, Task
from zhenke.care.rules import Step, steps_from_plain
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale

_IN_FORCE = Prepared(
    lambda trigger: CarePlan.objects.filter(trigger=trigger, is_active=True).order_by("code").values_list("pk"),
    trigger=str,
)
_SUPERSEDE = """
UPDATE care_task SET state = 'cancelled', result = 'superseded', done_at = %s
WHERE customer_id = %s AND state = 'open' AND EXISTS (
  SELECT 1 FROM care_careplan AS plan WHERE plan.id = care_task.plan_id AND plan."trigger" = 'since')
"""
_read: dict[int, tuple[CarePlan, tuple[Step, ...]]] = {}
"""Plans that were read, a few dozen: a plan never changes, a change is a new version with a key of its own."""


def _steps_of(trigger: str, grade: str) -> list[tuple[CarePlan, Step]]:
    keys = [key for (key,) in _IN_FORCE.rows(connection, trigger=trigger)]
    plans = {key: _read[key] for key in keys if key in _read}
    if len(plans) < len(keys):
        for plan in CarePlan.objects.filter(pk__in=keys):
            plans[plan.pk] = (plan, steps_from_plain(plan.steps, where=plan.code))
        _read.update(plans)
    return [(plan, step) for plan, steps in (plans[key] for key in keys) for step in steps if step.fits(grade)]


def plan_after_sale(
    *, sale: Sale, customer: Customer, letter: str, piece: str, today: date, now: datetime
) -> list[Task]:
    """Write the follow-ups of one sale for the customer's advisor and return them.

    `letter` is the customer's grade after the sale, `piece` what the why-line calls the purchase.

    Writes: one task per step of the plans that a sale starts, due days after the sale's own day; steps whose last day
            is past already are left out, so an old sale gives none. Open cadence and win-back tasks of this customer
            are cancelled as "superseded": a new purchase starts the rhythm afresh.
    Twice:  the same sale writes nothing more; the tasks that are there are returned.
    """
    if sale.kind == Sale.Kind.RETURN or sale.customer_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SUPERSEDE, [for_column(now, vendor=connection.vendor), customer.pk])
    tasks = []
    for plan, step in _steps_of(CarePlan.Trigger.SALE, letter):
        for offset in step.offsets():
            due = sale.sold_date + timedelta(days=offset)
            last = due + timedelta(days=step.window_days)
            if last < today:
                continue
            tasks.append(
                Task(
                    occurrence_key=f"sale:{sale.id}:{step.code}:{offset}",
                    customer=customer,
                    assignee_id=customer.owner_id or sale.advisor_id,
                    shop_id=sale.shop_id,
                    plan=plan,
                    sale=sale,
                    step=step.code,
                    reason={"piece": piece, "bought": sale.sold_date.isoformat(), "is_gift": sale.is_gift},
                    due_date=due,
                    last_date=last,
                    created_at=now,
                )
            )
    return _written(tasks)


def plan_welcome(*, customer: Customer, today: date, now: datetime) -> list[Task]:
    """Write the first follow-ups with somebody new who has not bought, and return them.

    Writes: one task per step of the welcome plans.
    Twice:  writes nothing more; the tasks that are there are returned.
    """
    tasks = [
        Task(
            occurrence_key=f"welcome:{customer.id}:{step.code}",
            customer=customer,
            assignee_id=customer.owner_id,
            shop_id=customer.shop_id,
            plan=plan,
            step=step.code,
            reason={"met": today.isoformat()},
            due_date=today + timedelta(days=step.offset_days),
            last_date=today + timedelta(days=step.offset_days + step.window_days),
            created_at=now,
        )
        for plan, step in _steps_of(CarePlan.Trigger.WELCOME, "")
    ]
    return _written(tasks)


def _written(tasks: list[Task]) -> list[Task]:
    if not tasks:
        return []
    if insert_objects(connection, tasks, unless_taken="occurrence_key") == len(tasks):
        return sorted(tasks, key=lambda task: (task.due_date, task.pk))
    keys = [task.occurrence_key for task in tasks]
    return list(Task.objects.filter(occurrence_key__in=keys).order_by("due_date", "id"))
