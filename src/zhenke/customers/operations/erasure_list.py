"""The list of who was forgotten: keyed hashes in a file apart from the database, so no old copy brings them back."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from datetime import date

from zhenke.customers.queries.erasure import erased_mark, list_key_path, list_path


def note_erased(*, keys: Iterable[int], on_date: date) -> None:
    """Write archives on the list, to the disk before this returns; it comes last before the transaction ends.

    If the database then refuses after all, the list is right and the erasure is finished when it is applied again.

    Writes: the list beside the keys of the sealed fields, which no backup of the database holds.
    Twice:  the same mark again, which changes nothing.
    """
    path, list_key = list_path(), _list_key()
    lines = "".join(f"{erased_mark(key, list_key=list_key)} {on_date.isoformat()}\n" for key in keys)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _list_key() -> str:
    """Return the key of the list; the first erasure makes it, in one step, so that nobody ever reads half of it."""
    path = list_key_path()
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, secrets.token_hex(32).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()
