"""What the import page, the command and the api share: choosing a mapping, running a run, writing the reject file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhenke.basics.errors import BadInput
from zhenke.basics.tables.mapping import FieldSpec, Guess, guess_mapping
from zhenke.basics.tables.reading import Table, open_table
from zhenke.basics.tables.rejects import RefusedRow, RejectFile, reject_lines
from zhenke.basics.tables.units import Unit
from zhenke.customers.models import ImportReject, ImportRun
from zhenke.customers.queries import own_fields
from zhenke.customers.queries.intake import rejects_of
from zhenke.customers.queries.places import mapping_for
from zhenke.customers.rules.columns import CUSTOMER_FIELDS
from zhenke.customers.rules.trait_columns import own_specs
from zhenke.doors.defaults.mappings import SHIPPED
from zhenke.doors.words.rejects import column_word, reject_reason
from zhenke.journeys.import_customers import import_customers
from zhenke.journeys.import_sales import import_sales
from zhenke.sales.rules.intake import SALE_FIELDS
from zhenke.staff.models import Viewer

FIELDS = {"customers": CUSTOMER_FIELDS, "sales": SALE_FIELDS}
MEASURES = {"amount": "money", "tag": "money", "cost": "money", "weight": "mass", "quantity": "count"}
_JOURNEYS: dict[str, Callable[..., ImportRun]] = {"customers": import_customers, "sales": import_sales}


@dataclass(frozen=True)
class ChosenMapping:
    """Field → heading, and options; `guess` tells how sure each column is when it was guessed."""

    columns: dict[str, str]
    options: dict[str, Any]
    guess: Guess | None = None


def fields_of(subject: str) -> tuple[FieldSpec, ...]:
    """Return the fields that a file of this subject may have, the shop's own among them."""
    return (*FIELDS[subject], *own_specs(own_fields())) if subject == "customers" else FIELDS[subject]


def guessed(*, subject: str, table: Table) -> ChosenMapping:
    """Return the likely mapping of an opened table, by headings and values."""
    guess = guess_mapping(table.headings, table.sample(), fields_of(subject))
    columns = {field: one.heading for field, one in guess.columns.items()}
    units = {field: guess.units[one.column] for field, one in guess.columns.items() if one.column in guess.units}
    return ChosenMapping(columns, unit_options(units), guess)


def unit_options(units: Mapping[str, Unit]) -> dict[str, Any]:
    """Return what the units in the headings of a sales file's columns mean for reading them.

    Amounts in a unit that is not understood, or that is no unit of theirs, are refused row by row (`unknown_units`).
    """
    options: dict[str, Any] = {}
    main = units.get("amount")
    if main is not None and main.known and main.quantity == "money":
        options["currency"] = main.base
    for field, unit in units.items():
        wanted = MEASURES.get(field)
        if wanted is None:
            continue
        is_other_money = unit.quantity == "money" and main is not None and main.base not in (None, unit.base)
        if not unit.known or unit.quantity != wanted or is_other_money:
            options.setdefault("unknown_units", {})[field] = unit.text
        elif wanted == "mass" and unit.size is not None:
            options["grams_in_weight_unit"] = f"{Decimal(unit.size.numerator) / unit.size.denominator:f}"
        elif wanted == "money" and unit.size is not None and unit.size != 1:
            options.setdefault("amount_scales", {})[field] = int(unit.size)
    return options


def choose_mapping(*, subject: str, name: str | None, path: Path, given: Mapping[str, str]) -> ChosenMapping:
    """Return the mapping of that name (the shop's own first, then a shipped one), or a guess from the file.

    Errors: BadInput for an unknown name, or when a field that must be there cannot be found; FileRefused.
    """
    if name:
        own = mapping_for(subject=subject, name=name)
        if own is not None:
            return ChosenMapping(dict(own.columns), dict(own.options))
        shipped = SHIPPED.get((subject, name))
        if shipped is None:
            raise BadInput("There is no mapping called “{name}” for {subject}.", name=name, subject=subject)
        return ChosenMapping(dict(shipped["columns"]), dict(shipped["options"]))
    with open_table(path, encoding=given.get("encoding"), sheet=given.get("sheet")) as table:
        chosen = guessed(subject=subject, table=table)
        if chosen.guess is not None and chosen.guess.missing:
            raise BadInput(
                "No column of this file looks like {fields}. It has: {headings}. Name a mapping with --mapping.",
                fields=", ".join(chosen.guess.missing),
                headings=", ".join(table.headings[:30]),
            )
    return chosen


def count_rows(run: ImportRun) -> int:
    """Return how many rows the file of a run has, for a bar that knows its end."""
    with open_table(Path(run.file_path), encoding=run.options.get("encoding"), sheet=run.options.get("sheet")) as table:
        return sum(1 for _ in table.rows())


def run_import(*, run: ImportRun, now: datetime, progress: Callable[[int], None] | None = None) -> ImportRun:
    """Take in the file of a run. Errors: as the journeys."""
    return _JOURNEYS[run.subject](run=run, now=now, progress=progress)


def refused_rows(*, viewer: Viewer, run: ImportRun) -> Iterator[RefusedRow]:
    """Yield the refused rows of a run with column and reason in the reader's words. Sees: as `rejects_of`."""
    for reject in rejects_of(viewer=viewer, run=run):
        column = run.columns.get(reject.column) or column_word(reject.column)
        yield RefusedRow(_place(reject), reject.cells, column, reject_reason(reject.code, reject.facts))


def _place(reject: ImportReject) -> int | str:
    """Where a refused row stood in the first file, and which one of its kind it was: a mended row is known by it."""
    origin, nth = reject.facts.get("origin"), reject.facts.get("nth")
    if origin:
        return str(origin)
    return f"{reject.row}*{nth}" if nth else reject.row


def headings_of(run: ImportRun) -> list[str]:
    """Return the headings of a run's file: as they were kept when the columns were chosen, else from the file.

    Errors: FileRefused if the file has changed so that it cannot be read.
    """
    options = run.options
    if "headings" in options:
        return list(options["headings"])
    if not run.file_path or not Path(run.file_path).exists():
        return []
    with open_table(Path(run.file_path), encoding=options.get("encoding"), sheet=options.get("sheet")) as table:
        return table.headings


def streamed_rejects(*, viewer: Viewer, run: ImportRun) -> Iterator[bytes]:
    """Yield the mendable file of refused rows line by line, so that it is never kept. Sees: as `rejects_of`."""
    return reject_lines(headings_of(run), refused_rows(viewer=viewer, run=run))


def write_reject_file(*, viewer: Viewer, run: ImportRun, path: Path) -> int:
    """Write the refused rows of a run into a file that can be mended and imported again; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with RejectFile(path, headings_of(run)) as file:
        for refused in refused_rows(viewer=viewer, run=run):
            file.add(row=refused.row, cells=refused.cells, column=refused.column, reason=refused.reason)
        return file.count
