"""The moves of a customer's grade as part of her timeline."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to
from zhenke.grading.models import GradeChange
from zhenke.staff.models import Viewer


def moves_of(
    *, viewer: Viewer, customer: Customer, before: tuple[date, int] | None = None, size: int = 20
) -> list[GradeChange]:
    """Return a piece of the moves of one customer's grade.

    Shape:  at most `size` rows, the newest day first, older than `before` (day and key). One SQL query.
    Sees:   as `grade_history`: whoever sees the customer.
    """
    rows = GradeChange.objects.filter(belonging_to(viewer=viewer, customer=customer))
    if before is not None:
        rows = rows.filter(Q(on_date__lt=before[0]) | Q(on_date=before[0], pk__lt=before[1]))
    return list(rows.order_by("-on_date", "-id")[:size])
