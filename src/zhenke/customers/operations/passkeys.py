"""Keeps passkeys of customers, and lets them in by one. What the browser said was checked at the door."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from zhenke.customers.models import MemberPasskey, MemberSession, UsedMark
from zhenke.customers.operations.members import SignedIn, must_be_sure
from zhenke.customers.queries.members import Member
from zhenke.customers.rules.members import MOST_PASSKEYS, SESSION_LIVES, PasskeysUsedUp
from zhenke.staff import SYSTEM
from zhenke.staff.audit import record
from zhenke.staff.queries import token_hash

_SECRET_BYTES = 32


@transaction.atomic
def keep_passkey(
    *, member: Member, credential_id: str, public_part: str, position: int, mark: str, now: datetime
) -> bool:
    """Tie a passkey to a customer; return whether it is new. `mark` uses its challenge up.

    Errors: DeviceTooNew, CodeNeeded: a phone in the wrong hands makes no key that outlives it; PasskeysUsedUp.
    Writes: MemberPasskey, UsedMark, one audit line.
    Twice:  False: a challenge is good for once, and a passkey is somebody's already.
    """
    must_be_sure(member=member, now=now)
    mine = MemberPasskey.objects.filter(customer=member.customer)
    if mine.count() >= MOST_PASSKEYS:
        raise PasskeysUsedUp
    if not _first_use(mark, now):
        return False
    _, is_new = MemberPasskey.objects.get_or_create(
        credential_hash=token_hash(credential_id),
        defaults={
            "customer": member.customer,
            "public_part": public_part,
            "use_position": position,
            "made_at": now,
        },
    )
    if is_new:
        _record("member.passkey_added", member.customer.pk, now)
    return is_new


@transaction.atomic
def sign_in_by_passkey(*, passkey: MemberPasskey, position: int, mark: str, now: datetime) -> SignedIn | None:
    """Let in who signed with a passkey: its device is known and free. None if the challenge was used, or the count of
    uses went back, as it does in a copy.

    Writes: MemberPasskey, UsedMark, MemberSession, one audit line.
    Twice:  None.
    """
    if not _first_use(mark, now):
        return None
    goes_on = Q(use_position__lt=position) | (Q(use_position=0) if position == 0 else Q(pk__in=[]))
    if not MemberPasskey.objects.filter(goes_on, pk=passkey.pk).update(use_position=position, used_at=now):
        return None
    token, device = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    MemberSession.objects.create(
        customer_id=passkey.customer_id,
        token_hash=token_hash(token),
        device_hash=token_hash(device),
        contact_index="",
        opened_at=now,
        expires_at=now + SESSION_LIVES,
        known_at=now,
        free_from_at=now,
        proved_at=now,
    )
    _record("member.signed_in", passkey.customer_id, now, by_passkey=True)
    return SignedIn(token, device, "")


@transaction.atomic
def drop_passkeys(*, member: Member, now: datetime) -> int:
    """Forget all passkeys of a customer; return how many there were.

    Writes: deletes MemberPasskey; one audit line if there was any.
    Twice:  0.
    """
    gone, _ = MemberPasskey.objects.filter(customer=member.customer).delete()
    if gone:
        _record("member.passkeys_dropped", member.customer.pk, now, passkeys=gone)
    return gone


def _first_use(mark: str, now: datetime) -> bool:
    return UsedMark.objects.get_or_create(mark=mark, defaults={"at": now})[1]


def _record(action: str, customer_id: int, now: datetime, **facts: object) -> None:
    record(action=action, by=SYSTEM, now=now, subject_kind="customer", subject_id=customer_id, **facts)
