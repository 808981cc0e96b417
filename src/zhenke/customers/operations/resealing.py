"""Brings sealed values of this room under the newest key, in batches, while the shop goes on.

A value, its index and its tail change in one statement; what it says does not change. Each batch may be repeated: a
walk that was cut off starts again and finds only what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, connection, transaction

from zhenke.basics.bulk import update_rows
from zhenke.basics.cipher import FieldCipher
from zhenke.customers.models import ContactPoint, Merge
from zhenke.customers.queries.contacts import contact_place, field_cipher
from zhenke.customers.queries.sealed import CONTACTS, contact_images
from zhenke.customers.queries.sealed_traits import trait_images, trait_place
from zhenke.customers.rules.contacts import TAIL_FIELD, search_spelling, tail_spelling

BATCH = 500
_COLUMNS = ("sealed", "blind_index", "tail_index")


Part = tuple[int | None, int]


def reseal_contacts(*, after: int, size: int = BATCH) -> Part:
    """Bring the next contacts with a key greater than `after` under the newest key.

    Return the key of the last one, None when there was none, and how many they are.

    Rows that somebody else holds at the moment are passed over: the walk comes round again until none is left.

    Errors: SealBroken if a value cannot be opened; those of the database.
    Writes: ContactPoint; of two rows that are one contact of one customer the older seal goes.
    Twice:  finds nothing more.
    """
    for is_last_try in (False, False, True):
        try:
            return _reseal_part(after, size)
        except IntegrityError:  # the same contact was written down between our look and our word: look again
            if is_last_try:
                raise
    return None, 0


@transaction.atomic
def _reseal_part(after: int, size: int) -> Part:
    rows = ContactPoint.objects.filter(pk__gt=after).exclude(sealed__startswith=f"v1|{field_cipher().newest}|")
    found = list(rows.order_by("pk").select_for_update(skip_locked=True)[:size])
    _bring(found)
    return (found[-1].pk if found else None), len(found)


@transaction.atomic
def reseal_contacts_of(*, customer_ids: Collection[int]) -> int:
    """Bring the contacts of these customers under the newest key, so that equal ones are seen to be equal.

    Errors: SealBroken.
    Writes: ContactPoint. Return how many.
    Twice:  0.
    """
    cipher = field_cipher()
    rows = ContactPoint.objects.filter(customer_id__in=customer_ids).order_by("pk")
    older = [row for row in rows if not cipher.is_newest(row.sealed)]
    _bring(older)
    return len(older)


@transaction.atomic
def reseal_merges(*, after: int, size: int = 20) -> Part:
    """Bring contacts and traits that merges took out, kept for undo, under the newest key, as `reseal_contacts` does.

    Errors: SealBroken.
    Writes: Merge.
    Twice:  changes nothing.
    """
    rows = Merge.objects.filter(pk__gt=after, state=Merge.State.DONE).order_by("pk")
    found = list(rows.select_for_update(of=("self",))[:size])
    cipher, brought = field_cipher(), 0
    for merge in found:
        changed = 0
        for key, image in contact_images(merge.moved):
            if not cipher.is_newest(image["sealed"]):
                image.update(zip(_COLUMNS, _renewed(cipher, key, image["kind"], image["sealed"]), strict=True))
                changed += 1
        for key, image in trait_images(merge.moved):
            if not cipher.is_newest(image["sealed"]):
                image["sealed"] = cipher.seal(cipher.open(image["sealed"], trait_place(key)), trait_place(key))
                changed += 1
        if changed:
            merge.save(update_fields=["moved"])
            brought += changed
    return (found[-1].pk if found else None), brought


def _renewed(cipher: FieldCipher, key: int, kind: str, sealed: str) -> tuple[str, str, str]:
    kept = cipher.open(sealed, contact_place(key))
    tail = tail_spelling(kind, kept)
    return (
        cipher.seal(kept, contact_place(key)),
        cipher.blind_index(kind, search_spelling(kind, kept)),
        cipher.blind_index(TAIL_FIELD, tail) if tail else "",
    )


def _bring(rows: Sequence[ContactPoint]) -> None:
    if not rows:
        return
    cipher = field_cipher()
    renewed = {row.pk: _renewed(cipher, row.pk, row.kind, row.sealed) for row in rows}
    taken = _twins(rows, {values[1] for values in renewed.values()})
    changes = []
    for row in rows:
        _, index, _ = renewed[row.pk]
        twin = taken.setdefault((row.customer_id, row.kind, index), row.pk)
        if twin == row.pk:
            changes.append((*renewed[row.pk], row.pk))
            continue
        ContactPoint.objects.filter(pk=row.pk).delete()
        if row.is_primary:
            ContactPoint.objects.filter(pk=twin).update(is_primary=True)
    with connection.cursor() as cursor:
        update_rows(cursor, table=CONTACTS, columns=_COLUMNS, rows=changes)


def _twins(rows: Sequence[ContactPoint], indexes: Collection[str]) -> dict[tuple[int, str, str], int]:
    """Return the contacts of these customers that stand under the newest key already."""
    own = {row.pk for row in rows}
    there = ContactPoint.objects.filter(blind_index__in=indexes, customer_id__in={row.customer_id for row in rows})
    keys = there.values_list("customer_id", "kind", "blind_index", "pk")
    return {(customer, kind, index): key for customer, kind, index, key in keys if key not in own}
