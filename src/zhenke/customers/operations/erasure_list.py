"""The list of who was forgotten: keyed hashes in a file apart from the database, so no old copy brings them back."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date

from zhenke.customers.queries.erasure import erased_mark, list_path


def note_erased(*, keys: Iterable[int], on_date: date) -> None:
    """Write archives on the list, to the disk before this returns; it comes last before the transaction ends.

    If the database then refuses after all, the list is right and the erasure is finished when it is applied again.

    Writes: the list beside the keys of the sealed fields, which no backup of the database holds.
    Twice:  the same mark again, which changes nothing.
    """
    path = list_path()
    lines = "".join(f"{erased_mark(key)} {on_date.isoformat()}\n" for key in keys)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
