"""Writes: answers kept for calls that are sent again (promise P11)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from zhenke.staff.models import StoredReply

KEEP_REPLIES = timedelta(days=7)
"""At least 72 hours: a till that was off over a long weekend still learns what became of its last call."""
_LOCK_SEED = 0x5265_706C  # keeps these keys apart from other advisory locks
_BATCH = 5_000
_NUMBERS = re.compile(r"[0-9]{6,19}")


def hold_call(*, credential: str, endpoint: str, key: str) -> bool:
    """Hold one call until the transaction ends; return False if a twin holds it now.

    PostgreSQL: an advisory lock, which goes with the transaction and with a process that dies. SQLite's writers wait
    for each other anyway: the transaction has begun, so the twin has ended and its answer can be read.

    Writes: nothing.
    Twice:  within one transaction True again.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        name = f"{credential}\n{endpoint}\n{key}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [name, _LOCK_SEED])
        return bool(cursor.fetchone()[0])


def keep_reply(
    *,
    credential: str,
    endpoint: str,
    key: str,
    request_hash: str,
    status: int,
    body: str,
    content_type: str,
    now: datetime,
    about: int | None = None,
) -> StoredReply:
    """Keep the answer of a call, in the transaction of its effect; `about` is the key that stood in its address.

    Writes: one StoredReply.
    Twice:  IntegrityError, which takes the second effect back; `hold_call` and `kept_reply` come first.
    """
    return StoredReply.objects.create(
        credential=credential,
        endpoint=endpoint,
        key=key,
        request_hash=request_hash,
        status=status,
        body=body,
        content_type=content_type,
        about=about,
        started_at=now,
    )


def drop_old_replies(*, now: datetime) -> int:
    """Delete answers older than a week, batch by batch; return how many. Twice: deletes nothing more."""
    dropped = 0
    while True:
        with transaction.atomic():
            old = StoredReply.objects.filter(started_at__lt=now - KEEP_REPLIES).order_by("started_at")
            keys = list(old.values_list("pk", flat=True)[:_BATCH])
            StoredReply.objects.filter(pk__in=keys).delete()
        dropped += len(keys)
        if len(keys) < _BATCH:
            return dropped


def drop_replies_about(*, keys: Collection[int]) -> int:
    """Delete the kept answers that tell of somebody: to calls about one of the keys, or that name one; return how many.

    A repeat of such a call is a new call then.

    Twice: deletes nothing more.
    """
    told = StoredReply.objects.filter(about__in=keys)
    dropped = told.delete()[0]
    wanted = {str(key) for key in keys}
    rows = StoredReply.objects.values_list("pk", "body").iterator(chunk_size=1_000)
    naming = [pk for pk, body in rows if not wanted.isdisjoint(_NUMBERS.findall(body))]
    return dropped + StoredReply.objects.filter(pk__in=naming).delete()[0]
