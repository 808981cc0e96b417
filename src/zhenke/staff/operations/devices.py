"""Writes: what devices of sign-in say of themselves."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction


def count_passkey_use(*, device: Authenticator, counter: int) -> bool:
    """Keep how often a passkey says that it was used; return False if it did not count on: it, or this, is a copy.

    Units:  times, from the device; a passkey that always says 0 does not count, and is taken.
    Writes: the count at the Authenticator, when it went on.
    Twice:  False, unless the passkey does not count.
    """
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(pk=device.pk).first()
        if kept is None:
            return False
        last = kept.data.get("counter", kept.wrap().authenticator_data.counter)
        if counter == last == 0:
            return True
        if counter <= last:
            return False
        kept.data["counter"] = counter
        kept.save(update_fields=["data"])
    return True
