"""What the shop knows of the customer: traits, tags, custom fields, interactions, and the lists people keep."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import Shop, StaffMember


class CustomField(models.Model):
    """A field that the shop defined itself; its values are traits with the key `custom.<key>`."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, default="text", help_text="text, number, date, choice, several, yes_no")
    choices = models.JSONField(default=list, blank=True, help_text="Codes, in their order.")
    choice_words = models.JSONField(default=dict, blank=True, help_text='{"code": ["English", "Chinese"]}')
    group = models.CharField(max_length=16, default="own", help_text="Where the profile shows it: rules/traits.py.")
    level = models.PositiveSmallIntegerField(default=2, help_text="Sensitivity 1–4, promises.md §3.1")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "key"]

    def __str__(self) -> str:
        return self.key


class Trait(models.Model):
    """One known thing: `metal` likes `18k_white`, `ring_size` is `12`; several values of a key are several rows.

    Of a key of level 4 the value is sealed to its own row, and `text` only names the row (`sealed:<key>`): two equal
    values do not look equal. Whoever wants the value asks `queries.sealed_traits.trait_text`.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="traits")
    key = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    sealed = models.TextField(blank=True, default="", db_default="", help_text="The value, of level 4 only.")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=24, blank=True)
    is_masked: bool = False  # no column: a query says that `text` is a mask, the whole is shown for a reason

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "key", "text"], name="trait_once")]
        indexes: ClassVar = [
            models.Index(fields=["key", "text", "customer"], name="trait_find"),
            models.Index(fields=["id"], condition=~models.Q(sealed=""), name="trait_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


class Tag(models.Model):
    """A word of the shop's own that groups customers."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, db_index=False, related_name="customers")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "customer"], name="tag_once")]

    def __str__(self) -> str:
        return str(self.tag)


class Interaction(models.Model):
    """Something that happened between a customer and the shop: visit, call, message, note, service."""

    class Kind(models.TextChoices):
        VISIT = "visit"
        CALL = "call"
        MESSAGE = "message"
        NOTE = "note"
        SERVICE = "service"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="interactions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(default=3, db_default=3, help_text="Of its words: rules/notes.py.")
    result = models.CharField(max_length=24, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    source_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    is_closed: bool = False  # no column: a query says that the words are kept from who asked

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at", "-id"], name="interaction_timeline"),
            models.Index(fields=["at"], name="interaction_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class SavedView(models.Model):
    """A list of customers that a person keeps: its name and its filters as the query string of the page."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "name"], name="saved_view_once")]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
