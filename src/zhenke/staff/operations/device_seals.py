"""Brings the secrets of second factors, which the accounts library keeps sealed, under the newest key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from zhenke.basics.cipher import FieldCipher, cipher_of, key_of
from zhenke.staff.rules import DEVICE_PLACE


@transaction.atomic
def reseal_devices(*, after: int) -> tuple[int | None, int]:
    """Bring the next device's secrets under the newest key; return its key, None after the last, and 1 if changed.

    Errors: SealBroken.
    Writes: Authenticator.
    Twice:  changes nothing.
    """
    device = Authenticator.objects.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk").first()
    if device is None:
        return None, 0
    cipher = cipher_of(settings.KEY_FILE)
    renewed = _renewed(cipher, device.data)
    changed = renewed != device.data
    if changed:
        device.data = renewed
        device.save(update_fields=["data"])
    return int(device.pk), int(changed)


def _renewed(cipher: FieldCipher, values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _renewed(cipher, part) for name, part in values.items()}
    if isinstance(values, list):
        return [_renewed(cipher, part) for part in values]
    return cipher.reseal(values, DEVICE_PLACE) if isinstance(values, str) and key_of(values) else values
