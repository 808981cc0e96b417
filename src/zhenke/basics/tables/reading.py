"""Open a file of unknown make as a table: one way in for CSV and workbooks, whatever their letters and titles."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, dropwhile, islice
from pathlib import Path
from types import TracebackType

from zhenke.basics.tables.delimited import detect_delimiter, file_blocks, read_records, text_sample
from zhenke.basics.tables.encoding import KNOWN_ENCODINGS, detect_encoding
from zhenke.basics.tables.isolated import IsolatedWorkbook
from zhenke.basics.tables.kinds import GZIP, OLE, ZIP, file_kind
from zhenke.basics.tables.layout import MORE_CELLS, TOTAL_TAILS, Layout, Row, SkippedRow, find_layout, skip_reason
from zhenke.basics.tables.limits import Limits
from zhenke.basics.tables.refusals import BadChoice
from zhenke.basics.tables.rejects import REJECT_HEADINGS, restored

_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about the file; `None` where its kind has no such thing.

    `header_row` is None when no headings were found; `mended` is True for a file of refused rows coming back.
    """

    kind: str
    header_row: int | None
    first_row: int
    encoding: str | None = None
    delimiter: str | None = None
    packed: bool = False
    sheet: str | None = None
    sheet_names: tuple[str, ...] = ()
    mended: bool = False


@dataclass(slots=True)
class Table:
    """An opened table. Close it, or use it as a context manager, when a workbook was not read to its end.

    `skipped` fills while `rows()` is walked and begins anew with each walk; the walker may empty it on the way. So does
    `origins`, in a file of refused rows: row number → the texts of our columns `row` and `column`.
    `blank_rows` counts rows without any text, which are not rows of the table at all.
    """

    headings: list[str]
    facts: Facts
    skipped: list[SkippedRow] = field(default_factory=list)
    origins: dict[int, tuple[str, str]] = field(default_factory=dict)
    blank_rows: int = 0
    _layout: Layout = field(kw_only=True)
    _head: list[Row] = field(kw_only=True)
    _source: Callable[[], Iterable[Row]] = field(kw_only=True)
    _close: Callable[[], None] = field(kw_only=True)

    def sample(self, rows: int = 20) -> list[list[str]]:
        """Return the first rows of the table, at most as many as the head of the file holds (about 60 lines)."""
        return [cells for _, cells in islice(self._sorted(self._head, [], []), rows)]

    def rows(self) -> Iterator[Row]:
        """Yield `(row number as the person sees it, cells)`; each row has as many cells as there are headings.

        Errors: any FileRefused, also late: what is wrong with the end of a file shows when it is reached.
        """
        self.skipped.clear()
        self.origins.clear()
        self.blank_rows = 0
        blanks: list[int] = []
        try:
            yield from self._sorted(self._source(), self.skipped, blanks)
        finally:
            self.blank_rows = len(blanks)

    def close(self) -> None:
        """Let go of the file and of the process that reads it."""
        self._close()

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sorted(self, source: Iterable[Row], skipped: list[SkippedRow], blanks: list[int]) -> Iterator[Row]:
        """Pass ordinary rows at once; look closer only where the first two cells are blank or end like a total."""
        layout, width, first_row = self._layout, len(self.headings), self._layout.first_row
        tails = TOTAL_TAILS | {text[-1:] for text in layout.heading_cells[:1]}
        second = min(1, width - 1)
        mended = self.facts.mended
        for number, found in source:
            if number < first_row:
                continue
            cells = found
            if mended:
                cells = _unmended(found, width)
                row, column = (restored("".join(found[place : place + 1])) for place in (width, width + 1))
                self.origins[number] = row, column
            if len(cells) != width:
                if len(cells) > width and any(map(str.strip, cells[width:])):
                    skipped.append(SkippedRow(number, MORE_CELLS, cells))
                    continue
                cells = [*cells[:width], *[""] * (width - len(cells))]
            if cells[0][-1:] in tails or cells[second][-1:] in tails:
                if not any(map(str.strip, cells)):
                    blanks.append(number)
                    continue
                reason = skip_reason(cells, layout)
                if reason:
                    skipped.append(SkippedRow(number, reason, cells))
                    continue
            yield number, cells


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits = _DEFAULT_LIMITS,
) -> Table:
    """Open a CSV (any delimiter, also gzipped) or a workbook (XLSX, XLS, ODS) and find its headings.

    What is not given is found out; a workbook is read in a process of its own. A file of refused rows is recognised and
    comes back as its rows were.

    Errors: a FileRefused that says what is wrong; EncodingUnknown carries the encodings to ask about.
    """
    kind = file_kind(path, limits)
    if kind in (ZIP, OLE):
        return _open_workbook(path, sheet, limits)
    return _open_text(path, encoding, delimiter, limits, packed=kind == GZIP)


def _open_text(path: Path, encoding: str | None, delimiter: str | None, limits: Limits, *, packed: bool) -> Table:
    name = _chosen_encoding(encoding) if encoding else detect_encoding(file_blocks(path, limits, packed=packed))
    if name == "utf-8":
        name = "utf-8-sig"  # reads both, and a mark that was overlooked is no part of the first heading
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise BadChoice(what="delimiter", choice=delimiter, known=", ; | and tab")
    delimiter = delimiter or detect_delimiter(text_sample(path, name, limits, packed=packed))

    def records() -> Iterator[Row]:
        return read_records(path, encoding=name, delimiter=delimiter, limits=limits, packed=packed)

    head = _head_rows(records(), limits)
    layout = _mended_layout(head) or find_layout(head, header_rows=limits.header_rows)
    shown = "utf-8" if name == "utf-8-sig" else name
    facts = Facts(
        "text",
        layout.header_row,
        layout.first_row,
        encoding=shown,
        delimiter=delimiter,
        packed=packed,
        mended=_mended_layout(head) is not None,
    )
    return _table(layout, facts, head, records, lambda: None)


def _chosen_encoding(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):  # not known, or no name at all: it holds NUL or half a pair
        name = ""
    name = {"gbk": "gb18030", "gb2312": "gb18030"}.get(name, name)
    if name not in KNOWN_ENCODINGS:
        raise BadChoice(what="encoding", choice=encoding, known=", ".join(KNOWN_ENCODINGS))
    return name


def _open_workbook(path: Path, sheet: str | None, limits: Limits) -> Table:
    """Read the head, keep the reader waiting for the first walk, start another one for each later walk."""
    opened = [IsolatedWorkbook(path, sheet, limits)]
    book = opened[0].facts
    walk = opened[0].rows()
    head = _head_rows(walk, limits)
    waiting: list[Iterable[Row]] = [chain(head, walk)]

    def records() -> Iterable[Row]:
        if waiting:
            return waiting.pop()
        opened.append(IsolatedWorkbook(path, sheet, limits))
        return opened[-1].rows()

    def close() -> None:
        for each in opened:
            each.close()

    try:
        layout = find_layout(head, [tuple(each) for each in book["merged"]], header_rows=limits.header_rows)
    except BaseException:
        close()
        raise
    sheets = tuple(book["sheets"])
    facts = Facts("workbook", layout.header_row, layout.first_row, sheet=book["sheet"], sheet_names=sheets)
    return _table(layout, facts, head, records, close)


def _head_rows(walk: Iterator[Row], limits: Limits) -> list[Row]:
    """The first rows from the first that holds anything."""
    return list(islice(dropwhile(lambda row: not any(map(str.strip, row[1])), walk), limits.head_rows))


def _table(
    layout: Layout, facts: Facts, head: list[Row], source: Callable[[], Iterable[Row]], close: Callable[[], None]
) -> Table:
    return Table(list(layout.headings), facts, _layout=layout, _head=head, _source=source, _close=close)


def _mended_layout(head: list[Row]) -> Layout | None:
    """The layout of a file of refused rows: its first line ends with our three columns, whatever stands before."""
    cells = [cell.strip() for cell in head[0][1]] if head else []
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) <= len(REJECT_HEADINGS) or tuple(cells[-3:]) != REJECT_HEADINGS:
        return None
    own = tuple(map(restored, cells[:-3]))
    return Layout(own, 1, 2, own)


def _unmended(found: list[str], width: int) -> list[str]:
    """The original cells: without our three columns, without the marks that kept them from being computed."""
    return [*map(restored, found[:width]), *map(restored, found[width + len(REJECT_HEADINGS) :])]
