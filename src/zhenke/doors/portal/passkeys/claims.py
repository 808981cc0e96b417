"""What a browser says of a passkey, checked as strictly as the staff's: on this very page, by a device that looked at
whose finger it is, with a key that can be checked. Everything else, garbage too, is one and the same refusal.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)

from zhenke.basics.errors import BadInput
from zhenke.customers.models import MemberPasskey
from zhenke.customers.queries.passkeys import challenge_at, mark_of_challenge, passkey_with
from zhenke.doors.passkey_claims import GARBLED, is_checkable, is_said_here, origin_of

_NONCE_BYTES, _HANDLE_BYTES, _LONGEST = 12, 16, 20_000


class PasskeyRefused(BadInput):
    """What the browser said of a passkey is not so. Why is told to nobody."""

    code = "passkey_refused"
    message = "The device did not confirm. Try again, or take a code."


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey that was checked, and the mark of its challenge."""

    credential_id: str
    public_part: str
    position: int
    mark: str


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that signed, what its device counts, and the mark of the challenge."""

    passkey: MemberPasskey
    position: int
    mark: str


def options_to_make(request: HttpRequest, *, name: str, now: datetime) -> dict[str, Any]:
    """Return what the browser needs to make a passkey; the handle is random and tells nothing of anybody."""
    return {
        "challenge": _challenge(now),
        "rp": {"id": _rp_id(request), "name": name},
        "user": {"id": websafe_encode(secrets.token_bytes(_HANDLE_BYTES)), "name": name, "displayName": name},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in CoseKey.supported_algorithms()],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
    }


def options_to_use(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """Return what the browser needs to sign in by a passkey that it has."""
    return {"challenge": _challenge(now), "rpId": _rp_id(request), "userVerification": "required"}


def made(request: HttpRequest, text: str, *, now: datetime) -> Made:
    """Return the passkey that a browser made. Errors: PasskeyRefused."""
    with _garbage_refused():
        claim = _claim(request, text)
        answer = RegistrationResponse.from_dict(claim)
        challenge = answer.response.client_data.challenge
        mark = mark_of_challenge(challenge=challenge, now=now)
        about = _server(request).register_complete(_state(challenge), answer)
        key = about.credential_data
        if mark is None or key is None or not is_checkable(key, raw_id=answer.raw_id):
            raise PasskeyRefused
        return Made(websafe_encode(key.credential_id), websafe_encode(bytes(key)), about.counter, mark)
    raise PasskeyRefused


def used(request: HttpRequest, text: str, *, now: datetime) -> Used:
    """Return the passkey that a browser signed with. Errors: PasskeyRefused."""
    with _garbage_refused():
        claim = _claim(request, text)
        answer = AuthenticationResponse.from_dict(claim)
        challenge = answer.response.client_data.challenge
        mark = mark_of_challenge(challenge=challenge, now=now)
        passkey = passkey_with(credential_id=websafe_encode(answer.raw_id))
        if mark is None or passkey is None:
            raise PasskeyRefused
        kept = AttestedCredentialData(websafe_decode(passkey.public_part))
        _server(request).authenticate_complete(_state(challenge), [kept], answer)
        return Used(passkey, answer.response.authenticator_data.counter, mark)
    raise PasskeyRefused


@contextmanager
def _garbage_refused() -> Iterator[None]:
    try:
        yield
    except GARBLED:
        raise PasskeyRefused from None


def _claim(request: HttpRequest, text: str) -> dict[str, Any]:
    """Return the words of the browser, said on this very page and in no frame."""
    if len(text) > _LONGEST:
        raise PasskeyRefused
    claim: dict[str, Any] = json.loads(text)
    if not is_said_here(claim, request):
        raise PasskeyRefused
    return claim


def _server(request: HttpRequest) -> Fido2Server:
    about = PublicKeyCredentialRpEntity(id=_rp_id(request), name=_rp_id(request))
    return Fido2Server(about, verify_origin=lambda origin: origin == origin_of(request))


def _state(challenge: bytes) -> dict[str, Any]:
    """The challenge is ours by its own signature; that it is answered for the first time is asked by the operation."""
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _challenge(now: datetime) -> str:
    return websafe_encode(challenge_at(nonce=secrets.token_bytes(_NONCE_BYTES), now=now))


def _rp_id(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0].lower()
