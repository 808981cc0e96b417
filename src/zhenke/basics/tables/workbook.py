"""The separate reader of workbooks: inspects, opens with calamine, sends rows as text to the process that asked.

Runs as `python -m zhenke.basics.tables.workbook`, started by `isolated.py`, under limits it sets on itself. It sends
frames on its output: four bytes of length, then JSON. A cell is what a person sees: whole numbers without `.0`, fifteen
digits of a fraction, ISO dates; a number of more than fifteen digits is sent with the word that it is ruined.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from zhenke.basics.tables.archive import Inspection, inspect_workbook
from zhenke.basics.tables.cells import ERROR_CELL, IMPOSSIBLE_DATE, RUINED_NUMBER
from zhenke.basics.tables.kinds import OLE, file_kind
from zhenke.basics.tables.limits import Limits
from zhenke.basics.tables.refusals import (
    BadChoice,
    BrokenWorkbook,
    EncryptedWorkbook,
    FileRefused,
    FileTooHeavy,
    MacroWorkbook,
    NoRows,
    NotATable,
    RowTooLong,
    TooManyColumns,
    TooManyRows,
)

_BATCH_ROWS = 500
_BATCH_CHARS = 1 << 20
_FIRST_RUINED = 10**15
_HALF_SECOND = timedelta(microseconds=500_000)
_NO_LEAP_DAY = date(1900, 2, 28)


class _Texts:
    """Turns values into texts; what must not be believed is remembered in `odd` as (column, kind) until taken."""

    def __init__(self) -> None:
        self.odd: list[tuple[int, str]] = []
        self._kinds: list[str] = []
        self._turn: dict[type, Callable[[Any], str]] = {
            str: str,
            float: self._number,
            int: self._number,
            bool: lambda value: "TRUE" if value else "FALSE",
            date: self._date,
            datetime: self._moment,
            time: self._time,
            timedelta: self._span,
        }

    def row(self, values: list[Any]) -> list[str]:
        """Return the texts of one row."""
        turn, kinds = self._turn, self._kinds
        texts = [value if type(value) is str else turn[type(value)](value) for value in values]
        if kinds:
            self._place(values)
        return texts

    def _place(self, values: list[Any]) -> None:
        """Find the columns of the odd values: turn them once more, one by one."""
        for column, value in enumerate(values):
            self._kinds.clear()
            self._turn[type(value)](value)
            if self._kinds:
                self.odd.append((column, self._kinds[0]))
        self._kinds.clear()

    def _number(self, value: float) -> str:
        text = f"{value:.15g}"  # plain up to fifteen digits, with an exponent beyond
        if "e" not in text:
            return text
        if -_FIRST_RUINED < value < _FIRST_RUINED:
            return f"{Decimal(text):f}"
        self._kinds.append(RUINED_NUMBER)
        return text.upper()

    def _date(self, value: date) -> str:
        if value == _NO_LEAP_DAY:  # the reader also says so for 29 February 1900, which spreadsheets invented
            self._kinds.append(IMPOSSIBLE_DATE)
        return value.isoformat()

    def _moment(self, value: datetime) -> str:
        return (value + _HALF_SECOND).replace(microsecond=0).isoformat(" ")

    def _time(self, value: time) -> str:
        return value.replace(microsecond=0).isoformat()

    def _span(self, value: timedelta) -> str:
        seconds = round(value.total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def read_frames(path: Path, sheet: str | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield what is sent: one frame of facts, then frames of rows.

    Errors: every refusal of a workbook.
    """
    inspection = _inspect(path, limits)
    _allow(inspection.unpacked, limits)
    yield {"unpacked": inspection.unpacked}
    try:
        with path.open("rb") as file:  # by content: the library would believe the name of a path
            book = python_calamine.CalamineWorkbook.from_filelike(file)
        names = [each.name for each in book.sheets_metadata if each.typ == python_calamine.SheetTypeEnum.WorkSheet]
        chosen, table = _choose(book, names, sheet)
        merged = table.merged_cell_ranges or []
    except python_calamine.PasswordError:
        raise EncryptedWorkbook() from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise BrokenWorkbook() from None
    start, end = table.start or (0, 0), table.end or (0, 0)
    if end[1] - start[1] >= limits.max_columns:
        raise TooManyColumns(row=start[0] + 1, limit=limits.max_columns)
    if end[0] >= limits.max_rows:
        raise TooManyRows(limit=limits.max_rows)
    left = start[1]
    near = [[a[0], a[1] - left, b[0], b[1] - left] for a, b in merged if a[0] < limits.head_rows and a[1] >= left]
    yield {"sheet": chosen, "sheets": names, "merged": near[:10_000]}
    yield from _row_frames(table, inspection.errors.get(chosen, {}), left, limits)


def _choose(book: Any, names: list[str], sheet: str | None) -> tuple[str, Any]:
    """The sheet asked for, or the first visible one that holds anything."""
    if sheet is not None:
        if sheet not in names:
            raise BadChoice(what="sheet", choice=sheet, known=", ".join(names))
        return sheet, book.get_sheet_by_name(sheet)
    visible = python_calamine.SheetVisibleEnum.Visible
    shown = [each.name for each in book.sheets_metadata if each.visible == visible and each.name in names]
    for name in shown or names:
        table = book.get_sheet_by_name(name)
        if table.height:
            return name, table
    raise NoRows()


def _row_frames(table: Any, errors: dict[int, dict[int, str]], left: int, limits: Limits) -> Iterator[dict[str, Any]]:
    texts = _Texts()
    rows: list[list[str]] = []
    odd: list[tuple[int, int, str]] = []
    first = chars = 0
    for number, values in enumerate(table.iter_rows()):
        row = texts.row(values)
        if number in errors:
            _show_errors(row, texts, errors[number], left)
        if texts.odd:
            odd.extend((len(rows), column, kind) for column, kind in texts.odd)
            texts.odd.clear()
        size = sum(map(len, row))
        if size > limits.max_line_bytes:
            raise RowTooLong(row=number, limit=limits.max_line_bytes)
        rows.append(row)
        chars += size
        if len(rows) >= _BATCH_ROWS or chars > _BATCH_CHARS:
            yield {"first": first + 1, "rows": rows, "odd": odd}
            rows, odd, first, chars = [], [], number + 1, 0
    yield {"first": first + 1, "rows": rows, "odd": odd}


def _show_errors(row: list[str], texts: _Texts, found: dict[int, str], left: int) -> None:
    for column, shown in found.items():
        place = column - left
        if place >= 0:
            row.extend([""] * (place + 1 - len(row)))
            row[place] = shown
            texts.odd.append((place, ERROR_CELL))


def _inspect(path: Path, limits: Limits) -> Inspection:
    if file_kind(path, limits) != OLE:
        return inspect_workbook(path, limits)
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedWorkbook()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise MacroWorkbook()
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise NotATable(kind="an old office document or program package")
    return Inspection(unpacked=4 * len(content))


def _allow(unpacked: int, limits: Limits) -> None:
    """Allow memory and time in proportion to what is really there: a few bytes that ask for gigabytes are refused."""
    memory = min(limits.base_memory_bytes + limits.memory_per_unpacked_byte * unpacked, limits.max_memory_bytes)
    seconds = limits.base_seconds + unpacked // limits.unpacked_bytes_per_second
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _confine(limits: Limits) -> None:
    for kind, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32)):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_AS, (limits.base_memory_bytes, limits.max_memory_bytes))


def _send(frame: dict[str, Any]) -> None:
    content = json.dumps(frame, separators=(",", ":")).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(content)) + content)
    sys.stdout.buffer.flush()


def main(path: str, sheet: str, limits: str) -> None:
    """Read one workbook and send it; `sheet` and `limits` are JSON."""
    allowed = Limits(**json.loads(limits))
    _confine(allowed)
    try:
        for frame in read_frames(Path(path), json.loads(sheet), allowed):
            _send(frame)
        _send({"end": True})
    except FileRefused as refusal:
        _send({"refused": refusal.code, "facts": refusal.facts})
    except MemoryError:
        _send({"refused": FileTooHeavy.code, "facts": {}})
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
