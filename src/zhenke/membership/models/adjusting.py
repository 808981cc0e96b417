"""Adjustments by hand that wait for a second person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.membership.models.ledger import PointsEntry
from zhenke.membership.models.programme import Programme
from zhenke.staff.models import StaffMember


class PointsProposal(models.Model):
    """Points that somebody would give or take by hand, until a second person agrees or refuses."""

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        REFUSED = "refused"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    cause_id = models.CharField(max_length=80, unique=True, help_text="The asker's own key: twice is once.")
    points = models.BigIntegerField(help_text="Signed: given or taken.")
    months = models.PositiveSmallIntegerField(help_text="How long points that are given live.")
    reason = models.CharField(max_length=40, help_text="A code, never words.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(
        PointsEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=models.Q(state="open"), name="points_proposal_open"),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d} {self.state}"
