"""Who was forgotten and is there again, after an old copy of the database was put back."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from pathlib import Path

from django.conf import settings

from zhenke.basics.cipher import key_of, place_of
from zhenke.customers.models import ContactPoint, Customer, FileErasure, FormerKey, Interaction, Merge
from zhenke.customers.queries.contacts import field_cipher, opened
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

_SHORTEST = 2
FILE_ERASURES = "customers_fileerasure.sealed"


def list_path() -> Path:
    """Return the file of the list, beside the keys of the sealed fields."""
    return Path(settings.KEY_FILE).parent / "erased"


def list_key_path() -> Path:
    """Return the file of the list's own key. It is none of the ring: a key that rotates would forget the forgotten."""
    return Path(settings.KEY_FILE).parent / "erased.key"


def erased_mark(key: int, *, list_key: str) -> str:
    """Return what the list keeps of an archive: a keyed hash that tells nothing without the list's key."""
    return hmac.new(bytes.fromhex(list_key), str(key).encode(), hashlib.sha256).hexdigest()[:32]


def erased_still_here() -> list[int]:
    """Return the archives that are on the list and in the database.

    Errors: FileNotFoundError when the list is there and its key is not: then nobody can tell who was forgotten.
    Shape:  keys in order; empty in every ordinary start, without a look at the archives while nobody was forgotten.
    Sees:   no viewer: keys, for those who forget them again.
    """
    path = list_path()
    lines = path.read_text().splitlines() if path.exists() else []
    marks = {line.split(" ", 1)[0] for line in lines if line}
    if not marks:
        return []
    list_key = list_key_path().read_text().strip()
    keys = Customer.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5_000)
    return [key for key in keys if erased_mark(key, list_key=list_key) in marks]


def keys_of_archive(*, customer: Customer) -> list[int]:
    """Return the key of an archive and of all that were merged into it, which an old copy has as archives of their own.

    Sees:   no viewer: keys.
    """
    merged = Merge.objects.filter(winner=customer, state=Merge.State.DONE).values_list("loser_key", flat=True)
    return [customer.pk, *merged]


def keys_of_happenings(*, customer: Customer) -> list[int]:
    """Return the keys of what happened with a customer, which answers to programs may name instead of hers.

    Sees:   no viewer: keys.
    """
    return list(Interaction.objects.filter(customer=customer).values_list("pk", flat=True))


def identifying_texts(*, customer: Customer) -> frozenset[str]:
    """Return by which words a row that points at nobody may still tell of a customer: names, numbers, addresses.

    Sees:   no viewer: for the erasure alone, never shown.
    """
    texts = [customer.name, customer.card_number or "", customer.source_key or ""]
    for merge in Merge.objects.filter(winner=customer):
        gone = merge.moved.get("customers", {}).get("before", {}).get("customers_customer", {}).values()
        texts += [str(image.get(field) or "") for image in gone for field in ("name", "card_number", "source_key")]
    texts += FormerKey.objects.filter(customer=customer).values_list("text", flat=True)
    texts += [opened(contact) for contact in ContactPoint.objects.filter(customer=customer)]
    spelled = {text.strip().casefold() for text in texts}
    # A phone is written with and without its country, with spaces and dashes: its last eleven digits are looked for.
    spelled |= {_digits(text)[-11:] for text in texts if len(_digits(text)) >= 7}
    return frozenset(text for text in spelled if len(text) >= _SHORTEST)


def file_erasures() -> dict[int, frozenset[str]]:
    """Return the words that are still to be looked for in handed-in files, by the key of their note.

    Errors: SealBroken.
    Shape:  oldest first; empty in every ordinary start. One SQL query.
    Sees:   no viewer: for the erasure alone, never shown.
    """
    rows = list(FileErasure.objects.order_by("asked_at", "pk"))
    cipher = field_cipher() if rows else None
    return {
        row.pk: frozenset(json.loads(cipher.open(row.sealed, place_of(FILE_ERASURES, row.pk))))
        for row in rows
        if cipher is not None
    }


def file_erasures_by_key(*, viewer: Viewer) -> dict[str, int]:
    """Return how many notes of files to erase are sealed with each key.

    Shape:  one entry per key that has any.
    Sees:   SYSTEM alone, and only numbers leave; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    return dict(Counter(key_of(sealed) for sealed in FileErasure.objects.values_list("sealed", flat=True)))


def tells_of(*, text: str, identifying: frozenset[str]) -> bool:
    """Return whether a text holds one of these words, or one of these numbers in another spelling."""
    folded, digits = text.casefold(), _digits(text)
    return any(word in folded or (word.isdecimal() and len(word) >= 7 and word in digits) for word in identifying)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
