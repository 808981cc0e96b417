"""Take in many customers at once, set-based: who is known already, what is new of them, what each row changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.customers.operations.loading.changes import Changes
from zhenke.customers.operations.loading.overruled import Overruled
from zhenke.customers.operations.loading.people import People
from zhenke.customers.operations.loading.work import Employers
from zhenke.customers.operations.loading.writing import write_changes
from zhenke.customers.rules.intake import RowFault, Written
from zhenke.customers.rules.loading import LoadRow, with_private_words
from zhenke.staff.models import StaffMember, Viewer

__all__ = ["FileMemory", "LoadRow", "LoadedCustomers", "load_customers"]


@dataclass(slots=True)
class LoadedCustomers:
    """The outcome of each row: "created", "updated", "unchanged", or the fault; and the customers' keys."""

    outcomes: dict[int, str | RowFault] = field(default_factory=dict)
    keys: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class FileMemory:
    """What one walk through one file must remember between its batches.

    `told` are the keys of the customers that committed rows told of: a later row of the same file may add to one and
    not contradict what stands there. In a dry run (`keeps_people`) those who would have been created live on here.
    """

    keeps_people: bool = False
    told: set[int] = field(default_factory=set)
    people: People | None = None
    employers: Employers | None = None


def load_customers(
    *,
    rows: Sequence[LoadRow],
    by: Viewer,
    now: datetime,
    written: Written,
    updates: bool = True,
    writes: bool = True,
    memory: FileMemory | None = None,
) -> LoadedCustomers:
    """Take in a batch of customers; called inside the batch's transaction.

    A row is the customer with its card number, else its outside key, else its phone if exactly one person has it and
    neither name nor keys speak against it. Values that are there are kept where the row says nothing. With `updates`
    False known customers stay as they are (sales files). With `writes` False (dry run) nothing is written. With a
    `memory` rows of one file may not contradict each other; the caller adds the keys to `memory.told` after the commit.

    A value wins over one that somebody confirmed, which is then kept as a claim; one that somebody decided against does
    not win again. Remarks of level 4 become a note of their own.

    Errors: none; a row that cannot be taken has a RowFault as its outcome.
    Writes: Customer, ContactPoint, CustomerDate, Trait, Tag, SearchTerm, Claim, Interaction, CustomerLink; what undo
            needs goes into `written`.
    Twice:  the same rows are "unchanged".
    """
    loaded = LoadedCustomers()
    if not rows:
        return loaded
    people, employers = _those_known(memory, by)
    people.look_up(rows, with_details=updates)
    told = memory.told if memory else None
    zone = by.shop.time_zone if isinstance(by, StaffMember) else "UTC"
    overruled = Overruled(cipher=people.cipher, by=by.id, now=now, on_date=local_date(now, zone))
    changes = Changes(people, now, written, ids=len(rows), told=told, overruled=overruled, employers=employers)
    for row in rows:
        try:
            known, outcome = changes.take(with_private_words(row), updates=updates)
        except RowFault as fault:
            loaded.outcomes[row.row] = fault
            continue
        loaded.outcomes[row.row] = outcome
        loaded.keys[row.row] = known.id
    if writes:
        with transaction.atomic():
            write_changes(changes, by=by, now=now, written=written)
    return loaded


def _those_known(memory: FileMemory | None, by: Viewer) -> tuple[People, Employers]:
    """Return who is known so far: of a trial run, which writes nothing, also from the batches before."""
    people = (memory.people if memory else None) or People(by=by)
    employers = (memory.employers if memory else None) or Employers(by=by)
    if memory and memory.keeps_people:
        memory.people, memory.employers = people, employers
    return people, employers
