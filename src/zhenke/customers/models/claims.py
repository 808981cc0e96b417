"""What another source says of a field than what stands, kept until somebody chooses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import Shop, StaffMember


class Claim(models.Model):
    """One value that one source gave for one field, sealed, with an index that tells equal ones (rules/claims.py).

    `decision` is empty while it is open; "chosen" and "refused" stay, so that a file that says the same again is known.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    field = models.CharField(max_length=70, help_text="region, date:birthday, trait:ring_size …")
    sealed = models.TextField()
    value_index = models.CharField(max_length=32)
    source = models.CharField(max_length=24, blank=True)
    said_date = models.DateField()
    said_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    noted_at = models.DateTimeField()
    decision = models.CharField(max_length=8, blank=True, help_text="chosen, refused, twin")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    former = models.JSONField(default=dict, help_text="What deciding changed, for its undo: marks and keys, no values.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "field", "source", "value_index"], name="claim_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "id"], condition=models.Q(decision=""), name="claim_open"),
        ]

    def __str__(self) -> str:
        return self.field


class RecordCount(models.Model):
    """How well the archives of one advisor (None: of nobody) in one shop are known on one day, counted at night.

    `asked`, `filled` and `accurate` are sums of the weights of the fields (rules/records.py); `fields` has for each
    field how many people it is asked of, of how many it is known, and of how many it is right.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    on_date = models.DateField()
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False, related_name="+")
    owner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    people = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    accurate = models.PositiveIntegerField()
    fields = models.JSONField(default=dict, help_text='{"phone": [120, 100, 80]}')

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on_date", "shop", "owner"], name="record_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on_date} {self.people}"
