"""Permits to look once at what is specially protected, and how long somebody waits where nobody else can agree."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import Shop, StaffMember


class LookPermit(models.Model):
    """One person asks to see one value whole, and a second one of elsewhere in the house agrees or not.

    Reasons are codes: what people would write here in words would be about the customer.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        AGREED = "agreed"
        REFUSED = "refused"
        USED = "used"
        OVER = "over"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="+", help_text="Where the one who asked worked then."
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=16, help_text="A line of the table of sight: address, pieces, traits_level_4.")
    subject_id = models.BigIntegerField(help_text="The key of the contact, the piece or the trait.")
    reason = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    until = models.DateTimeField(help_text="Until when it waits; once agreed to, until when it can be used.")
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=40, blank=True, help_text="What the second person said.")
    alone_from = models.DateTimeField(
        null=True, help_text="From when the one who asked may look alone; only where nobody else could agree."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asked_by", "group", "subject_id"],
                condition=models.Q(state__in=["waiting", "agreed"]),
                name="permit_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="permit_state")]

    def __str__(self) -> str:
        return f"{self.group} {self.state}"


class AloneWait(models.Model):
    """One version of how long a brand lets somebody wait who looks alone; without a row the starting number holds."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False, related_name="+")
    version = models.PositiveIntegerField()
    hours = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "version"], name="alone_wait_version")]

    def __str__(self) -> str:
        return f"{self.version}: {self.hours} h"
