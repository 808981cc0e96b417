"""Who belongs to whom: one row for two customers, readable from both ends."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import StaffMember


class CustomerLink(models.Model):
    """What two customers are to each other; `first` has the smaller key, so that a pair is one row.

    A dropped link stays, so that dropping can be undone, and is shown nowhere.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, help_text="What `second` is to `first`: rules/household.py.")
    job = models.CharField(max_length=60, blank=True, help_text="What a company's contact does there.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="link_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="link_ordered"),
        ]

    def __str__(self) -> str:
        return self.kind
