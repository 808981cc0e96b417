"""How the accounts library treats staff: nobody signs up, sign-in by user name, secrets of devices are sealed."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from zhenke.basics.cipher import cipher_of
from zhenke.staff.rules import DEVICE_PLACE

_SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class StaffAccounts(DefaultAccountAdapter):
    """Staff accounts are made by the shop, never by visitors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody opens an account from outside."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: object, **facts: object
    ) -> None:
        """Say nothing about what the person sees anyway."""
        if message_template not in _SILENT:
            super().add_message(request, level, message_template, *rest, **facts)

    def send_notification_mail(self, *rest: object, **facts: object) -> None:
        """Send nothing: the shop's staff desk has no outgoing mail."""


class StaffDevices(DefaultMFAAdapter):
    """Second factors: the secret of the code and the recovery codes are kept sealed."""

    def encrypt(self, text: str) -> str:
        """Return the secret sealed with the newest key."""
        return cipher_of(settings.KEY_FILE).seal(text, DEVICE_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret again."""
        return cipher_of(settings.KEY_FILE).open(encrypted_text, DEVICE_PLACE)
