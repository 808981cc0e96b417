"""What waits outside one advisor's own list: tasks of nobody, how much each person has, one customer's next step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count

from zhenke.basics.prepared import Prepared
from zhenke.care.models import Occasion, Task
from zhenke.care.queries.tasks import visible_tasks
from zhenke.care.queries.today import CareItem, ListFacts, NearDay
from zhenke.customers.models import Customer
from zhenke.customers.queries import may_have
from zhenke.customers.rules.sight import sight_of
from zhenke.grading.models import Grade
from zhenke.sales.queries.last import LastPurchase, last_purchases
from zhenke.staff.models import Viewer

_FIRST_TASK = Prepared(
    lambda key: (
        Task.objects.filter(customer=key, state=Task.State.OPEN)
        .select_related("plan", "assignee")
        .order_by("due_date", "id")[:1]
    ),
    key=int,
)
_NEXT_OCCASION = Prepared(
    lambda key, day, until: (
        Occasion.objects.filter(customer=key, on_date__range=(day, until))
        .select_related("customer_date")
        .order_by("on_date", "id")[:1]
    ),
    key=int,
    day=date,
    until=date,
)
_GRADE = Prepared(lambda key: Grade.objects.filter(customer=key).select_related("scheme"), key=int)
OCCASION_AHEAD_DAYS = 60
MOST_UNASSIGNED = 50


@dataclass(frozen=True)
class NextStep:
    """What is planned next for one customer, and what is known to plan it: the grade, the last purchase, a near day."""

    item: CareItem | None
    grade: Grade | None
    last: LastPurchase | None
    occasion: Occasion | None


def unassigned(*, viewer: Viewer, day: date) -> tuple[CareItem, ...]:
    """Return open tasks that are due and belong to nobody, the weightiest first.

    Shape:  at most 50; may be empty. 4 SQL queries.
    Sees:   as `visible_tasks`; an advisor, who sees only her own, gets none.
    """
    rows = list(
        visible_tasks(viewer=viewer)
        .filter(state=Task.State.OPEN, assignee=None, due_date__lte=day)
        .select_related("customer", "plan")
        .order_by("due_date", "id")[:MOST_UNASSIGNED]
    )
    customers = {task.customer_id for task in rows}
    grades = {grade.customer_id: grade for grade in Grade.objects.filter(customer__in=customers)}
    facts = ListFacts(day, grades, last_purchases(viewer=viewer, customer_ids=customers), {})
    return tuple(sorted((facts.item(task) for task in rows), key=lambda item: -item.priority))


def due_counts(*, viewer: Viewer, day: date) -> dict[int | None, int]:
    """Return how many tasks are due or overdue, by the key of the person who has them; None stands for nobody.

    Sees:   as `visible_tasks`.
    """
    rows = visible_tasks(viewer=viewer).filter(state=Task.State.OPEN, due_date__lte=day).order_by()
    return dict(rows.values_list("assignee_id").annotate(tasks=Count("id")))


def next_steps(*, viewer: Viewer, customers: Collection[Customer], day: date) -> dict[int, CareItem]:
    """Return the open task that comes first for each of a few customers, with the facts of its why-line.

    `customers` are those that the viewer was given by a query of the customers room.

    Shape:  by customer key; those for whom nothing is planned are absent. At most four SQL queries, none for nobody.
    Sees:   as `next_step`.
    """
    if not customers:
        return {}
    whom = {customer.pk: customer for customer in customers}
    rows = Task.objects.filter(customer__in=whom, state=Task.State.OPEN).select_related("plan")
    first: dict[int, Task] = {}
    for task in rows.order_by("due_date", "id"):
        first.setdefault(task.customer_id, task)
    grades = {grade.customer_id: grade for grade in Grade.objects.filter(customer__in=first)}
    facts = ListFacts(day, grades, last_purchases(viewer=viewer, customer_ids=first), {})
    for key, task in first.items():
        task.customer = whom[key]
    return {key: facts.item(task) for key, task in first.items()}


def next_step(*, viewer: Viewer, customer: Customer, day: date) -> NextStep:
    """Return the open task that comes first for one customer, with the facts of its why-line.

    `customer` is one that the viewer was given by `customers.queries.customer_for`.

    Shape:  `item` is None when nothing is planned. 5 SQL queries, for what she was asked for with `TRACES` and has not
            none.
    Sees:   everybody who may see the customer sees what is planned for her; no day to who is shown none.
    """
    task = occasion = None
    bought: dict[int, LastPurchase] = {}
    if may_have(customer, "has_open_tasks"):
        task = _FIRST_TASK.first(connection, key=customer.pk)
    if may_have(customer, "has_occasions") and sight_of(viewer.role).dates:
        until = day + timedelta(days=OCCASION_AHEAD_DAYS)
        occasion = _NEXT_OCCASION.first(connection, key=customer.pk, day=day, until=until)
    grade = _GRADE.first(connection, key=customer.pk)
    if may_have(customer, "has_receipts"):
        bought = last_purchases(viewer=viewer, customer_ids=[customer.pk])
    near = {}
    if occasion is not None:
        near = {customer.pk: NearDay(customer.pk, occasion.kind, occasion.on_date, occasion.customer_date.label)}
    facts = ListFacts(day, {customer.pk: grade} if grade else {}, bought, near)
    item = None
    if task is not None:
        task.customer = customer
        item = facts.item(task)
    return NextStep(item, grade, bought.get(customer.pk), occasion)
