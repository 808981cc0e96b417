"""The member site: sign-in codes, sessions, passkeys, requests to be forgotten, and what is good for once.

No contact, code or secret stands here as it is: contacts are blind indexes, codes and secrets keyed or plain hashes.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenke.basics.ids import new_id
from zhenke.customers.models.archive import Customer


class SignInCode(models.Model):
    """One code that somebody asked for; without a customer nobody is known by the contact, and nothing is sent."""

    class Use(models.TextChoices):
        SIGN_IN = "sign_in"
        PROVE = "prove"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.SIGN_IN)
    try_hash = models.CharField(max_length=64, unique=True, help_text="Hash of the secret in the browser that asked.")
    contact_index = models.CharField(max_length=32)
    network_index = models.CharField(max_length=32)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    code_hash = models.CharField(max_length=32)
    is_sent = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact_index", "asked_at"], name="code_contact"),
            models.Index(fields=["network_index", "asked_at"], name="code_network"),
            models.Index(fields=["customer", "tried_at"], name="code_customer"),
            models.Index(fields=["asked_at"], name="code_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.asked_at:%Y-%m-%d %H:%M}"


class MemberSession(models.Model):
    """One browser in which a customer is signed in, or was; the hash of its device makes a device known again."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, db_index=False, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    device_hash = models.CharField(max_length=64)
    contact_index = models.CharField(max_length=32, help_text="Of the contact that the code went to.")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField(
        null=True, blank=True, help_text="When a new device said something known; empty: it was not asked yet."
    )
    known_tries = models.PositiveSmallIntegerField(default=0)
    free_from_at = models.DateTimeField(help_text="From when the device may do what cannot be undone.")
    proved_at = models.DateTimeField(help_text="When a code was last given.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "opened_at"], name="member_session_of")]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M}"


class ErasureRequest(models.Model):
    """A customer asked on the member site to be forgotten; it goes with her, or is withdrawn by her."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_date = models.DateField(help_text="15 working days later.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"


class MemberPasskey(models.Model):
    """A passkey of a customer's own: its public half, and the count of uses that the device told."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    credential_hash = models.CharField(max_length=64, unique=True)
    public_part = models.TextField(help_text="Id and public key as the library writes them, base64url.")
    use_position = models.BigIntegerField(help_text="Highest count that was told; one that goes back is a copy.")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class UsedMark(models.Model):
    """Something that is good for once and was used: a code of a member's card, a challenge for a passkey."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    mark = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
