"""What a restore still owes: a mark in the home folder from before the database is put back until access has ended.

The mark is written first and goes last, and every start asks for it: a restore that was cut off anywhere in between
lets nobody in with what the copy had open.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from zhenke.journeys.end_restored_access import end_restored_access


def mark_path() -> Path:
    """Return the file that says that a backup was put back and access has not ended yet."""
    return Path(settings.HOME) / ".restored"


def note_restore(*, made_at: datetime, keeps_tokens: bool) -> None:
    """Write the mark, to the disk before this returns. Twice: the later one; tokens are kept if both say so."""
    path = mark_path()
    if path.exists():
        keeps_tokens = keeps_tokens and bool(json.loads(path.read_text())["keeps_tokens"])
    handle = os.open(path.with_name(".restored.new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, json.dumps({"made_at": made_at.isoformat(), "keeps_tokens": keeps_tokens}).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    path.with_name(".restored.new").replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def finish_restore(at: datetime) -> dict[str, int]:
    """End what the copy had open, if a backup was put back and that has not been done; return how many of what.

    Proofs and counters of tries that the database keeps apart from sessions go too.

    Writes: as `end_restored_access`; the cache; deletes the mark.
    Twice:  nothing, and an empty answer.
    """
    path = mark_path()
    if not path.exists():
        return {}
    told = json.loads(path.read_text())
    counts = end_restored_access(
        made_at=datetime.fromisoformat(told["made_at"]), keeps_tokens=bool(told["keeps_tokens"]), now=at
    )
    cache.clear()
    path.unlink()
    return counts
