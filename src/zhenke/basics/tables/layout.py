"""Where a table begins in a sheet made for people: titles and notes above it, two heading lines, totals inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhenke.basics.tables.cells import OddCell, tidy
from zhenke.basics.tables.refusals import NoRows

TOTAL_ROW, NOTE_ROW, REPEATED_HEADING, MORE_CELLS = (
    "total_row",
    "note_row",
    "repeated_heading",
    "more_cells_than_headings",
)

Merge = tuple[int, int, int, int]
Row = tuple[int, list[str]]

_PLAIN_VALUE = re.compile(
    r"[¥￥$€£]?\s*[+-]?[\d,，]*\.?\d+\s*[%％元]?"
    r"|\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[ T].*)?|\d{1,2}:\d{2}(?::\d{2})?|true|false|[\d\-+() ]{7,}",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:制表|填表|审核|复核|审批|经办|导出|打印|生成|统计|查询|备注|说明|注[:：]|共\s*\d+|第\s*\d+\s*页|以上|以下|"
    r"(?:单位|日期|时间|门店|期间)[:：]|printed|exported|generated|created by|report|page \d|note|source[:：]|period)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"[^:：]{1,12}[:：]\s*\S.*")
_TOTAL = re.compile(
    r".{0,12}(?:合计|小计|总计|累计|总共|合計|小計|總計)|(?:grand|sub|sub-|page)?totals?|sum", re.IGNORECASE
)
TOTAL_TAILS = frozenset({"", "计", "計", "共", "l", "L", "s", "S", "m", "M", ":", "：", " ", "\u3000", "\t", "\xa0"})


@dataclass(frozen=True, slots=True)
class Layout:
    """`header_row` is the number of the last heading line (None: the file has none); data begins at `first_row`."""

    headings: tuple[str, ...]
    header_row: int | None
    first_row: int
    heading_cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is not a row of the table: a total, a note, a heading once more, or cells beyond the headings."""

    row: int
    reason: str
    cells: list[str]


def find_layout(head: Sequence[Row], merged: Sequence[Merge] = (), *, header_rows: int = 30) -> Layout:
    """Return where headings and data stand, from the first rows of a file.

    `merged` are ranges (first row, first column, last row, last column), counted from 0, where the format knows them.

    Shape:  headings are unique and never blank: `column 3` for a blank one, `amount (2)` for the second of a name.
    Errors: NoRows when no cell holds anything.
    """
    rows = [(number, [_clean(cell) for cell in cells]) for number, cells in head]
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise NoRows()
    place = _header_place(filled, header_rows)
    if place is None:
        return Layout(_named([], _width(filled)), None, filled[0][0])
    by_number = dict(rows)
    top, lines = _heading_lines(by_number, filled[place][0], merged)
    last = top + len(lines) - 1
    joined = lines[0] if len(lines) == 1 else _joined(lines[0], lines[1], top, merged)
    below = [cells for at, cells in filled if at > last]
    width = max(_width([(0, joined)]), _width([(0, cells) for cells in below if not _is_note(cells)]))
    return Layout(_named(joined, width), last, last + 1, tuple(by_number[last]))


def skip_reason(cells: Sequence[str], layout: Layout) -> str | None:
    """Return why this row is no row of the table (`total_row`, `note_row`, `repeated_heading`), or None.

    A total is a word like 合计 or Total among the first three filled cells, with numbers or nothing beside it and at
    least one column left blank, so that a customer whose full record says “Total” stays a customer.
    """
    filled = [text for text in map(_clean, cells) if text]
    if layout.heading_cells and filled == [text for text in layout.heading_cells if text]:
        return REPEATED_HEADING
    width = len(layout.headings)
    if len(filled) < width:
        words = [text for text in filled[:3] if _TOTAL.fullmatch(text.rstrip(":： ").replace(" ", ""))]
        if words and sum(_is_value(text) for text in filled) >= len(filled) - 2:
            return TOTAL_ROW
    if width >= 3 and len(filled) * 2 <= width and _is_note(filled):
        return NOTE_ROW
    return None


def _clean(cell: str) -> str:
    return " ".join(tidy(cell).split()) if cell else ""


def _is_value(text: str) -> bool:
    return isinstance(text, OddCell) or _PLAIN_VALUE.fullmatch(text) is not None


def _is_note(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    labels = [bool(_NOTE.match(text) or _LABELLED.fullmatch(text)) for text in filled]
    return any(labels) and all(known or _is_value(text) for known, text in zip(labels, filled, strict=True))


def _width(rows: Sequence[Row]) -> int:
    return max((at + 1 for _, cells in rows for at, text in enumerate(cells) if text), default=0)


def _texty(cells: Sequence[str]) -> float:
    filled = [text for text in cells if text]
    return sum(not _is_value(text) and len(text) <= 60 for text in filled) / len(filled) if filled else 0.0


def _header_place(filled: Sequence[Row], header_rows: int) -> int | None:
    """The first row that is about as full as the table and made of words; a full row of values first means none."""
    counts = sorted(sum(map(bool, cells)) for _, cells in filled)
    dense = counts[min(len(counts) - 1, len(counts) * 9 // 10)]
    for place, (number, cells) in enumerate(filled):
        if number > header_rows + filled[0][0]:
            break
        count = sum(map(bool, cells))
        if (count < 2 <= dense) or count * 2 < dense or (count < dense and _is_note(cells)):
            continue
        return place if _texty(cells) >= 0.8 else None
    return None


def _heading_lines(
    by_number: dict[int, list[str]], number: int, merged: Sequence[Merge]
) -> tuple[int, list[list[str]]]:
    """The number of the first heading line, and the one or two lines."""
    here, above, below = by_number[number], by_number.get(number - 1, []), by_number.get(number + 1, [])
    if _is_pair(here, below, number, merged):
        return number, [here, below]
    if sum(map(bool, above)) >= 2 and not _is_note(above) and _is_pair(above, here, number - 1, merged):
        return number - 1, [above, here]
    return number, [here]


def _is_pair(top: list[str], bottom: list[str], number: int, merged: Sequence[Merge]) -> bool:
    """Two lines make one heading when each word below stands under a group's span, and none under a word of its own."""
    if _texty(bottom) < 1.0 or sum(map(bool, bottom)) < 2:
        return False
    groups = _groups(top, bottom, number, merged)
    under = {at for span in groups.values() for at in span}
    if not any(len(span) > 1 for span in groups.values()):
        return False
    return all(at in under or not (at < len(top) and top[at]) for at, text in enumerate(bottom) if text)


def _groups(top: list[str], bottom: list[str], number: int, merged: Sequence[Merge]) -> dict[int, range]:
    """The columns that each upper word spans: as merged, or up to the next word while words stand below."""
    known = {a: range(a, b + 1) for row, a, last, b in merged if row == number - 1 and last == row and b > a}
    if known:
        return known
    groups: dict[int, range] = {}
    for at, text in enumerate(top):
        if not text:
            continue
        end = at + 1
        while end < len(bottom) and bottom[end] and not (end < len(top) and top[end]):
            end += 1
        if end - at > 1 and bottom[at]:
            groups[at] = range(at, end)
    return groups


def _joined(top: list[str], bottom: list[str], number: int, merged: Sequence[Merge]) -> list[str]:
    joined = [""] * max(len(top), len(bottom))
    for at, text in enumerate(top):
        joined[at] = text
    for at, span in _groups(top, bottom, number, merged).items():
        for column in span:
            if column < len(bottom) and bottom[column]:
                joined[column] = f"{top[at]} / {bottom[column]}"
    for at, text in enumerate(bottom):
        joined[at] = joined[at] or text
    return joined


def _named(found: Sequence[str], width: int) -> tuple[str, ...]:
    names: list[str] = []
    for at in range(width):
        name = (found[at] if at < len(found) else "") or f"column {at + 1}"
        unique, count = name, 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names.append(unique)
    return tuple(names)
