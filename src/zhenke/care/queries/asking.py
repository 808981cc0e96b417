"""What the house asks its advisors to find out: small tasks, as the night looks at them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count

from zhenke.care.models import Task
from zhenke.care.rules import ASK_STEP, STAY_STEP
from zhenke.staff.rules import SystemViewer


def open_questions(*, viewer: SystemViewer) -> dict[int, tuple[int, str]]:
    """Return the customer and the field of every open small task, by the key of the task.

    Shape:  as many as advisors are given in two weeks; may be empty. One SQL query.
    Sees:   everything: this is the night's question, which only the house asks.
    """
    rows = Task.objects.filter(step=ASK_STEP, state=Task.State.OPEN).values_list("id", "customer_id", "reason")
    return {key: (customer, str(reason.get("field", ""))) for key, customer, reason in rows}


def asked_today(*, viewer: SystemViewer, today: date) -> dict[int, int]:
    """Return how many small tasks each advisor was given on a day.

    Shape:  by the advisor's key; who was given none is absent. One SQL query.
    Sees:   as `open_questions`.
    """
    rows = Task.objects.filter(step=ASK_STEP, due_date=today, assignee__isnull=False).order_by()
    return dict(rows.values_list("assignee_id").annotate(tasks=Count("id")))


def asked_lately(*, viewer: SystemViewer, customer_ids: Collection[int], since: datetime) -> set[int]:
    """Return those of some customers who are left alone: asked after `since`, or somebody is busy with them already.

    Shape:  keys; may be empty. One SQL query.
    Sees:   as `open_questions`.
    """
    tasks = Task.objects.filter(customer__in=customer_ids)
    asked = tasks.filter(step=ASK_STEP, created_at__gte=since) | tasks.filter(state=Task.State.OPEN)
    return set(asked.values_list("customer_id", flat=True))


def asked_to_stay(
    *, viewer: SystemViewer, code: str, customer_ids: Collection[int] | None = None
) -> dict[int, datetime]:
    """Return when customers were last asked whether their archive is kept, for one reason; of some, or of all.

    Shape:  by the customer's key; who was not asked is absent. One SQL query.
    Sees:   as `open_questions`.
    """
    rows = Task.objects.filter(step=STAY_STEP, reason__field=code)
    if customer_ids is not None:
        rows = rows.filter(customer__in=customer_ids)
    return dict(rows.order_by("created_at").values_list("customer_id", "created_at"))
