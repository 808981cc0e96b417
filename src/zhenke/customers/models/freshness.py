"""The rules of freshness, version by version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.models import StaffMember


class FreshnessRules(models.Model):
    """One version of which fields matter for which grades and how long they stay fresh (rules/freshness.py)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True)
    fields = models.JSONField(help_text='[{"field": "phone", "letters": "ABCDE", "days": 730, "weight": 3}]')
    a_day = models.PositiveSmallIntegerField(help_text="Small tasks that one advisor is given on one day, at most.")
    again_days = models.PositiveSmallIntegerField(help_text="Days until the same customer is asked after again.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"version {self.version}"
