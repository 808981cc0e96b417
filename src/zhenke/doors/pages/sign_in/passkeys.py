"""Passkeys, stricter than the library: said on this very page, by a device that counts on, of one who works here.

The library checks challenge, relying party, presence, verification and signature. It takes any sub-domain and port
(and, without HTTPS, any origin), frames of other sites, copies of a device whose counter goes back, people who left,
keys that nobody can check or somebody has already; and it breaks on garbage. All that is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as library
from allauth.mfa.webauthn.internal.auth import parse_authentication_response, parse_registration_response
from django import forms
from django.core.exceptions import ValidationError

from zhenke.doors.passkey_claims import GARBLED, is_checkable, is_said_here
from zhenke.staff import operations, queries


class _Claim(forms.JSONField):
    """What a browser says of a passkey; nothing is too deep to be refused."""

    def to_python(self, value: Any) -> Any:
        """Return the JSON as Python."""
        with _garbage_refused():
            return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what stands in the form when it comes again: nothing, every claim is good for once."""
        return initial


class _StrictUse(library.AuthenticateWebAuthnForm):
    credential = _Claim(required=True, widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        """Return the device that was used."""
        claim = self.cleaned_data["credential"]
        with _garbage_refused():
            _must_be_said_here(claim)
            device = super().clean_credential()
            counter = parse_authentication_response(claim).response.authenticator_data.counter
        if not device.user.is_active or not operations.count_passkey_use(device=device, counter=counter):
            raise _refused()
        return device


class SignInForm(_StrictUse, library.LoginWebAuthnForm):
    """Signing in by passkey alone."""


class SecondStepForm(_StrictUse):
    """The second step after the password."""


class ProveAgainForm(_StrictUse, library.ReauthenticateWebAuthnForm):
    """Proving again who one is."""


class NewPasskeyForm(library.AddWebAuthnForm):
    """Tying a device to the account."""

    credential = _Claim(required=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Return what was said, of a key that can be checked and that nobody else has."""
        claim = self.cleaned_data.get("credential")
        with _garbage_refused():
            if claim:
                _must_be_said_here(claim)
                _must_be_a_new_key(claim)
            return dict(super().clean())


@contextmanager
def _garbage_refused() -> Iterator[None]:
    try:
        yield
    except GARBLED:
        raise _refused() from None


def _refused() -> ValidationError:
    refusal: ValidationError = get_adapter().validation_error("incorrect_code")
    return refusal


def _must_be_said_here(claim: dict[str, Any]) -> None:
    if not is_said_here(claim, context.request):
        raise _refused()


def _must_be_a_new_key(claim: dict[str, Any]) -> None:
    answer = parse_registration_response(claim)
    key = answer.response.attestation_object.auth_data.credential_data
    if not is_checkable(key, raw_id=answer.raw_id) or queries.is_passkey_known(raw_id=answer.id):
        raise _refused()
