"""Who the customer is: one archive, its contacts (sealed), its dates, and the words it is found by.

A key without an index of its own (`db_index=False`) is the first column of an index or constraint below it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.fields import CodeOrderField
from zhenke.staff.models import Shop, StaffMember


class Customer(models.Model):
    """One archive per person or organisation."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"
        GOVERNMENT = "government"
        PARTNER = "partner"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=120, blank=True)
    pinyin = CodeOrderField(max_length=160, blank=True)
    gender = models.CharField(max_length=1, blank=True, choices=[("f", "f"), ("m", "m")])
    card_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    source_key = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="The key that an outside system knows the person by.",
    )
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, db_index=False, related_name="+", help_text="Preferred shop."
    )
    owner = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    cover = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    referrer = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="referred")
    source = models.CharField(
        max_length=40, blank=True, help_text="walk_in, referral, wedding_fair, online, wechat, import …"
    )
    region = models.CharField(max_length=80, blank=True, help_text="City or district, as the shop writes it.")
    language = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=16, blank=True, help_text="Preferred channel: phone, sms, wechat, email.")
    hour_preference = models.CharField(max_length=40, blank=True)
    caution = models.CharField(
        max_length=200, blank=True, help_text="Banner of the profile: allergy, do-not-gift, open promise."
    )
    notes = models.TextField(blank=True)
    first_met_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    confirmed = models.JSONField(default=dict, blank=True, help_text='{"field": ["2026-11-22", staff key, "source"]}')
    importance = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="1 ordinary, 2 VIP, 3 protected: rules/importance.py."
    )
    importance_reason = models.CharField(max_length=16, blank=True, default="", db_default="")
    importance_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    importance_at = models.DateTimeField(null=True, blank=True)
    has_hotline = models.BooleanField(default=False, db_default=False, help_text="Answered before others.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "id"], name="customer_owner"),
            models.Index(fields=["cover", "id"], name="customer_cover"),
            models.Index(fields=["shop", "id"], name="customer_shop"),
            models.Index(fields=["shop", "updated_at", "id"], name="customer_shop_updated"),
            models.Index(fields=["updated_at", "id"], name="customer_updated"),
            models.Index(fields=["pinyin", "id"], name="customer_pinyin"),
            models.Index(fields=["kind", "id"], name="customer_kind"),
            models.Index(fields=["id"], condition=models.Q(importance=3), name="customer_protected"),
            models.Index(fields=["id"], condition=models.Q(importance=2), name="customer_vip"),
            models.Index(fields=["region", "id"], name="customer_region"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.card_number or self.id}"


class ContactPoint(models.Model):
    """A phone, e-mail, WeChat id or address: the sealed value, and keyed blind indexes of it and of a phone's tail."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        WECHAT = "wechat"
        ADDRESS = "address"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True)
    sealed = models.TextField()
    blind_index = models.CharField(max_length=32)
    tail_index = models.CharField(max_length=32, blank=True)
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "kind", "blind_index"], name="contact_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["blind_index"], name="contact_blind"),
            models.Index(fields=["tail_index"], name="contact_tail"),
        ]

    def __str__(self) -> str:
        return self.kind


class CustomerDate(models.Model):
    """A day that comes back: birthday, wedding, a child's full month; solar or lunar, year optional."""

    class Calendar(models.TextChoices):
        SOLAR = "solar"
        LUNAR = "lunar"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="dates")
    kind = models.CharField(
        max_length=24, help_text="birthday, wedding, engagement, met, child_birthday, full_month, other …"
    )
    label = models.CharField(max_length=60, blank=True)
    calendar = models.CharField(max_length=5, choices=Calendar.choices, default=Calendar.SOLAR)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    is_leap_month = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "kind", "label"], name="date_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["calendar", "month", "day"], name="date_of_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.calendar} {self.month}-{self.day}"


class SearchTerm(models.Model):
    """A word that a customer is found by: name, given name, pinyin, initials; found by prefix."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="search_terms")
    term = CodeOrderField(max_length=160)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "term"], name="term_once")]
        indexes: ClassVar = [models.Index(fields=["term", "customer"], name="term_prefix")]

    def __str__(self) -> str:
        return self.term
