"""What sources say otherwise, when two archives become one: claims go along, and a value that nobody chose is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhenke.basics.merging import Mover
from zhenke.customers.models import Claim
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.rules.claims import COLUMNS, DAY, MERGE, TWIN, Said, mark_of, parts_text
from zhenke.customers.rules.merging import JOINED

CLAIMS = Claim._meta.db_table


def merge_claims(mover: Mover, *, loser: int, winner: int) -> None:
    """Give the loser's claims to the winner; one that the winner has already comes along decided, so that it can go
    back as it was.
    """
    columns = ("id", "field", "source", "value_index")
    there = {tuple(row[1:]) for row in mover.rows(CLAIMS, columns, "customer_id", [winner])}
    moves: dict[int, dict[str, Any]] = {}
    for key, *name in mover.rows(CLAIMS, columns, "customer_id", [loser]):
        moves[key] = {"customer_id": winner}
        if tuple(name) in there:
            moves[key] |= {"value_index": f"{TWIN}:{key:x}", "decision": TWIN}
    mover.change(CLAIMS, moves)


def lost_fields(
    *, ours: Mapping[str, Any], theirs: Mapping[str, Any], merged: Mapping[str, Any], chosen: Mapping[str, str]
) -> list[Said]:
    """Return the loser's values that do not stay and that nobody chose against."""
    said = []
    for field in COLUMNS:
        mine, hers = ours[field], theirs[field]
        is_lost = bool(mine and hers) and mine != hers and merged[field] != hers and field not in JOINED
        if is_lost and field not in chosen:
            mark = mark_of(theirs["confirmed"], field)
            on_date = mark.on_date if mark else theirs["created_at"].date()
            source = mark.source if mark else theirs["source"]
            said.append(Said(field, str(hers), source or MERGE, on_date, mark.by if mark else None))
    return said


def lost_day(row: Sequence[Any], *, kind: str) -> Said:
    """Return a day (source, instant or text of its writing, then its parts) that gave way to another."""
    source, at, *parts = row
    day = at.date() if isinstance(at, datetime) else datetime.fromisoformat(str(at)).date()
    return Said(f"{DAY}{kind}", parts_text(tuple(parts)), source or MERGE, day)


def keep_lost(mover: Mover, *, said: Sequence[Said], winner: int, now: datetime) -> None:
    """Keep what a merge would have dropped in silence, so that undoing takes it away again."""
    before = {key for (key,) in mover.rows(CLAIMS, ("id",), "customer_id", [winner])}
    note_claims(customer_id=winner, said=said, now=now)
    after = {key for (key,) in mover.rows(CLAIMS, ("id",), "customer_id", [winner])}
    if after - before:
        mover.moved.note_created(CLAIMS, sorted(after - before))
