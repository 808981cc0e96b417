"""What a visit to the counter adds to its interaction: what was laid out, who came along, what stopped the purchase."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.customers.models.knowledge import Interaction


class Visit(models.Model):
    """The details of one interaction of the kind "visit"; one that has none was written down in a hurry."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    interaction = models.OneToOneField(Interaction, on_delete=models.CASCADE, related_name="visit")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    stopped_by = models.JSONField(default=list, blank=True, help_text="Codes: rules/visits.py.")
    companions_text = models.CharField(max_length=120, blank=True)
    agreed = models.CharField(max_length=300, blank=True, help_text="What was agreed to come next.")
    agreed_date = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.minutes or 0} min"


class VisitPiece(models.Model):
    """One thing that was laid out: a style by number, with its name on that day, or the advisor's own words."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, db_index=False, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    style_no = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    is_tried = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["visit", "position"], name="visit_piece_once")]

    def __str__(self) -> str:
        return self.name or self.style_no


class VisitCompanion(models.Model):
    """A customer who came along; nothing of the visit is shown on the companion's own archive."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, db_index=False, related_name="companions")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["visit", "customer"], name="companion_once")]

    def __str__(self) -> str:
        return str(self.customer_id)
