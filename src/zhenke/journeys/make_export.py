"""Make one export: what the one who asked is shown of each customer, and their grade and purchases, as one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from zhenke.customers.models import Export
from zhenke.customers.operations.exports import claim_export, finish_export, note_rows
from zhenke.customers.queries.exports import exported_customers
from zhenke.customers.rules.exports import ExportLimits, offered_columns
from zhenke.customers.rules.sight import sight_of
from zhenke.grading.queries import grades_of

_BATCH = 200
Row = Mapping[str, Any]


def make_export(
    *,
    export: Export,
    limits: ExportLimits,
    write: Callable[[Sequence[Row]], tuple[str, str]],
    clock: Callable[[], datetime],
) -> bool:
    """Gather the rows in the sight of who asked, let `write` make the file, and put it at their disposal.

    1. Claim. 2. Customers, then grades, a batch at a time, with a sign of life each. 3. `write` returns name and key of
    the sealed file. 4. Finish. Who left, and customers who went out of sight since, are not in it. Taken back
    meanwhile, it stops after its batch.

    Twice: False; a worker that died is followed by the next one from the beginning.
    """
    if not claim_export(export=export, now=clock()):
        return False
    viewer = export.asked_by
    rows: list[dict[str, Any]] = []
    columns = set(export.columns) & {one.code for one in offered_columns(sight_of(viewer.role))}
    for start in range(0, len(export.keys), _BATCH):
        found = exported_customers(viewer=viewer, keys=export.keys[start : start + _BATCH], columns=columns)
        if columns & {"grade", "last_bought", "purchases", "spent"}:
            for key, grade in grades_of(viewer=viewer, customers=list(found)).items():
                figures = {
                    "grade": grade.letter,
                    "last_bought": grade.last_bought_date,
                    "purchases": grade.lifetime_frequency,
                    "spent": grade.lifetime_minor,
                }
                found[key] |= {code: value for code, value in figures.items() if code in columns}
        rows += found.values()
        if not note_rows(export=export, done_rows=len(rows), now=clock()):
            return False
    name, key_of_file = write(rows)
    return finish_export(
        export=export, rows=len(rows), file_name=name, file_key=key_of_file, limits=limits, now=clock()
    )
