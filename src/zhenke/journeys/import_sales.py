"""History arrives: a file of receipts becomes customers, styles and sales, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from zhenke.basics.errors import ZhenkeError
from zhenke.basics.tables.batches import Batch, batches
from zhenke.catalogue.operations import load_styles
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
from zhenke.customers.operations.loading import load_customers
from zhenke.customers.queries.intake import opened_file, refused_rows
from zhenke.customers.queries.places import Places
from zhenke.customers.rules.intake import Tally, Written
from zhenke.membership.operations.undoing import mark_for_review
from zhenke.sales.operations.loading import load_rows
from zhenke.sales.queries.intake import ReadBatch, SalesDesk, desk_for, elsewhere, late_rejects
from zhenke.sales.queries.known import known_receipts
from zhenke.sales.rules.rows import SaleRows
from zhenke.staff import SYSTEM

BATCH_ROWS = 20_000
TRIES = 5


def import_sales(*, run: ImportRun, now: datetime, progress: Callable[[int], None] | None = None) -> ImportRun:
    """Take in a file of receipts, batch by batch, each in a transaction of its own.

    Rows in = created + updated + unchanged + rejected, exactly. Sales of the past make no care tasks; grading follows
    in its own journey. A run that was cut off goes on after its last committed batch.

    Errors: RunBusy; what is wrong with the file as a whole ends the run as failed, with the sentence in `run.message`.
    Writes: customers, styles, sales, lines; rejects; undo images. A dry run writes only its counts and rejects.
    Twice:  the same file creates and changes nothing.
    """
    claim_run(run=run, now=now)
    options = {"currency": run.shop.currency, **run.options}
    unknown = {name: str(run.options.get(name, "refuse")) for name in ("unknown_shop", "unknown_advisor")}
    try:
        places = Places(viewer=run.by or SYSTEM, default=run.shop, **unknown)
        with at_full_pace(), opened_file(run) as table:
            desk = desk_for(columns=run.columns, options=options, table=table, places=places, now=now)
            for batch in batches(table, BATCH_ROWS):
                _take(desk, run, batch, now)
                if progress:
                    progress(batch.walked)
    except RunBusy:  # another worker went past this one; the run is its own
        raise
    except ZhenkeError as wrong:
        fail_run(run=run, message=wrong.message, now=now)
        raise
    return finish_run(run=run, figures=desk.figures(), now=now)


def _take(desk: SalesDesk, run: ImportRun, batch: Batch, now: datetime) -> None:
    read = desk.read(batch)
    if batch.walked <= run.next_row:  # committed before the run was cut off; its rejects were kept then
        numbers = read.rows["row"]
        kept = refused_rows(run=run, first=min(numbers, default=0), last=max(numbers, default=0))
        desk.count(read.rows.without({place for place, number in enumerate(numbers) if number in kept}))
        return
    for attempt in range(TRIES):
        written = Written()
        try:
            with transaction.atomic():
                queue_up(run=run)
                taken = _write(desk, run, read, batch, written, now)
            break
        except (IntegrityError, OperationalError):
            # Somebody else wrote the same customer or receipt a moment ago; looked up again, it is simply there.
            desk.forget()
            if attempt == TRIES - 1:
                raise
    run.next_row = batch.walked
    desk.remember(taken)
    desk.count(taken)


def _write(desk: SalesDesk, run: ImportRun, read: ReadBatch, batch: Batch, written: Written, now: datetime) -> SaleRows:
    """Write one batch; return the rows that the books took."""
    by, writes = run.by or SYSTEM, not run.is_dry_run
    receipts = known_receipts(sale_keys=set(read.rows["sale_key"]))
    faults = elsewhere(read.rows, receipts, desk.places.shop_ids)
    strangers = desk.strangers(read.rows, faults)
    loaded = load_customers(
        rows=list(strangers.values()), by=by, now=now, written=written, updates=False, writes=writes
    )
    buyers = desk.buyers_of(read.rows, strangers, loaded.keys, loaded.outcomes, faults)
    rows = read.rows.without(faults.keys())
    styles, drafts = desk.styles_of(rows)
    if drafts and writes:
        made = load_styles(drafts=drafts, now=now)
        styles |= {number: style.pk for number, style in made.items()}
        written.add_keys("catalogue_style", sorted(style.pk for style in made.values()))
    rows.columns["customer_id"] = list(map(buyers.get, rows["buyer"]))
    rows.columns["style_id"] = list(map(styles.get, rows["style_no"]))
    outcomes = load_rows(rows=rows, receipts=receipts, currency=desk.currency, now=now, written=written, writes=writes)
    if writes:
        mark_for_review(customer_ids={key for key in buyers.values() if key})
    every = sorted([*read.rejects, *late_rejects(read, faults)], key=lambda reject: reject.row)
    tally = Tally.of(outcomes, rejected=len(every), unchanged=read.repeated)
    record_batch(run=run, tally=tally, written=written, rejects=every, walked=batch.walked, now=now)
    return rows
