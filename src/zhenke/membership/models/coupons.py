"""Coupons: the kinds a house has, each one that a member holds, and each use of one with a sale."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale
from zhenke.staff.models import Shop, StaffMember


class CouponKind(models.Model):
    """One kind of coupon; `terms` is what it promises as plain values (membership.rules.coupons.CouponTerms)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    terms = models.JSONField()
    currency = models.CharField(max_length=3, default="CNY")
    first_date = models.DateField()
    last_date = models.DateField()
    is_open = models.BooleanField(default=False, help_text="A member may claim one, without being given it.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="None is issued any more; those issued hold.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return self.key


class Coupon(models.Model):
    """One coupon of one member, with the terms of the day it was issued. Nobody's when she was forgotten."""

    class State(models.TextChoices):
        ISSUED = "issued"
        USED = "used"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.ForeignKey(CouponKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    terms = models.JSONField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.ISSUED)
    cause = models.CharField(max_length=160, unique=True, help_text="Why it was issued: twice is once.")
    first_date = models.DateField()
    last_date = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="coupon_of_customer"),
            models.Index(fields=["kind", "state"], name="coupon_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class CouponUse(models.Model):
    """One coupon on one sale; returned with the sale it stays written down, and the coupon may be used again."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses", db_index=False)
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_minor = models.PositiveBigIntegerField()
    cause = models.CharField(max_length=160, unique=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["coupon"], condition=models.Q(returned_at__isnull=True), name="coupon_used_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["coupon"], name="coupon_uses"),
            models.Index(fields=["sale"], name="coupon_uses_of_sale"),
        ]

    def __str__(self) -> str:
        return f"{self.saved_minor}"
