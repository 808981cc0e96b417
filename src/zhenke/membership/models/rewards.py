"""What points are given for: rewards, the weeks in which one is cheaper, and each redemption of one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.staff.models import Shop, StaffMember


class Reward(models.Model):
    """One thing in the mall. How many are left is counted from its redemptions; nothing else holds that number."""

    class Kind(models.TextChoices):
        GOODS = "goods"
        SERVICE = "service"
        COUPON = "coupon"
        VOUCHER = "voucher"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    name = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True, help_text="One line about it.")
    note_zh = models.CharField(max_length=200, blank=True)
    points = models.PositiveIntegerField()
    cost_minor = models.PositiveBigIntegerField(help_text="What one costs the house.")
    currency = models.CharField(max_length=3, default="CNY")
    stock = models.PositiveIntegerField(null=True, blank=True, help_text="How many there are in all; empty: no end.")
    first_date = models.DateField(help_text="Days of the shop; the last one too.")
    last_date = models.DateField(null=True, blank=True)
    tiers = models.JSONField(default=list, help_text="Keys of the tiers that may; empty: every one.")
    goes_with = models.JSONField(default=list, help_text="Categories, metals, stones: whom it is recommended to.")
    per_person = models.PositiveSmallIntegerField(default=0, help_text="How often one member may; 0: no limit.")
    hold_days = models.PositiveSmallIntegerField(default=14, help_text="How long one that is put aside waits.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Taken out of the mall.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(points__gt=0), name="reward_for_something"),
        ]

    def __str__(self) -> str:
        return self.key


class RewardOffer(models.Model):
    """A campaign: for some days, and maybe some tiers only, a reward costs fewer points."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="offers", db_index=False)
    points = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    tiers = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reward", "last_date"], name="reward_offer_days")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(points__gt=0), name="reward_offer_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.points} until {self.last_date}"


class Redemption(models.Model):
    """Points turned into one reward: put aside, then handed over once, or called off and the points given back.

    Nobody's when the customer was forgotten: then it only counts.
    """

    class State(models.TextChoices):
        RESERVED = "reserved"
        HANDED_OVER = "handed_over"
        CANCELLED = "cancelled"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    offer = models.ForeignKey(
        RewardOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    points = models.PositiveIntegerField(help_text="What was spent on it.")
    cost_minor = models.PositiveBigIntegerField(help_text="What it costs the house, as of that day.")
    state = models.CharField(max_length=11, choices=State.choices, default=State.RESERVED)
    cause = models.CharField(max_length=100, unique=True, help_text="What was done: desk:…, api:…")
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, help_text="Of the code shown.")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    on_date = models.DateField(help_text="Day of the shop.")
    until_date = models.DateField(help_text="Put aside up to this day of the shop.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_date = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_cause = models.CharField(max_length=100, blank=True, help_text="Of the act that closed it.")
    reason = models.CharField(max_length=16, blank=True, help_text="Of a cancellation: by_hand, not_fetched, forgotten")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="redemption_of_customer"),
            models.Index(fields=["reward", "state"], name="redemption_of_reward"),
            models.Index(fields=["until_date", "id"], condition=models.Q(state="reserved"), name="redemption_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
