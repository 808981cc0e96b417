"""Members and their tiers, how these moved, and the rights that were given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.membership.models.rules import ProgrammeRules
from zhenke.staff.models import Shop, StaffMember


class Membership(models.Model):
    """The tier of one customer now, with the figures that made it."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, primary_key=True, related_name="+")
    rules = models.ForeignKey(
        ProgrammeRules, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="By which it was judged."
    )
    tier = models.SlugField(max_length=20, db_index=False)
    joined_date = models.DateField()
    since_date = models.DateField(help_text="First day in this tier.")
    grace_until_date = models.DateField(
        null=True, blank=True, help_text="The figures no longer reach the tier; it is kept up to this day."
    )
    protected_until_date = models.DateField(
        null=True, blank=True, help_text="Up to this day the tier does not fall, whatever the figures say."
    )
    gram_minor = models.BigIntegerField(default=0, help_text="Paid in the window by gram, what came back taken off.")
    other_minor = models.BigIntegerField(default=0, help_text="Paid in the window for everything else.")
    receipts = models.IntegerField(default=0, help_text="Receipts in the window that count.")
    window_points = models.BigIntegerField(default=0, help_text="Points that the window's lines are worth.")
    reviewed_at = models.DateTimeField(help_text="When the figures were counted.")
    next_review_date = models.DateField(
        null=True, blank=True, help_text="The first day on which time alone can change something; empty = none."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tier", "customer"], name="membership_tier"),
            models.Index(fields=["next_review_date", "customer"], name="membership_review"),
        ]

    def __str__(self) -> str:
        return self.tier


class TierChange(models.Model):
    """One move of one member, with the reason code."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    rules = models.ForeignKey(ProgrammeRules, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_date = models.DateField()
    at = models.DateTimeField()
    from_tier = models.SlugField(max_length=20, blank=True, db_index=False, help_text="Empty when she joined.")
    to_tier = models.SlugField(max_length=20, db_index=False)
    reason = models.CharField(max_length=16, help_text="sale, return, night, rules, merge, merge_undone, import")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="tier_history")]

    def __str__(self) -> str:
        return f"{self.from_tier}→{self.to_tier}"


class RightUse(models.Model):
    """One right that was given to one member, in one shop; taken back it stays, and counts no more."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    right = models.SlugField(max_length=24, db_index=False)
    tier = models.SlugField(max_length=20, db_index=False, help_text="In which she had it.")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    on_date = models.DateField(help_text="Day of the shop.")
    cause = models.CharField(max_length=100, unique=True, help_text="What was done: desk:…, api:…, job:…")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "right", "on_date"], name="right_use_of_customer"),
            models.Index(fields=["on_date", "right", "shop"], name="right_use_day"),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.on_date}"
