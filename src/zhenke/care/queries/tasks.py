"""Reads of tasks, plans and occasions, inside the viewer's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.care.models import CarePlan, Festival, Occasion, Task
from zhenke.care.rules import DATED_STEPS
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.notes import SENSITIVE, level_of_words
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import below, within_scope


def visible_tasks(*, viewer: Viewer) -> QuerySet[Task]:
    """Return the tasks that a viewer may see.

    Shape:  one row per task, no order.
    Sees:   advisors the tasks that are theirs or were passed to them; others those of their shops; none about a
            protected person to who is not named for her.
    """
    seen = within_scope(viewer, "shop", ("assignee", "escalated_to"))
    return Task.objects.filter(seen, unless_hidden(viewer, "customer"))


def task_for(*, viewer: Viewer, id: int) -> Task:
    """Return one task with its customer and shop.

    Errors: NotFound if it does not exist or is not the viewer's to see.
    Sees:   as `visible_tasks`.
    """
    found = visible_tasks(viewer=viewer).select_related("customer__shop", "shop", "assignee", "plan", "sale")
    task = found.filter(pk=id).first()
    if task is None:
        raise NotFound
    return task


def tasks_of(*, viewer: Viewer, customer: Customer, size: int = 20) -> list[Task]:
    """Return a customer's tasks: open ones by due day, then the last closed ones.

    Shape:  at most `size` open and `size` closed tasks; may be empty.
    Sees:   everybody who may see the customer sees what is planned for her; who is shown no notes or days, without.
    """
    if not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    every = Task.objects.filter(customer=customer).select_related("assignee", "plan", "done_by")
    still_open = every.filter(state=Task.State.OPEN).order_by("due_date", "id")[:size]
    closed = every.filter(state=Task.State.DONE).order_by("-done_at", "-id")[:size]
    return _told(viewer, [*still_open, *closed])


def _told(viewer: Viewer, tasks: list[Task]) -> list[Task]:
    """Return tasks as the viewer may see them, not to be saved: no words, no telling days for who sees none."""
    sight = sight_of(viewer.role)
    if not sight.notes and not sight.purchases:
        return []
    if not sight.notes:
        for task in tasks:
            task.reason, task.result_note = {}, ""
    elif not sight.sensitive_notes:
        for task in tasks:
            task.result_note = "" if level_of_words(task.result_note) >= SENSITIVE else task.result_note
    return tasks if sight.dates else [task for task in tasks if task.step not in DATED_STEPS]


def occasions_of(*, viewer: Viewer, customer: Customer, today: date) -> list[Occasion]:
    """Return the coming occasions of a customer by day.

    Shape:  may be empty; at most 12.
    Sees:   as the customer.
    """
    if not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    coming = Occasion.objects.filter(customer=customer, on_date__gte=today).select_related("customer_date")
    return list(coming.order_by("on_date", "id")[:12])


def open_task_customers(*, viewer: Viewer, due_by: date | None = None) -> QuerySet[Task, int]:
    """Return the keys of customers with an open task, to be used as a filter of lists.

    Sees:   as `visible_tasks`.
    """
    tasks = visible_tasks(viewer=viewer).filter(state=Task.State.OPEN)
    if due_by is not None:
        tasks = tasks.filter(due_date__lte=due_by)
    return tasks.order_by().values_list("customer_id", flat=True)


def care_plans(*, only_active: bool = True) -> list[CarePlan]:
    """Return care plans, newest version of each.

    Shape:  one row per plan code, by code.
    """
    newest: dict[str, CarePlan] = {}
    for plan in CarePlan.objects.order_by("code", "-version"):
        newest.setdefault(plan.code, plan)
    return [plan for plan in newest.values() if plan.is_active or not only_active]


def festivals() -> dict[str, Festival]:
    """Return festivals by code."""
    return {festival.code: festival for festival in Festival.objects.all()}


@dataclass(frozen=True)
class FollowUpFigures:
    """Follow-ups of a span of days: closed in time, closed late, missed, still open and late."""

    person_id: int | None
    in_time: int
    late: int
    missed: int
    overdue: int

    @property
    def closed(self) -> int:
        """All that ended in the span."""
        return self.in_time + self.late + self.missed

    @property
    def in_time_share(self) -> float | None:
        """Share (0..1) of ended follow-ups that were in time; None when none ended."""
        return self.in_time / self.closed if self.closed else None


def follow_up_figures(
    *, viewer: Viewer, today: date, days: int = 30, shop: Shop | None = None
) -> list[FollowUpFigures]:
    """Return how well follow-ups were kept in the last `days` days.

    Shape:  one row per person with tasks, by person key; may be empty. `shop` narrows to a node's tasks.
    Sees:   as `visible_tasks`.
    """
    first = today - timedelta(days=days)
    done = Q(state=Task.State.DONE, done_at__date__gte=first)
    missed = Q(state=Task.State.CANCELLED, result="missed", done_at__date__gte=first)
    tasks = visible_tasks(viewer=viewer)
    if shop is not None:
        tasks = tasks.filter(below(shop.path, "shop__path"))
    rows = (
        tasks.filter(done | missed | Q(state=Task.State.OPEN, due_date__lt=today))
        .values("assignee_id")
        .annotate(
            in_time=Count("id", filter=done & Q(done_at__date__lte=F("last_date"))),
            late=Count("id", filter=done & Q(done_at__date__gt=F("last_date"))),
            missed=Count("id", filter=missed),
            overdue=Count("id", filter=Q(state=Task.State.OPEN, due_date__lt=today)),
        )
        .order_by("assignee_id")
    )
    return [
        FollowUpFigures(row["assignee_id"], row["in_time"], row["late"], row["missed"], row["overdue"]) for row in rows
    ]
