"""Keys that are made before the row is written, so that bulk loads and encrypted values know their row.

Layout of the 63 bits: 41 bits of milliseconds since 2020-01-01 UTC, 22 bits of sequence. The sequence starts at a
random place each millisecond, so that several processes meet with a chance of about one in four million per row and
millisecond; a meeting is refused by the primary key. Keys grow with time, which keeps indexes compact.
"""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime

_EPOCH_MS = 1_577_836_800_000
_SEQUENCE_BITS = 22
_HEADROOM = 1 << (_SEQUENCE_BITS - 1)
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return one new key, larger than every key this process made before."""
    return new_ids(1)[0]


def new_ids(count: int) -> range:
    """Return `count` new keys in a row.

    Units:  plain integers below 2**63.
    """
    global _last
    stamp = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _SEQUENCE_BITS
    with _lock:
        first = max(stamp | secrets.randbelow(_HEADROOM), _last + 1)
        _last = first + count - 1
    return range(first, first + count)


def made_at(key: int) -> datetime:
    """Return when a key was made, to the millisecond, in UTC.

    Units:  a key of `new_id`; of keys that were made in one go the first says it best.
    """
    return datetime.fromtimestamp(((key >> _SEQUENCE_BITS) + _EPOCH_MS) / 1000, UTC)


def first_id_at(moment: datetime) -> int:
    """Return the smallest key that can have been made at an instant or after it.

    Units:  an aware instant; before 2020 the answer is 0.
    """
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << _SEQUENCE_BITS
