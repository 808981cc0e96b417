"""Walk a table in batches, so that each batch can be one transaction and a killed walk can go on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from zhenke.basics.tables.layout import Row, SkippedRow
from zhenke.basics.tables.reading import Table


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to be taken in, rows that the layout refused on the way, and how many rows were walked up to the end of it.

    `origins` is that of the table, for these rows.
    """

    rows: list[Row]
    skipped: list[SkippedRow]
    walked: int
    origins: dict[int, tuple[str, str]] = field(default_factory=dict)


def batches(table: Table, size: int) -> Iterator[Batch]:
    """Yield the table's rows in batches; the last one may hold only skipped rows.

    The same file gives the same batches each time it is walked.
    """
    walked = 0
    rows = table.rows()
    while True:
        part = list(islice(rows, size))
        skipped = table.skipped.copy()
        origins = table.origins.copy()
        table.skipped.clear()
        table.origins.clear()
        walked += len(part) + len(skipped)
        if part or skipped:
            yield Batch(part, skipped, walked, origins)
        if len(part) < size:
            return
