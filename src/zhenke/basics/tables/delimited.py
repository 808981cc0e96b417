"""CSV, TSV and their kin, plain or gzipped: read as a stream, with memory that does not grow with the file."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from zhenke.basics.tables.kinds import TEXT, head_kind
from zhenke.basics.tables.limits import MEGABYTE, Limits
from zhenke.basics.tables.refusals import (
    ArchiveBomb,
    BrokenArchive,
    BrokenText,
    CellTooLong,
    FileTooLarge,
    NotATable,
    QuoteNotClosed,
    RowTooLong,
    TooManyColumns,
    TooManyRows,
)

DELIMITERS = (",", "\t", ";", "|")
_BLOCK = 128 * 1024
_SAMPLE_BYTES = 256 * 1024
_END = "\0end of the file"


class GuardedBytes(io.BufferedIOBase):
    """The bytes of one file, unpacked if need be, refused as soon as they leave the limits.

    `rows_seen` is set by whoever turns the bytes into rows: a record that never ends shows as bytes without rows.
    """

    def __init__(self, path: Path, limits: Limits, *, packed: bool, wide: bool = False, counted: bool = False) -> None:
        super().__init__()
        self._raw = path.open("rb")
        self._bytes: io.BufferedIOBase = gzip.GzipFile(fileobj=self._raw) if packed else self._raw
        self._limits, self._packed, self._wide, self._counted = limits, packed, wide, counted
        self._total = self._since_line = self._since_row = self._row_mark = 0
        self.rows_seen = 0

    def readable(self) -> bool:
        """Bytes can be read."""
        return True

    def close(self) -> None:
        """Close the file below as well."""
        if not self.closed:
            self._bytes.close()
            self._raw.close()
        super().close()

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next block, empty at the end; `size` is only a wish.

        Errors: ArchiveBomb, BrokenArchive, FileTooLarge, RowTooLong, NotATable.
        """
        try:
            block = self._bytes.read1(_BLOCK)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise BrokenArchive() from None
        if block:
            self._check(block)
        return block

    def _check(self, block: bytes) -> None:
        limits = self._limits
        if self._packed:
            self._check_packing(block)
        self._total += len(block)
        if b"\0" in block and not self._wide:
            raise NotATable(kind="a file with binary content")
        newline = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._since_line = self._since_line + len(block) if newline < 0 else len(block) - newline - 1
        if self.rows_seen != self._row_mark:
            self._row_mark, self._since_row = self.rows_seen, 0
        self._since_row += len(block)
        if self._since_line > limits.max_line_bytes:
            raise RowTooLong(row=self.rows_seen, limit=limits.max_line_bytes)
        if self._counted and self._since_row > limits.max_record_bytes:
            raise RowTooLong(row=self.rows_seen, limit=limits.max_record_bytes)

    def _check_packing(self, block: bytes) -> None:
        limits = self._limits
        if self._total == 0 and head_kind(block[:1024]) != TEXT:
            raise NotATable(kind="an archive inside an archive")
        total = self._total + len(block)
        if total > limits.max_unpacked_bytes:
            raise FileTooLarge(limit_mb=limits.max_unpacked_bytes // MEGABYTE)
        if total > limits.ratio_floor_bytes and total > limits.max_ratio * self._raw.tell():
            raise ArchiveBomb(limit=limits.max_ratio)


def file_blocks(path: Path, limits: Limits, *, packed: bool) -> Iterator[bytes]:
    """Yield the unpacked bytes of a file from first to last, under the limits that hold for any encoding."""
    with GuardedBytes(path, limits, packed=packed, wide=True) as source:
        while block := source.read1():
            yield block


def text_sample(path: Path, encoding: str, limits: Limits, *, packed: bool) -> str:
    """Return the first whole lines of the file, about a quarter of a megabyte."""
    with GuardedBytes(path, limits, packed=packed, wide=True) as source:
        found = b""
        while len(found) < _SAMPLE_BYTES and (block := source.read1()):
            found += block
    text = found.decode(encoding, "ignore")
    if len(found) < _SAMPLE_BYTES:
        return text
    return text[: text.rfind("\n") + 1] or text


def detect_delimiter(text: str) -> str:
    """Return the delimiter that cuts the sample into the most even and the widest rows; a comma when nothing does.

    Shape:  one of `DELIMITERS`, or the character that a first line `sep=…` names.
    """
    first = text[:32].splitlines()[:1]
    if first and first[0].strip('"').lower().startswith("sep=") and len(first[0].strip('"')) == 5:
        return first[0].strip('"')[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(text, delimiter)
        if score > best_score * 1.001:
            best, best_score = delimiter, score
    return best


def _evenness(text: str, delimiter: str) -> float:
    if delimiter not in text:
        return 0.0
    widths: Counter[int] = Counter()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number >= 200:
                break
            if any(cells):
                widths[len(cells)] += 1
    except csv.Error:
        return 0.0
    rows = sum(widths.values())
    return max((min(width, 12) * (count / rows) ** 2 for width, count in widths.items() if width > 1), default=0.0)


def read_records(
    path: Path, *, encoding: str, delimiter: str, limits: Limits, packed: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with its number, counted from 1 as a spreadsheet shows it; blank lines are empty lists.

    Errors: those of `GuardedBytes`, and BrokenText, CellTooLong, QuoteNotClosed, TooManyColumns, TooManyRows.
    """
    wide = encoding.startswith(("utf-16", "utf-32"))
    with GuardedBytes(path, limits, packed=packed, wide=wide, counted=True) as source:
        text = io.TextIOWrapper(source, encoding=encoding, errors="strict", newline="")  # type: ignore[type-var]
        reader = csv.reader(chain(text, (_END,)), delimiter=delimiter)
        try:
            yield from _counted(reader, source, limits)
        except UnicodeError:  # a broken letter, or UTF-16 without its mark
            raise BrokenText(row=source.rows_seen, encoding=encoding.upper()) from None
        except csv.Error:
            raise CellTooLong(row=source.rows_seen, limit=limits.max_cell_chars) from None


def _counted(reader: Iterator[list[str]], source: GuardedBytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Number the records; the mark put after the last line stands alone unless an open quotation swallowed it."""
    max_columns, max_rows = limits.max_columns, limits.max_rows
    number = 0
    held: list[str] | None = None
    for cells in reader:
        if held is not None:
            number += 1
            source.rows_seen = number
            if len(held) > max_columns:
                raise TooManyColumns(row=number, limit=max_columns)
            if number > max_rows:
                raise TooManyRows(limit=max_rows)
            yield number, held
        held = cells
    if held != [_END]:
        raise QuoteNotClosed(row=number + 1)
