"""The set-based write of a full regrade: only what changed, staged and merged batch by batch, with its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhenke.basics.ids import new_id, new_ids
from zhenke.grading.models import Scheme, Yardstick
from zhenke.grading.rules import Yardstick as YardstickRules
from zhenke.grading.rules.rows import CHANGE_COLUMNS, GRADE_COLUMNS

_MANY = 10_000  # rows of a batch that make it worth counting the table anew
_NAMES = [name for name, _ in GRADE_COLUMNS]
_STAGED = [*CHANGE_COLUMNS, ("change_id", "bigint")]
_OWN = ("scheme_id", "as_of_date", "revision")

_SET = ", ".join(f"{name} = s.{name}" for name in _NAMES)
_UPDATE = (
    f"UPDATE grading_grade AS g SET {_SET}"  # noqa: S608 (names of columns)
    ", scheme_id = %s, as_of_date = %s, revision = %s"
    " FROM staged_grades AS s WHERE g.customer_id = s.customer_id AND g.revision = s.old_revision"
)
_INSERT = (
    f"INSERT INTO grading_grade (customer_id, {', '.join(_NAMES)}, {', '.join(_OWN)})"  # noqa: S608
    f" SELECT s.customer_id, {', '.join(f's.{name}' for name in _NAMES)}, %s, %s, %s FROM staged_grades AS s"
    " WHERE s.old_revision IS NULL AND EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = s.customer_id)"
    " ON CONFLICT (customer_id) DO NOTHING"
)
_HISTORY = (
    "INSERT INTO grading_gradechange"
    " (id, customer_id, on_date, from_letter, to_letter, from_stage, to_stage, score, reason, scheme_id)"
    " SELECT s.change_id, s.customer_id, %s, s.old_letter, s.letter, s.old_stage, s.stage, s.score, %s, %s"
    " FROM staged_grades AS s JOIN grading_grade AS g ON g.customer_id = s.customer_id AND g.revision = %s"
    " WHERE s.old_letter <> s.letter OR s.old_stage <> s.stage"
)


@dataclass(frozen=True)
class GradedCount:
    """What a full regrade wrote: rows written, letters or stages moved, rows that a newer write had overtaken."""

    changed: int = 0
    moved: int = 0
    overtaken: int = 0


def write_grades(
    *,
    batches: Iterable[Sequence[Sequence[Any]]],
    scheme: Scheme,
    yardstick: YardstickRules,
    figures: dict[str, Any],
    as_of: date,
    reason: str,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> GradedCount:
    """Write the changes of a full regrade; rows come in the order of CHANGE_COLUMNS.

    Writes: Yardstick first, so that small regrades from now on measure alike; then per batch, each in its own
            transaction, Grade and GradeChange. A row whose grade was written since it was read is left alone: what
            overtook it is newer. Stopped half-way, the next regrade finds only what is still missing.
    Twice:  the second time there are no changes, only one more yardstick.
    """
    _keep_yardstick(scheme, yardstick, figures, as_of, now)
    changed = moved = staged = 0
    for rows in batches:
        written, moves = _write_batch(rows, scheme=scheme, as_of=as_of, reason=reason)
        changed, moved, staged = changed + written, moved + moves, staged + len(rows)
        if progress:
            progress(staged)
    return GradedCount(changed=changed, moved=moved, overtaken=staged - changed)


def _keep_yardstick(
    scheme: Scheme, yardstick: YardstickRules, figures: dict[str, Any], as_of: date, now: datetime
) -> None:
    Yardstick.objects.create(scheme=scheme, as_of_date=as_of, rules=yardstick.to_plain(), made_at=now, figures=figures)


@transaction.atomic
def _write_batch(rows: Sequence[Sequence[Any]], *, scheme: Scheme, as_of: date, reason: str) -> tuple[int, int]:
    revision = new_id()
    # SQLite keeps days as text; PostgreSQL reads the same text as a day.
    own: list[int | str] = [scheme.pk, as_of.isoformat(), revision]
    with connection.cursor() as cursor:
        _stage(cursor, rows)
        cursor.execute(_UPDATE, own)
        written = cursor.rowcount
        cursor.execute(_INSERT, own)
        written += cursor.rowcount
        cursor.execute(_HISTORY, [as_of.isoformat(), reason, scheme.pk, revision])
        moved = cursor.rowcount
        cursor.execute("DROP TABLE staged_grades")
    return written, moved


def _stage(cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
    listed = ", ".join(f"{name} {kind}" for name, kind in _STAGED)
    cursor.execute(f"CREATE TEMPORARY TABLE staged_grades ({listed})")
    with_keys = ((*row, key) for row, key in zip(rows, new_ids(len(rows)), strict=True))
    if connection.vendor == "postgresql":
        with cursor.copy("COPY staged_grades FROM STDIN") as copy:
            for row in with_keys:
                copy.write_row(row)
        # The house may just have been filled, and the planner still think it empty: without the index it would then try
        # every pair, for minutes.
        cursor.execute("CREATE UNIQUE INDEX ON staged_grades (customer_id)")
        cursor.execute("ANALYZE staged_grades")
        if len(rows) >= _MANY:
            cursor.execute("ANALYZE grading_grade")
    else:
        marks = ", ".join(["%s"] * len(_STAGED))
        cursor.executemany(f"INSERT INTO staged_grades VALUES ({marks})", with_keys)  # noqa: S608 (only marks)
