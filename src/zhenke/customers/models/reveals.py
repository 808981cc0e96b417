"""What was shown and handed out, counted by person and day, and the house's own limits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.staff.models import Shop, StaffMember


class RevealQuota(models.Model):
    """A limit that the owner of a brand has set; without a row the starting number holds (rules/reveals.py)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False, related_name="+")
    role = models.CharField(max_length=16)
    importance = models.PositiveSmallIntegerField()
    a_day = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "role", "importance"], name="reveal_quota_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.importance}: {self.a_day}"


class RevealTally(models.Model):
    """How many whole contacts of customers of one importance somebody was shown on one local day."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    on_date = models.DateField()
    importance = models.PositiveSmallIntegerField()
    shown = models.PositiveIntegerField(default=0)
    has_alarm = models.BooleanField(default=False, help_text="Used up, or far more than usual.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "on_date", "importance"], name="reveal_tally_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["on_date", "member"], name="reveal_tally_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on_date}: {self.shown}"


class ListTally(models.Model):
    """How many rows of further or narrowed pages of the list of customers somebody was shown on one local day."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    on_date = models.DateField()
    rows = models.PositiveIntegerField(default=0)
    has_alarm = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "on_date"], name="list_tally_once")]
        indexes: ClassVar = [models.Index(fields=["on_date", "member"], name="list_tally_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on_date}: {self.rows}"


class HandedCopy(models.Model):
    """One copy of everything about a customer that somebody handed out; whose it was stands in the trail alone."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    on_date = models.DateField(help_text="The local day, as the tallies have it.")
    has_alarm = models.BooleanField(default=False, help_text="The last that the limit allowed.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["member", "at"], name="handed_copy_of_person"),
            models.Index(fields=["on_date", "member"], name="handed_copy_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at}"
