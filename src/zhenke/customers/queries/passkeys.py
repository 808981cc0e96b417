"""Passkeys of customers: whose one is, and challenges that need no row before they are answered."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from zhenke.customers.models import Customer, MemberPasskey
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.rules.members import CHALLENGE_LIVES
from zhenke.staff.queries import token_hash

_FIELD = "member_challenge"
_BODY, _WHOLE = 16, 32


def challenge_at(*, nonce: bytes, now: datetime) -> bytes:
    """Return a challenge for a passkey: when, once, signed by us, so that nothing has to be kept until it is answered.

    Units:  `nonce` twelve random bytes.
    """
    body = int(now.timestamp()).to_bytes(4, "big") + nonce
    return body + field_cipher().blind_index_bytes(_FIELD, body.hex())


def mark_of_challenge(*, challenge: bytes, now: datetime) -> str | None:
    """Return by which mark a challenge is used up, None if it is not ours or over."""
    if len(challenge) != _WHOLE:
        return None
    body, sign = challenge[:_BODY], challenge[_BODY:].hex()
    is_ours = any(hmac.compare_digest(sign, one) for one in field_cipher().blind_indexes(_FIELD, body.hex()))
    made_at = datetime.fromtimestamp(int.from_bytes(body[:4], "big"), UTC)
    return sign if is_ours and made_at <= now <= made_at + CHALLENGE_LIVES else None


def passkey_with(*, credential_id: str) -> MemberPasskey | None:
    """Return the passkey that a browser names, with its customer; None if nobody has it.

    Sees:   no viewer: ids are random, and only the device that holds it can sign.
    """
    rows = MemberPasskey.objects.select_related("customer")
    return rows.filter(credential_hash=token_hash(credential_id)).first()


def passkeys_of(*, customer: Customer) -> list[MemberPasskey]:
    """Return a customer's passkeys, the newest first.

    Sees:   no viewer: her own.
    """
    return list(MemberPasskey.objects.filter(customer=customer).order_by("-made_at", "-id"))
