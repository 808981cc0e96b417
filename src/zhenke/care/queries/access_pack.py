"""What was planned and done for a customer, for her own copy."""

from __future__ import annotations

from typing import Any

from zhenke.care.models import Occasion, Task
from zhenke.customers.models import Customer

Row = dict[str, Any]


def care_told(*, customer: Customer) -> dict[str, list[Row]]:
    """Return a customer's follow-ups and coming days: the fair part. What the staff wrote for each other is left out.

    Shape:  rows of plain values, the oldest first.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    tasks = Task.objects.filter(customer=customer).order_by("due_date", "pk")
    days = Occasion.objects.filter(customer=customer).order_by("on_date", "pk")
    return {
        "follow_ups": [
            dict(row) for row in tasks.values("step", "due_date", "state", "done_at", "result", "next_date")
        ],
        "coming_days": [dict(row) for row in days.values("kind", "on_date")],
    }
