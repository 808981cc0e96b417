"""The file of refused rows: opens in any spreadsheet without running or ruining anything, and can be imported as it is.

Behind the original columns stand three more, `row`, `column` and `reason`, which the reader knows and leaves out. Texts
that a spreadsheet would compute or round (`=1+1`, `-2+3`, 18 digits, leading zeros) get one `'` in front, and so does
every text that begins with `'`; reading takes exactly one away: what was refused comes back letter for letter.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

REJECT_HEADINGS = ("row", "column", "reason")

_PLAIN_NEGATIVE = re.compile(r"-\d{1,15}(?:\.\d{1,4})?")
_ACTIVE = frozenset("=+-@\t\r\n＝＋－＠'")
_OVERLOOKED = " \ufeff"  # spreadsheets may read past these in front
_FRAGILE = re.compile(r"0\d+|\d{12,}|\d+(?:\.\d+)?[eE][+-]?\d+")


def guarded(text: str) -> str:
    """Return the text as it may stand in a CSV that people open: never a formula, never rounded; see `restored`."""
    if text.lstrip(_OVERLOOKED)[:1] in _ACTIVE and not _PLAIN_NEGATIVE.fullmatch(text):
        return f"'{text}"
    if _FRAGILE.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """Return the original of a guarded text."""
    return text[1:] if text.startswith("'") else text


class RefusedRow(NamedTuple):
    """One refused row: its number (`17`; `17*2` for the second of its kind there), its original cells, the column
    and the reason in words."""

    row: int | str
    cells: Sequence[str]
    column: str
    reason: str


def heading_cells(headings: Sequence[str]) -> list[str]:
    """Return the first line of a file of refused rows."""
    return [*map(guarded, headings), *REJECT_HEADINGS]


def refused_cells(refused: RefusedRow, *, width: int) -> list[object]:
    """Return one line; cells beyond the headings go behind the three columns, so that they come back too."""
    own = [*map(guarded, refused.cells[:width]), *[""] * (width - len(refused.cells))]
    beyond = map(guarded, refused.cells[width:])
    return [*own, refused.row, guarded(refused.column), guarded(refused.reason), *beyond]


class _Line:
    """What a CSV writer writes to when the line itself is wanted."""

    def write(self, text: str) -> str:
        return text


def reject_lines(headings: Sequence[str], rows: Iterable[RefusedRow]) -> Iterator[bytes]:
    """Yield the file of refused rows line by line, the bytes that `RejectFile` writes, for sending without keeping."""
    writer = csv.writer(_Line())
    yield codecs.BOM_UTF8 + writer.writerow(heading_cells(headings)).encode()
    for refused in rows:
        yield writer.writerow(refused_cells(refused, width=len(headings))).encode()


class RejectFile:
    """A writer of refused rows: UTF-8 with mark, CRLF, the original headings first.

    Use it as a context manager; `count` tells how many rows it holds.
    """

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self.path, self.count, self._width = path, 0, len(headings)
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(heading_cells(headings))

    def add(self, *, row: int | str, cells: Sequence[str], column: str, reason: str) -> None:
        """Write one refused row."""
        self._writer.writerow(refused_cells(RefusedRow(row, cells, column, reason), width=self._width))
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self) -> RejectFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
