"""What a customer allows: the texts that were shown, version by version, and every yes and no with its proof."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer
from zhenke.staff.models import Shop, StaffMember


class ConsentText(models.Model):
    """One version of the text of one purpose, in every language; a version is never changed, only followed."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=16, help_text="rules/consent.py")
    version = models.PositiveSmallIntegerField()
    words = models.JSONField(help_text='{"en": "…", "zh-hans": "…"}')
    holds_from = models.PositiveSmallIntegerField(
        help_text="The oldest version whose consents still count: a new meaning needs a new yes."
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_text_once")]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class ConsentEntry(models.Model):
    """One yes or one no: for what, by which channel, to which text, when, by whom, and how it can be proved.

    Entries are only added. A channel of "" means every channel, or a purpose that knows none.
    """

    class State(models.TextChoices):
        GIVEN = "given"
        WITHDRAWN = "withdrawn"

    class Giver(models.TextChoices):
        SELF = "self"
        GUARDIAN = "guardian"

    class Proof(models.TextChoices):
        PAPER = "paper"
        SCREEN = "screen"
        SPOKEN = "spoken"
        MESSAGE = "message"
        PROGRAM = "program"
        MERGE = "merge"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    purpose = models.CharField(max_length=16)
    channel = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=9, choices=State.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    giver = models.CharField(max_length=8, choices=Giver.choices, default=Giver.SELF)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, db_index=False, null=True, related_name="+")
    proof = models.CharField(max_length=8, choices=Proof.choices)
    proof_note = models.CharField(max_length=120, blank=True, help_text="Where the proof is: number of the sheet …")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "purpose", "-at", "-id"], name="consent_of_customer")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.state}"


class SignUpLink(models.Model):
    """A code that an advisor shows: whoever has it may write herself down in this shop, until it ends."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    advisor = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.expires_at)
