"""The shop's address book arrives: a file of people becomes archives, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import ZhenkeError
from zhenke.basics.tables.batches import Batch, batches
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import (
    RunBusy,
    at_full_pace,
    claim_run,
    fail_run,
    finish_run,
    queue_up,
    record_batch,
)
from zhenke.customers.operations.loading import FileMemory, LoadedCustomers, load_customers
from zhenke.customers.queries.intake import opened_file, read_people
from zhenke.customers.queries.knowledge import own_fields
from zhenke.customers.queries.places import Places
from zhenke.customers.rules.columns import CustomerRowReader
from zhenke.customers.rules.intake import Reject, RowFault, Tally, Written, reject_of
from zhenke.customers.rules.loading import LoadRow
from zhenke.staff import SYSTEM

BATCH_ROWS = 2_000
TRIES = 5


def import_customers(*, run: ImportRun, now: datetime, progress: Callable[[int], None] | None = None) -> ImportRun:
    """Take in a file of customers, batch by batch, each in a transaction of its own.

    Rows in = created + updated + unchanged + rejected, exactly. What the archive knows and the row does not say stays;
    a later row of the same file may add to a person and not contradict an earlier one. A run that was cut off goes on
    after its last committed batch.

    Errors: RunBusy; what is wrong with the file as a whole ends the run as failed, with the sentence in `run.message`.
    Writes: customers with contacts, dates, traits, tags; rejects; undo images. A dry run: only counts and rejects.
    Twice:  the same file creates and changes nothing.
    """
    claim_run(run=run, now=now)
    memory = FileMemory(keeps_people=run.is_dry_run)
    unknown = {name: str(run.options.get(name, "refuse")) for name in ("unknown_shop", "unknown_advisor")}
    try:
        places = Places(viewer=run.by or SYSTEM, default=run.shop, **unknown)
        with at_full_pace(), opened_file(run) as table:
            reader = CustomerRowReader(
                columns=run.columns,
                headings=table.headings,
                today=local_date(now, run.shop.time_zone),
                sample=table.sample(60),
                own=own_fields(),
            )
            for batch in batches(table, BATCH_ROWS):
                rows, rejects = read_people(run=run, batch=batch, reader=reader, places=places)
                if batch.walked <= run.next_row:  # committed before the run was cut off: only remembered
                    memory.told.update(_load(run, rows, memory, now, Written(), writes=False).keys.values())
                else:
                    _take(run, rows, rejects, memory, batch, now)
                if progress:
                    progress(batch.walked)
    except RunBusy:  # another worker went past this one; the run is its own
        raise
    except ZhenkeError as wrong:
        fail_run(run=run, message=wrong.message, now=now)
        raise
    run.refresh_from_db()
    people = run.created + run.updated + run.unchanged
    return finish_run(run=run, figures={"customers": people}, now=now)


def _take(
    run: ImportRun, rows: list[LoadRow], rejects: list[Reject], memory: FileMemory, batch: Batch, now: datetime
) -> None:
    cells = dict(batch.rows)
    for attempt in range(TRIES):
        written = Written()
        try:
            with transaction.atomic():
                queue_up(run=run)
                loaded = _load(run, rows, memory, now, written, writes=not run.is_dry_run)
                faults = {row: fault for row, fault in loaded.outcomes.items() if isinstance(fault, RowFault)}
                late = [reject_of(row, cells[row], fault) for row, fault in faults.items()]
                every = sorted([*rejects, *late], key=lambda reject: reject.row)
                outcomes = (outcome for outcome in loaded.outcomes.values() if isinstance(outcome, str))
                tally = Tally.of(outcomes, rejected=len(every))
                record_batch(run=run, tally=tally, written=written, rejects=every, walked=batch.walked, now=now)
            break
        except (IntegrityError, OperationalError):
            # Somebody else wrote the same person a moment ago; looked up again, she is simply there.
            if attempt == TRIES - 1:
                raise
    run.next_row = batch.walked
    memory.told.update(loaded.keys.values())


def _load(
    run: ImportRun, rows: list[LoadRow], memory: FileMemory, now: datetime, written: Written, *, writes: bool
) -> LoadedCustomers:
    by = run.by or SYSTEM
    return load_customers(rows=rows, by=by, now=now, written=written, writes=writes, memory=memory)
