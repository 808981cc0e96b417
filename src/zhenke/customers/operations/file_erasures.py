"""What must still be looked for in handed-in files: noted with the erasure itself, crossed out once it is done.

The files are no part of the database. Whatever happens between the end of the transaction and the last file, the note
stays and the next start, the next night or `zhenke forget --reapply` takes it up.
"""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from zhenke.basics.cipher import place_of
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, FileErasure
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.erasure import FILE_ERASURES, identifying_texts


def note_file_erasure(*, customer: Customer, now: datetime) -> FileErasure | None:
    """Write down by which words files tell of somebody who is being forgotten; None if there are none.

    Called in the transaction of the erasure, while the archive is still there.

    Writes: one FileErasure, sealed.
    Twice:  a second note, which finds no file any more.
    """
    words = identifying_texts(customer=customer)
    if not words:
        return None
    key = new_id()
    sealed = field_cipher().seal(json.dumps(sorted(words)), place_of(FILE_ERASURES, key))
    return FileErasure.objects.create(id=key, sealed=sealed, asked_at=now)


def end_file_erasure(*, key: int) -> bool:
    """Cross out a note whose files are gone; return whether it stood. Writes: deletes it. Twice: False."""
    return FileErasure.objects.filter(pk=key).delete()[0] > 0


@transaction.atomic
def reseal_file_erasures(*, after: int) -> tuple[int | None, int]:
    """Bring the next note under the newest key; return its key, None after the last, and 1 if it changed.

    Errors: SealBroken.
    Writes: FileErasure.
    Twice:  changes nothing.
    """
    row = FileErasure.objects.select_for_update().filter(pk__gt=after).order_by("pk").first()
    if row is None:
        return None, 0
    cipher = field_cipher()
    if cipher.is_newest(row.sealed):
        return row.pk, 0
    FileErasure.objects.filter(pk=row.pk).update(sealed=cipher.reseal(row.sealed, place_of(FILE_ERASURES, row.pk)))
    return row.pk, 1
