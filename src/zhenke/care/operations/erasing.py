"""A customer is forgotten: what was planned and done for her, and the days that were coming, go."""

from __future__ import annotations

from django.db import transaction

from zhenke.care.models import Occasion, Task

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {"care_task.customer_id": "deleted", "care_occasion.customer_id": "deleted"}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Delete everything that care knows of a customer; return how many rows of each table.

    Writes: deletes Task, Occasion.
    Twice:  deletes nothing more.
    """
    tasks = Task.objects.filter(customer=customer_id).delete()[0]
    return {"tasks": tasks, "occasions": Occasion.objects.filter(customer=customer_id).delete()[0]}
