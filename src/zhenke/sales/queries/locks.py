"""One key at a time: whoever holds it lets the others wait. Nothing is written, so rooms above may ask too."""

from __future__ import annotations

from django.db import connection

_LOCK_SEED = 0x5A68_656E  # keeps these keys apart from other advisory locks


def hold_key(source_key: str) -> None:
    """Let everybody else who holds this key wait until the transaction ends.

    A journey that may open a new archive before it writes the receipt needs this: of two twins the later one then finds
    the receipt, and opens no second archive. SQLite's writers wait for each other anyway.

    Writes: nothing.
    Twice:  holds it still.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [source_key, _LOCK_SEED])
