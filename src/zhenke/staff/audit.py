"""The audit trail: who did what to which row, chained by hash so that it cannot be quietly edited.

Any room may call `record`. An entry holds keys and codes, never a name, a phone or free text: the trail is kept when
the person it speaks of has been erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection, transaction

from zhenke.staff.models import AuditEntry, Viewer
from zhenke.staff.rules import chain_hash

FIRST_HASH = "0" * 64
_LOCK = 0x5A68_656E_6B65_0001  # names the trail among PostgreSQL's advisory locks
_CODE = re.compile(r"[A-Za-z0-9_.:/+,-]{0,120}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANCHORS_AT_ONCE = 500
_GAP_NAMED = 1_000  # a forged position far away must not make a list that fills the memory
_PHONE = re.compile(r"\+?[0-9][0-9-]{6,13}")


@dataclass(frozen=True)
class Anchor:
    """The end of the trail at one moment, kept outside the database, so that cutting off the tail is found."""

    position: int
    hash: str


@dataclass(frozen=True)
class BrokenLink:
    """One place where the trail is not what was written; `fault` is "changed", "missing", "reordered" or "cut_off"."""

    position: int
    fault: str


def record(
    *,
    action: str,
    by: Viewer,
    now: datetime,
    subject_kind: str = "",
    subject_id: int | None = None,
    **facts: object,
) -> AuditEntry:
    """Write one line of the trail and return it.

    Units:  `facts` are keys, codes, counts and days: whole numbers, booleans, dates, and short ASCII codes, or lists
            of these. Give keys and field names, never the values of personal fields.
    Errors: ValueError for a fact that is none of these (a fault of our code, never of input).
    Writes: one AuditEntry; the caller's transaction decides whether it stays. Positions have no gaps: whoever writes
            an entry holds the end of the trail until the transaction ends.
    Twice:  a second line; callers record what they did, once.
    """
    kept = {name: _fact(name, value) for name, value in sorted(facts.items())}
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = AuditEntry.objects.order_by("-position").values_list("position", "hash").first()
        position, previous = (last[0] + 1, last[1]) if last else (1, FIRST_HASH)
        entry = AuditEntry(
            position=position,
            at=now.astimezone(UTC),
            actor_id=by.id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=kept,
            previous_hash=previous,
        )
        entry.hash = chain_hash(previous_hash=previous, entry=_sealed(entry))
        entry.save(force_insert=True)
    return entry


def audit_head() -> Anchor | None:
    """Return the end of the trail, to be kept outside the database; None while nothing was recorded."""
    last = AuditEntry.objects.order_by("-position").values_list("position", "hash").first()
    return Anchor(*last) if last else None


def broken_links(*, anchor: Anchor | None = None) -> list[BrokenLink]:
    """Return every place where the trail was changed, thinned out, put in another order, or (with `anchor`) cut off.

    Shape:  one per fault, by position; empty when the trail is whole.
    Sees:   the whole trail, but only positions leave it.
    """
    return list(_walk(anchor))


def broken_anchors(*, anchors: Iterable[Anchor]) -> list[BrokenLink]:
    """Return the anchors that the trail does not bear out: another line stands there ("changed"), or none ("cut_off").

    Quick: one look per thousand anchors, not a walk over the trail. Together with `broken_links` nothing that was
    anchored can be edited, cut off or replaced unseen.

    Shape:  one per position, rising; empty when all is well.
    Sees:   positions and hashes only.
    """
    kept: dict[int, set[str]] = {}
    for anchor in anchors:
        kept.setdefault(anchor.position, set()).add(anchor.hash)
    positions = sorted(kept)
    found: dict[int, str] = {}
    for start in range(0, len(positions), _ANCHORS_AT_ONCE):
        part = positions[start : start + _ANCHORS_AT_ONCE]
        found.update(AuditEntry.objects.filter(position__in=part).values_list("position", "hash"))
    return [
        BrokenLink(position, "changed" if position in found else "cut_off")
        for position in positions
        if kept[position] != {found.get(position)}
    ]


def _walk(anchor: Anchor | None) -> Iterator[BrokenLink]:
    expected, previous = 1, FIRST_HASH
    anchored = anchor is None
    for entry in AuditEntry.objects.order_by("position").iterator(chunk_size=2_000):
        for gap in range(expected, min(entry.position, expected + _GAP_NAMED)):
            yield BrokenLink(gap, "missing")
        whole = entry.position == expected
        if entry.hash != chain_hash(previous_hash=entry.previous_hash, entry=_sealed(entry)):
            yield BrokenLink(entry.position, "changed")
        elif whole and entry.previous_hash != previous:
            yield BrokenLink(entry.position, "reordered")
        if anchor and entry.position == anchor.position:
            anchored = True
            if entry.hash != anchor.hash:
                yield BrokenLink(entry.position, "changed")
        expected, previous = entry.position + 1, entry.hash
    if anchor and not anchored:
        yield BrokenLink(anchor.position, "cut_off")


def _sealed(entry: AuditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "position": entry.position,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "facts": entry.facts,
    }


def _fact(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset | range):
        parts = [_fact(name, part) for part in value]
        return sorted(parts, key=str) if isinstance(value, set | frozenset) else parts
    text = str(value) if isinstance(value, str) else None
    # A fact that may be a person's own words or number is refused here, loudly, rather than kept for ever.
    if text is None or not _CODE.fullmatch(text) or (_PHONE.fullmatch(text) and not _DAY.fullmatch(text)):
        raise ValueError(f"the fact {name!r} of an audit entry is not a key, a code, a count or a day")
    return text
