"""Tables of grading: schemes (versioned), the yardstick of the last full regrade, grades, their history, overrides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.staff.models import StaffMember


class Scheme(models.Model):
    """One version of how customers are graded; `rules` is the whole scheme as plain values (grading.rules.Scheme)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    is_current = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_scheme"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Yardstick(models.Model):
    """What the whole crowd gave the last full regrade: bounds and cut-offs, used by small regrades until the next."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="yardsticks")
    as_of_date = models.DateField()
    rules = models.JSONField(help_text="grading.rules.Yardstick as plain values")
    made_at = models.DateTimeField(db_index=True)
    figures = models.JSONField(default=dict, help_text="customers, grades, seconds")

    def __str__(self) -> str:
        return f"{self.scheme} {self.as_of_date}"


class Grade(models.Model):
    """The grade of one customer now, with the inputs and band points that made it."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, primary_key=True, related_name="+")
    letter = models.CharField(
        max_length=1, blank=True, help_text="A–E of buyers, after any override; empty for prospects."
    )
    computed_letter = models.CharField(max_length=1, blank=True)
    stage = models.CharField(max_length=1, blank=True, help_text="A–E of people who never bought.")
    score = models.IntegerField(default=0, help_text="0–10000")
    lifecycle = models.CharField(max_length=8, blank=True, help_text="prospect, active, at_risk, lapsed, lost")
    amount_band = models.CharField(max_length=6, blank=True, help_text="high, middle, low")
    frequency_band = models.CharField(max_length=6, blank=True)
    last_bought_date = models.DateField(null=True, blank=True)
    frequency = models.IntegerField(default=0, help_text="Receipts in the window, returns not counted.")
    amount_minor = models.BigIntegerField(default=0, help_text="Paid in the window, returns taken off.")
    lifetime_minor = models.BigIntegerField(default=0)
    lifetime_frequency = models.IntegerField(default=0)
    margin_minor = models.BigIntegerField(null=True, blank=True)
    margin_permille = models.IntegerField(
        null=True, blank=True, help_text="Of what was paid where the cost is known; empty when it is not."
    )
    engagement = models.IntegerField(null=True, blank=True, help_text="Visits, calls, messages in 12 months.")
    satisfaction = models.IntegerField(null=True, blank=True, help_text="0–100")
    referral = models.IntegerField(null=True, blank=True, help_text="People this customer brought.")
    bands = models.CharField(
        max_length=7, blank=True, help_text="Band points 1–5 in order of grading.rules.DIMENSIONS; 0 = absent."
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+", db_index=False)
    as_of_date = models.DateField(
        help_text="Day for which this row was last written; unchanged rows are not rewritten."
    )
    revision = models.BigIntegerField(
        default=new_id, help_text="New at each write, so that a set-based regrade never undoes a newer small one."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["letter", "-score", "customer"], name="grade_letter"),
            models.Index(fields=["lifecycle", "customer"], name="grade_lifecycle"),
            models.Index(fields=["-amount_minor", "customer"], name="grade_amount"),
            models.Index(fields=["last_bought_date", "customer"], name="grade_last_bought"),
            models.Index(fields=["lifetime_frequency", "customer"], name="grade_lifetime"),
            # Everything that the preview of other weights and thresholds needs, so that it never touches the rows.
            models.Index(
                fields=[
                    "bands",
                    "computed_letter",
                    "amount_minor",
                    "last_bought_date",
                    "frequency",
                    "margin_permille",
                    "engagement",
                    "satisfaction",
                    "referral",
                ],
                name="grade_bands",
            ),
        ]

    def __str__(self) -> str:
        return self.letter or self.stage


class GradeChange(models.Model):
    """One move of one customer, with the reason code."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_date = models.DateField()
    from_letter = models.CharField(max_length=1, blank=True)
    to_letter = models.CharField(max_length=1, blank=True)
    from_stage = models.CharField(max_length=1, blank=True)
    to_stage = models.CharField(max_length=1, blank=True)
    score = models.IntegerField()
    reason = models.CharField(max_length=24, help_text="sale, return, night, scheme, override, override_ended")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="grade_history")]

    def __str__(self) -> str:
        return f"{self.from_letter}→{self.to_letter}"


class GradeOverride(models.Model):
    """A grade set by hand, with reason and end date."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=1)
    reason = models.CharField(max_length=300)
    until_date = models.DateField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(ended_at__isnull=True), name="one_open_override"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} until {self.until_date}"
