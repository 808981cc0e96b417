"""Which customers and receipts somebody's own hand has cared for: a task written, closed or put off by a person."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from zhenke.care.models import Task

_BY_HAND = Q(created_by__isnull=False) | Q(done_by__isnull=False) | Q(snoozed_from_date__isnull=False)


def cared_for_by_hand(*, customer_ids: Collection[int]) -> set[int]:
    """Return those of the customers who have a task that a person wrote, closed or put off; for undoing imports."""
    return set(Task.objects.filter(_BY_HAND, customer__in=customer_ids).values_list("customer_id", flat=True))


def followed_up_by_hand(*, sale_ids: Collection[int]) -> set[int]:
    """Return those of the receipts that such a task follows up."""
    tasks = Task.objects.filter(_BY_HAND, sale__in=sale_ids).values_list("sale_id", flat=True)
    return {sale for sale in tasks if sale is not None}
