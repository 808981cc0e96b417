"""Forget the care of customers and receipts that are about to be removed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from zhenke.care.models import Occasion, Task


def forget_customers(*, customer_ids: Collection[int]) -> int:
    """Remove tasks and occasions of customers whose archive is about to be removed; return how many tasks.

    Whose care was touched by hand (`cared_for_by_hand`) is not among them: the caller asks before.

    Writes: Task, Occasion are deleted.
    Twice:  the second time nothing.
    """
    count, _ = Task.objects.filter(customer__in=customer_ids).delete()
    Occasion.objects.filter(customer__in=customer_ids).delete()
    return count


def forget_sales(*, sale_ids: Collection[int]) -> int:
    """Remove the follow-ups of receipts that are about to be removed; return how many. Twice: nothing more."""
    return Task.objects.filter(sale__in=sale_ids).delete()[0]


def forget_dates(*, date_ids: Collection[int], now: datetime) -> int:
    """Remove the occasions of dates that are about to be removed; return how many.

    Writes: open tasks of these occasions are cancelled as "date_removed"; Occasion is deleted.
    Twice:  nothing more.
    """
    Task.objects.filter(occasion__customer_date__in=date_ids, state=Task.State.OPEN).update(
        state=Task.State.CANCELLED, result="date_removed", done_at=now
    )
    return Occasion.objects.filter(customer_date__in=date_ids).delete()[0]
