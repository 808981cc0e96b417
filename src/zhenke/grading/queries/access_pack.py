"""How the house grades a customer, for her own copy."""

from __future__ import annotations

from typing import Any

from zhenke.customers.models import Customer
from zhenke.grading.models import Grade, GradeChange, GradeOverride

Row = dict[str, Any]


def grade_told(*, customer: Customer) -> dict[str, list[Row]]:
    """Return a customer's grade, how it moved, and what was set by hand; the words of the staff about it are left out.

    Shape:  rows of plain values, the oldest first; empty sections when she was never graded.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    figures = ("letter", "stage", "score", "lifecycle", "last_bought_date", "frequency", "amount_minor", "as_of_date")
    return {
        "grade": list(Grade.objects.filter(customer=customer).values(*figures)),
        "grade_moves": list(
            GradeChange.objects.filter(customer=customer)
            .order_by("pk")
            .values("on_date", "from_letter", "to_letter", "from_stage", "to_stage", "score", "reason")
        ),
        "grade_by_hand": list(
            GradeOverride.objects.filter(customer=customer).order_by("pk").values("letter", "made_at", "until_date")
        ),
    }
