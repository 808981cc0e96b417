"""A customer is forgotten: her grade goes, with how it moved."""

from __future__ import annotations

from django.db import transaction

from zhenke.grading.models import Grade, GradeChange, GradeOverride

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {
    "grading_grade.customer_id": "deleted",
    "grading_gradechange.customer_id": "deleted",
    "grading_gradeoverride.customer_id": "deleted",
}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Delete everything that grading knows of a customer; return how many rows.

    Writes: deletes Grade, GradeChange, GradeOverride.
    Twice:  deletes nothing more.
    """
    tables = (Grade, GradeChange, GradeOverride)
    return {"grades": sum(table.objects.filter(customer=customer_id).delete()[0] for table in tables)}
