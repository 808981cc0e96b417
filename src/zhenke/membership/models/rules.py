"""The rules of a programme, version by version, and what each line of a receipt earned by them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.membership.models.programme import Programme
from zhenke.sales.models import SaleLine
from zhenke.staff.models import StaffMember


class ProgrammeRules(models.Model):
    """One version of what a programme promises; `rules` is all of it as plain values (membership.rules.Rules)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    rules = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_current = models.BooleanField(default=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "version"], name="programme_version_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(is_current=True), name="one_current_programme_rules"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class EarnedLine(models.Model):
    """What one line of a receipt is worth in points, and why; a line that came back has what it took off, below 0.

    It explains and says how much a later return takes back. What a customer has is told by the ledger alone.
    """

    line = models.OneToOneField(SaleLine, on_delete=models.PROTECT, primary_key=True, related_name="+")
    rules = models.ForeignKey(ProgrammeRules, on_delete=models.PROTECT, related_name="+", db_index=False)
    points = models.BigIntegerField()
    why = models.JSONField(default=dict, help_text="membership.rules.LinePoints as plain values")

    def __str__(self) -> str:
        return f"{self.points:+d}"
