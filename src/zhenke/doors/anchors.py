"""Anchors of the audit trail, kept outside the database: one line a night in a file that is only ever added to.

Whoever cuts off the trail's end, writes it anew or puts another database in its place cannot make these lines agree;
and what the owner printed or copied elsewhere cannot be changed here at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from zhenke.staff.audit import Anchor, BrokenLink, audit_head, broken_anchors

_LINE = re.compile(r"([0-9-]{10}T[0-9:]{8})Z ([1-9][0-9]{0,17}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class KeptAnchor:
    """The end of the trail as it was at `at`."""

    at: datetime
    anchor: Anchor

    @property
    def groups(self) -> list[str]:
        """The hash in groups of eight signs, as a person compares it."""
        return [self.anchor.hash[start : start + 8] for start in range(0, 64, 8)]


@dataclass(frozen=True, slots=True)
class AnchorState:
    """What the file of anchors says: the lines, how many cannot be read, and which the trail does not bear out."""

    kept: Sequence[KeptAnchor]
    unreadable: int
    broken: Sequence[BrokenLink]


def anchor_file() -> Path:
    """Return where the anchors of this installation are."""
    return Path(settings.HOME) / "anchors" / "audit-trail.txt"


def write_anchor(*, now: datetime) -> Anchor | None:
    """Add the trail's end to the file, on the disk when this returns; None while the trail is empty.

    Twice: a second line, which says the same.
    """
    head = audit_head()
    if head is None:
        return None
    path = anchor_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{now.astimezone(UTC).isoformat(timespec='seconds').removesuffix('+00:00')}Z {head.position} {head.hash}\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # the power went in the middle of a line
        os.write(handle, ("\n" if is_torn else "").encode() + line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return head


def anchor_state() -> AnchorState:
    """Return the anchors, oldest first, and what they say of the trail."""
    path = anchor_file()
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    kept, unreadable = [], 0
    for line in lines:
        anchor = _read(line)
        if anchor is None:
            unreadable += 1
        else:
            kept.append(anchor)
    return AnchorState(kept, unreadable, broken_anchors(anchors=[one.anchor for one in kept]))


def _read(line: str) -> KeptAnchor | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return KeptAnchor(at, Anchor(int(found[2]), found[3]))
