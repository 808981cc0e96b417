"""Lists that leave the house as files: who asked for what and why, who agreed, and what became of the file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.models import Shop, StaffMember


class Export(models.Model):
    """One file for one person. The file lies sealed in the home folder; its key lies sealed here and goes first."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for a second person
        REFUSED = "refused"
        QUEUED = "queued"
        MAKING = "making"
        READY = "ready"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="+", help_text="Where the one who asked worked then."
    )
    asked_at = models.DateTimeField()
    purpose = models.CharField(max_length=200)
    told = models.CharField(max_length=300, blank=True, help_text="The filters of the list, as a sentence.")
    keys = models.JSONField(default=list, help_text="The customers, as the list was then; empty once it is made.")
    rows = models.PositiveIntegerField(help_text="How many were asked for; afterwards how many there are.")
    columns = models.JSONField(default=list)
    format = models.CharField(max_length=4)
    language = models.CharField(max_length=8)
    why_second = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=9, choices=State.choices)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="What the second person said.")
    watermark = models.CharField(max_length=10, unique=True)
    done_rows = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=64, blank=True)
    sealed_key = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_by", "-asked_at"], name="export_of_person")]

    def __str__(self) -> str:
        return f"{self.rows} {self.state}"
