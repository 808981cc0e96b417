"""Files to import, the ways to take them in, and pictures of the whole database to compare."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from tests.cast import NOW

from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import start_run
from zhenke.doors.imports import choose_mapping, run_import
from zhenke.staff.models import Shop, Viewer

# What an import leaves behind on purpose: the run itself, and the trail.
NOT_PICTURED = {
    "customers_importrun",
    "customers_importbatch",
    "customers_importreject",
    "customers_importmapping",
    "staff_auditentry",
}
ROOMS = ("staff", "customers", "catalogue", "messaging", "sales", "membership", "grading", "care")


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]], *, encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def read_csv(path: Path) -> list[list[str]]:
    """Return the rows of a file, headings first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def take_in(
    path: Path,
    *,
    subject: str,
    shop: Shop,
    by: Viewer,
    mapping: str | None = None,
    now: datetime = NOW,
    is_dry_run: bool = False,
    **options: Any,
) -> ImportRun:
    """Import a file as the command does and return its run."""
    chosen = choose_mapping(subject=subject, name=mapping, path=path, given={})
    run = start_run(
        subject=subject,
        path=path,
        file_name=path.name,
        columns=chosen.columns,
        options={**chosen.options, **options},
        shop=shop,
        by=by,
        now=now,
        is_dry_run=is_dry_run,
    )
    return run_import(run=run, now=now)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Return created, updated, unchanged, rejected; they must be all rows."""
    assert run.rows_in == run.created + run.updated + run.unchanged + run.rejected
    return run.created, run.updated, run.unchanged, run.rejected


def reasons(run: ImportRun) -> dict[int, tuple[str, str]]:
    """Return (column, code) of the refused rows by row number."""
    return {reject.row: (reject.column, reject.code) for reject in run.rejects.all()}


def picture() -> dict[str, dict[Any, dict[str, Any]]]:
    """Return every row of every table of ours, field for field, by table and key."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if model._meta.app_label in ROOMS and table not in NOT_PICTURED:
            found[table] = {row[model._meta.pk.attname]: row for row in model.objects.values()}
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return in words what differs between two pictures."""
    found = []
    for table in before:
        for key in before[table].keys() | after[table].keys():
            was, now = before[table].get(key), after[table].get(key)
            if was != now:
                found.append(f"{table} {key}: {was} -> {now}"[:300])
    return found
