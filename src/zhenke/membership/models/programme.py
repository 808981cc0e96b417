"""The programme: what a house's members collect. Its rules are versions of their own."""

from __future__ import annotations

from django.db import models

from zhenke.basics.ids import new_id


class Programme(models.Model):
    """One kind of points in one currency. A house has one, "main"; points of two programmes never mix."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    currency = models.CharField(max_length=3, default="CNY")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class PointsNight(models.Model):
    """How far the nights of a programme have come: a day that a jump of the clock brought waits for a human's word."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="+", primary_key=True)
    on_date = models.DateField(help_text="The last day whose night was done.")
    at = models.DateTimeField(help_text="When it was, by the clock.")
    boot = models.CharField(max_length=40, blank=True, help_text="Which running of the machine; empty: unknown.")
    up_seconds = models.BigIntegerField(
        default=0, help_text="How long the machine had been up, whatever its clock says."
    )
    held_date = models.DateField(null=True, blank=True, help_text="The day that waits for a word.")
    confirmed_date = models.DateField(null=True, blank=True, help_text="Until this day somebody said go on.")

    def __str__(self) -> str:
        return f"{self.on_date}"
