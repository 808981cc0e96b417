"""What a law or a court forbids to erase, why, and until when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import StaffMember


class LegalHold(models.Model):
    """One hold: on the archive of one customer, or on one kind of what the night takes away (`kind`)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=24, blank=True, help_text="rules/holds.py; empty for a customer.")
    reason = models.CharField(max_length=200, help_text="Number of the case, the law: read by owner and auditor.")
    until_date = models.DateField(help_text="The last day on which nothing may be erased.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    erase_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="She asked to be forgotten meanwhile: done when the hold is over."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False, kind="")
                | (models.Q(customer__isnull=True) & ~models.Q(kind="")),
                name="hold_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind or self.customer_id} {self.until_date}"
