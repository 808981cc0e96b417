"""What follows at once: the steps after a sale, and the first steps with a new acquaintance."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zhenke.care.models import CarePlan, Task
from zhenke.care.rules import Step, steps_from_plain
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale


def _steps_of(trigger: str, grade: str) -> list[tuple[CarePlan, Step]]:
    plans = CarePlan.objects.filter(trigger=trigger, is_active=True).order_by("code")
    return [
        (plan, step) for plan in plans for step in steps_from_plain(plan.steps, where=plan.code) if step.fits(grade)
    ]


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
    Task.objects.filter(customer=customer, state=Task.State.OPEN, plan__trigger=CarePlan.Trigger.SINCE).update(
        state=Task.State.CANCELLED, result="superseded", done_at=now
    )
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
    Task.objects.bulk_create(tasks, ignore_conflicts=True)
    keys = [task.occurrence_key for task in tasks]
    return list(Task.objects.filter(occurrence_key__in=keys).order_by("due_date", "id"))
