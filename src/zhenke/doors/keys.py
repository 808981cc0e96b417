"""The keys of sealed values, looked after while the shop goes on: a new one, the walk to it, and the end of an old one.

Every kind of sealed value is a line of `SEALED`; a value that is not there would be lost when its key is retired.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from zhenke.basics.cipher import load_keyring, save_keyring
from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.operations.claims import reseal_claims
from zhenke.customers.operations.exports import reseal_exports
from zhenke.customers.operations.file_erasures import reseal_file_erasures
from zhenke.customers.operations.resealing import reseal_contacts, reseal_merges
from zhenke.customers.operations.sealing_traits import reseal_traits
from zhenke.customers.queries.claims import claims_by_key
from zhenke.customers.queries.erasure import file_erasures_by_key
from zhenke.customers.queries.exports import exports_by_key
from zhenke.customers.queries.sealed import contacts_by_key, images_by_key
from zhenke.customers.queries.sealed_traits import traits_by_key
from zhenke.staff import SYSTEM
from zhenke.staff.audit import record
from zhenke.staff.operations.device_seals import reseal_devices
from zhenke.staff.queries import devices_by_key

REST = timedelta(hours=1)  # longer than any work that may still hold the old ring in its hand
_SETTLE_SECONDS = 5.0  # by then every request that was begun with the old ring has looked up what it wanted
_PAUSE_SECONDS = 0.02  # between two batches the shop writes
_MOST_ROUNDS = 20


class KeyInUse(RuleBroken):
    """Values are left under this key. Facts: `key`, `values`."""

    code = "key_in_use"
    message = "{values} values are still sealed with {key}. Run `zhenke keys reseal` first."


class KeyTooFresh(RuleBroken):
    """The key that follows was made a moment ago. Facts: `key`, `minutes`."""

    code = "key_too_fresh"
    message = "Work that began before the new key may still write with {key}. Try again in {minutes} minutes."


class KeyUnknown(BadInput):
    """There is no such key, or it is the one that writes. Facts: `key`."""

    code = "key_unknown"
    message = "{key} is not a key that can be retired. `zhenke keys` lists them."


@dataclass(frozen=True, slots=True)
class Sealed:
    """One kind of sealed value: how many stand under which key, and one batch of the walk to the newest."""

    counts: Callable[[tuple[str, ...]], Mapping[str, int]]
    reseal: Callable[[int], tuple[int | None, int]]


SEALED: dict[str, Sealed] = {
    "contacts": Sealed(
        lambda ids: contacts_by_key(viewer=SYSTEM, key_ids=ids), lambda after: reseal_contacts(after=after)
    ),
    "traits": Sealed(lambda ids: traits_by_key(viewer=SYSTEM, key_ids=ids), lambda after: reseal_traits(after=after)),
    "merges": Sealed(lambda ids: images_by_key(viewer=SYSTEM), lambda after: reseal_merges(after=after)),
    "claims": Sealed(lambda ids: claims_by_key(viewer=SYSTEM, key_ids=ids), lambda after: reseal_claims(after=after)),
    "file_erasures": Sealed(
        lambda ids: file_erasures_by_key(viewer=SYSTEM), lambda after: reseal_file_erasures(after=after)
    ),
    "exports": Sealed(lambda ids: exports_by_key(viewer=SYSTEM), lambda after: reseal_exports(after=after)),
    "devices": Sealed(lambda ids: devices_by_key(viewer=SYSTEM), lambda after: reseal_devices(after=after)),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the ring, and how many values of each kind are sealed with it."""

    id: str
    is_newest: bool
    values: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many values there are under it."""
        return sum(self.values.values())


def keys_in_use() -> list[Key]:
    """Return the keys of the ring, newest first, and after them keys that values name and the ring has not."""
    ring = load_keyring(Path(settings.KEY_FILE))
    ids = tuple(ring.sealing_keys)
    found: dict[str, Counter[str]] = {key: Counter() for key in reversed(ids)}
    for name, kind in SEALED.items():
        for key, count in kind.counts(ids).items():
            found.setdefault(key, Counter())[name] += count
    keys = [Key(key, key == ring.newest, dict(values)) for key, values in found.items()]
    return sorted(keys, key=lambda key: not key.is_newest)


def values_left() -> int:
    """Return how many values are not yet under the newest key."""
    return sum(key.total for key in keys_in_use() if not key.is_newest)


def rotate_keys(*, now: datetime) -> str:
    """Put a new key on the ring, which writes from now on, and return its id; the walk to it comes after.

    Errors: KeyringMissing, KeyringUnreadable.
    Writes: the key file (in one step, synced), one audit line.
    Twice:  a second new key.
    """
    path = Path(settings.KEY_FILE)
    ring = load_keyring(path).with_new_key()
    save_keyring(path, ring)
    record(action="keys.rotated", by=SYSTEM, now=now, key=ring.newest)
    return ring.newest


def reseal_everything(*, clock: Callable[[], datetime], progress: Callable[[int], None] = lambda brought: None) -> int:
    """Walk over everything that is sealed until nothing is left under an older key; return how many were brought.

    Cut off, it is started again and goes on with what is left; two at once do no harm.

    Errors: SealBroken for a value that cannot be opened; RuleBroken if it never ends.
    Writes: the sealed columns, in small transactions; one audit line when something was brought.
    Twice:  0.
    """
    at_first = values_left()
    if not at_first:
        return 0
    path = Path(settings.KEY_FILE)
    time.sleep(max(0.0, min(_SETTLE_SECONDS, path.stat().st_mtime + _SETTLE_SECONDS - time.time())))
    for _ in range(_MOST_ROUNDS):
        for kind in SEALED.values():
            _walk(kind, progress)
        left = values_left()
        if not left:
            break
    else:
        raise KeyInUse(key="an older key", values=left)
    record(action="keys.resealed", by=SYSTEM, now=clock(), key=load_keyring(path).newest, values=at_first)
    return at_first


def _walk(kind: Sealed, progress: Callable[[int], None]) -> None:
    after: int | None = 0
    while after is not None:
        after, brought = kind.reseal(after)
        progress(brought)
        time.sleep(_PAUSE_SECONDS)


def retire_key(*, key: str, now: datetime) -> None:
    """Take an old key off the ring for ever.

    Errors: KeyUnknown; KeyInUse while a value is left under it; KeyTooFresh within an hour of the last change of the
            key file, because work that began before may still write with it.
    Writes: the key file, one audit line.
    Twice:  KeyUnknown.
    """
    path = Path(settings.KEY_FILE)
    ring = load_keyring(path)
    if key not in ring.sealing_keys or key == ring.newest:
        raise KeyUnknown(key=key if key.isalnum() and len(key) < 20 else "This")
    values = sum(one.total for one in keys_in_use() if one.id == key)
    if values:
        raise KeyInUse(key=key, values=values)
    rested = now.timestamp() - path.stat().st_mtime
    if rested < REST.total_seconds():
        raise KeyTooFresh(key=key, minutes=int((REST.total_seconds() - rested) // 60) + 1)
    save_keyring(path, ring.without_key(key))
    record(action="keys.retired", by=SYSTEM, now=now, key=key)
