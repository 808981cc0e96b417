"""Whose grade somebody set by hand."""

from __future__ import annotations

from collections.abc import Collection

from zhenke.grading.models import GradeOverride


def graded_by_hand(*, customer_ids: Collection[int]) -> set[int]:
    """Return those of the customers who have or had a grade set by hand; for undoing imports."""
    return set(GradeOverride.objects.filter(customer__in=customer_ids).values_list("customer_id", flat=True))
