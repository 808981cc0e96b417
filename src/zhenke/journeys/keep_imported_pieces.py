"""Receipts of an older file were taken in: the pieces that their buyers took home are theirs in the archive too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from zhenke.basics.images import KeyRanges
from zhenke.catalogue.operations import keep_sold
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import queue_up
from zhenke.customers.queries.undoing import batch_keys, batch_of
from zhenke.sales.queries import pieces_on_lines


def keep_imported_pieces(
    *, run: ImportRun, today: date, now: datetime, progress: Callable[[int], None] | None = None
) -> int:
    """Write the pieces of the receipts that a run made, batch by batch; return how many there are.

    After the import, not in it: the counter can already work with the receipts. What came back since makes no piece,
    and no piece is called in for a day that has passed.

    Writes: Pieces. A batch that was undone meanwhile makes none.
    Twice:  nothing more; one that was cut off goes on where it stopped.
    """
    kept = 0
    for key in reversed(batch_keys(run=run)):
        with transaction.atomic():
            queue_up(run=run)
            batch = batch_of(key=key)
            lines = KeyRanges(batch.created.get("sales_saleline", ())) if batch else KeyRanges(())
            for part in lines.parts():
                kept += keep_sold(sold=pieces_on_lines(line_ids=part, today=today), now=now)
        if progress is not None:
            progress(kept)
    return kept
