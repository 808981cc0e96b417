"""Forgets a customer from the doors: the journey, and the files that people handed in, which no room knows."""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhenke.customers.operations.file_erasures import end_file_erasure
from zhenke.customers.queries.erasure import file_erasures, tells_of
from zhenke.doors.uploads import folder
from zhenke.journeys.forget_customer import Forgotten, forget_customer
from zhenke.staff.models import Viewer

_CODINGS = ("utf-8-sig", "gb18030", "utf-16")
# What a packed file that is damaged, locked or packed in an unknown way answers when it is opened or read.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
)
_MOST_BYTES = 256 << 20  # of one part of a packed file: larger ones are taken for telling


def forget(*, customer_id: int, by: Viewer, now: datetime, is_again: bool = False) -> Forgotten:
    """Erase a customer, and with her every handed-in file and file of refused rows that names her.

    A file that still waited has to be chosen again. Whatever happens after the transaction, `finish_erasures` ends it.

    Errors: those of `forget_customer`.
    Writes: as `forget_customer`; deletes files of the home folder.
    Twice:  CustomerUnknown.
    """
    done = forget_customer(customer_id=customer_id, by=by, now=now, is_again=is_again)
    if done.kept_by is None:
        finish_erasures()
    return done


def finish_erasures() -> int:
    """Take away the handed-in files that name anybody who was forgotten, as noted with the erasure; return how many.

    A note is crossed out when its last file is gone: cut off at any moment, the next call finds what is left.

    Writes: deletes files of the home folder, FileErasure.
    Twice:  0.
    """
    gone = 0
    for key, words in file_erasures().items():
        gone += drop_files_about(words)
        end_file_erasure(key=key)
    return gone


def drop_files_about(words: frozenset[str]) -> int:
    """Delete handed-in files and files of refused rows in which one of these words stands; return how many."""
    places = (folder(), Path(settings.HOME) / "rejects")
    files = [path for place in places if place.is_dir() for path in place.iterdir() if path.is_file()]
    telling = [path for path in files if words and _tells(path, words)]
    for path in telling:
        path.unlink(missing_ok=True)
    return len(telling)


def _tells(path: Path, words: frozenset[str]) -> bool:
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as packed:
                parts = packed.infolist()
                if any(part.file_size > _MOST_BYTES for part in parts):
                    return True
                return any(_speaks(packed.read(part), words) for part in parts)
        except _UNREADABLE:
            return True  # nobody can say what stands in it
    return _speaks(path.read_bytes(), words)


def _speaks(raw: bytes, words: frozenset[str]) -> bool:
    return any(
        tells_of(text=line, identifying=words)
        for coding in _CODINGS
        for line in raw.decode(coding, errors="ignore").splitlines()
    )
