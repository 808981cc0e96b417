"""The queue: one message per intent, and every call that was made for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.messaging.models.settings import TemplateVersion
from zhenke.staff.models import StaffMember


class Message(models.Model):
    """One intent. Its words are put together when it goes and are kept nowhere; nor is the contact it went to.

    A key without an index of its own (`db_index=False`) is the first column of an index below it.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"
        SKIPPED = "skipped"
        HELD_UNKNOWN = "held_unknown"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    source_key = models.CharField(max_length=64, unique=True, help_text="Hash of the intent: rules/intents.py.")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    purpose = models.CharField(max_length=16, help_text="What consent is asked for.")
    kind = models.CharField(max_length=9)
    template_key = models.CharField(max_length=40)
    fields = models.JSONField(default=dict, help_text='Values that tell of nobody: {"points": 1280}.')
    asked_channel = models.CharField(max_length=8, blank=True, help_text="Empty: the first that consent allows.")
    cause_kind = models.CharField(max_length=40)
    cause_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=24, blank=True, help_text="Why it waits or was not sent.")
    due_at = models.DateTimeField(help_text="Not before this instant.")
    use_by = models.DateTimeField()
    claimed_by = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=8, blank=True, help_text="By which it goes or went.")
    template = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, null=True, related_name="+")
    consent_key = models.BigIntegerField(null=True, blank=True, help_text="Of the entry that allowed it.")
    attempts_made = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True, blank=True, help_text="Of the call that counts for how often.")
    receipt = models.CharField(max_length=11, blank=True, help_text="delivered, undelivered")
    receipt_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at", "id"], name="message_due"),
            models.Index(fields=["state", "id"], name="message_state"),
            models.Index(fields=["customer", "called_at"], name="message_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.template_key} {self.state}"


class Attempt(models.Model):
    """One call of a channel. It is written before the call: a row without an end is a call of which nobody knows."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, blank=True, help_text="accepted, refused, later, unknown; empty: calling")
    code = models.CharField(max_length=60, blank=True)
    provider_key = models.CharField(max_length=80, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.answer}"
