"""Keeps the pairs that linkage found, and what people decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, DuplicatePair
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.duplicates import pair_for
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_STATE = DuplicatePair.State


@dataclass(frozen=True, slots=True)
class PairDraft:
    """Two keys, the smaller first; how likely (0–1000) they are one person; codes of what agrees."""

    first: int
    second: int
    permille: int
    evidence: tuple[str, ...]


@transaction.atomic
def keep_pairs(*, pairs: Sequence[PairDraft], now: datetime) -> int:
    """Write pairs of archives of one house; return how many are new.

    Writes: DuplicatePair; a pair that is known gets its new likelihood, and keeps its state: not_same is for ever.
    Twice:  0, only `found_at` moves.
    """
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    paths = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "shop__path"))
    house = {key: path.split("/", 1)[0] for key, path in paths.items()}
    kept = [pair for pair in pairs if house.get(pair.first, "?") == house.get(pair.second)]
    seconds = [pair.second for pair in kept]
    known = set(
        DuplicatePair.objects.filter(first__in=[pair.first for pair in kept], second__in=seconds).values_list(
            "first_id", "second_id"
        )
    )
    rows = [
        DuplicatePair(
            id=new_id(),
            first_id=pair.first,
            second_id=pair.second,
            probability_permille=pair.permille,
            evidence=list(pair.evidence),
            found_at=now,
        )
        for pair in kept
    ]
    DuplicatePair.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["probability_permille", "evidence", "found_at"],
    )
    return sum((pair.first, pair.second) not in known for pair in kept)


@transaction.atomic
def drop_stale_pairs(*, now: datetime) -> int:
    """Remove the undecided pairs that a full search did not find again at `now`; return how many.

    Writes: deletes DuplicatePair.
    Twice:  0.
    """
    return DuplicatePair.objects.filter(state=_STATE.OPEN, found_at__lt=now).delete()[0]


@transaction.atomic
def mark_not_same(*, pair: DuplicatePair, by: Viewer, now: datetime) -> DuplicatePair:
    """Remember that two archives are two people; they are not shown as a pair again.

    Errors: NotAllowed; PairUnknown unless both are in sight.
    Writes: DuplicatePair, one audit line.
    Twice:  writes nothing.
    """
    return _decide(pair, _STATE.NOT_SAME, by, now)


@transaction.atomic
def reopen_pair(*, pair: DuplicatePair, by: Viewer, now: datetime) -> DuplicatePair:
    """Take "not the same" back: the pair waits for review again.

    Errors, Writes, Twice: as `mark_not_same`.
    """
    return _decide(pair, _STATE.OPEN, by, now)


def _decide(pair: DuplicatePair, state: DuplicatePair.State, by: Viewer, now: datetime) -> DuplicatePair:
    require(by, May.EDIT_CUSTOMERS)
    row = pair_for(viewer=by, id=pair.pk)
    if row.state == state:
        return row
    row.state, row.decided_at, row.decided_by_id = state, now, by.id
    row.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        action="customer.not_same" if state == _STATE.NOT_SAME else "customer.pair_reopened",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=row.first_id,
        other=row.second_id,
    )
    return row
