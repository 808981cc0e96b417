"""Which column is which field: by heading in Chinese or English, by values, by the best fit of all fields at once."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhenke.basics.tables.cells import tidy
from zhenke.basics.tables.units import Unit, split_unit

_NOISE = re.compile(r"[\s_\-.:：*#'\"“”‘’/\\,，、|&]+")
_WORDS = re.compile(r"[a-z]+|\d+|[\u4e00-\u9fff]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LEAST_CONFIDENCE = 0.35
_LEAST_VALUES = 3


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field that a column may hold; `looks_like` judges one non-blank cell."""

    name: str
    synonyms_en: tuple[str, ...] = ()
    synonyms_zh: tuple[str, ...] = ()
    looks_like: Callable[[str], bool] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A field's column. `reason`: heading, heading_part, heading_and_values, heading_against_values or values."""

    column: int
    heading: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Guess:
    """The best assignment: field → column, required fields without one, columns without a field, units by column."""

    columns: dict[str, ColumnGuess]
    missing: tuple[str, ...]
    unused: tuple[int, ...]
    units: dict[int, Unit]

    @property
    def unknown_units(self) -> dict[int, Unit]:
        """Columns whose heading names a unit that is not understood: ask, or refuse their amounts."""
        return {column: unit for column, unit in self.units.items() if not unit.known}


def guess_mapping(headings: Sequence[str], samples: Sequence[Sequence[str]], fields: Sequence[FieldSpec]) -> Guess:
    """Return which column holds which field, each column used once, the sum of confidences as high as it can be.

    `samples` are the first rows of the table.

    Units:  confidence 0..1; below 0.35 a field stays without a column.
    """
    values = [[tidy(row[at]) for row in samples if at < len(row) and tidy(row[at])] for at in range(len(headings))]
    spelled = list(map(_spelled, headings))
    scores = [[_score(field, *column) for column in zip(spelled, values, strict=True)] for field in fields]
    _doubt_equals(scores)
    chosen = best_assignment([[confidence for confidence, _ in row] for row in scores])
    columns: dict[str, ColumnGuess] = {}
    for field, row, column in zip(fields, scores, chosen, strict=True):
        if column is not None and row[column][0] >= _LEAST_CONFIDENCE:
            columns[field.name] = ColumnGuess(column, headings[column], round(row[column][0], 3), row[column][1])
    used = {guess.column for guess in columns.values()}
    return Guess(
        columns=columns,
        missing=tuple(field.name for field in fields if field.required and field.name not in columns),
        unused=tuple(at for at in range(len(headings)) if at not in used),
        units={at: unit for at, heading in enumerate(headings) if (unit := split_unit(_last_part(heading))[1])},
    )


def normal_heading(heading: str) -> str:
    """Return the heading for comparison: one width, lower case, without blanks, underscores and marks.

    Example: `Customer_Name *` -> `customername`; `客户　姓名：` -> `客户姓名`
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", tidy(heading)).lower())


def _last_part(heading: str) -> str:
    return heading.rsplit(" / ", 1)[-1]


def _doubt_equals(scores: list[list[tuple[float, str]]]) -> None:
    """Values alone decide only where one column fits one field: equal strangers are nobody's guess."""
    strangers = [
        (row, column)
        for row, found in enumerate(scores)
        for column, (confidence, reason) in enumerate(found)
        if reason == "values" and confidence
    ]
    rows, columns = Counter(row for row, _ in strangers), Counter(column for _, column in strangers)
    for row, column in strangers:
        if rows[row] > 1 or columns[column] > 1:
            confidence, reason = scores[row][column]
            scores[row][column] = (confidence * 0.6, reason)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A text as it is compared: in one spelling, and cut into words."""

    normal: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Heading:
    """A column's heading: in one spelling with its unit, and without it the whole and its last line."""

    normal: str
    bare: _Spelling
    last: _Spelling


def _spelling(text: str) -> _Spelling:
    return _Spelling(normal_heading(text), frozenset(_split_words(text)))


def _spelled(heading: str) -> _Heading:
    bare, last = split_unit(heading)[0], split_unit(_last_part(heading))[0]
    return _Heading(normal_heading(heading), _spelling(bare), _spelling(last))


# Of our own fields only: what stands in a file is not kept.
@lru_cache(maxsize=2_048)
def _synonyms(field: FieldSpec) -> tuple[_Spelling, ...]:
    return tuple(map(_spelling, (field.name, *field.synonyms_en, *field.synonyms_zh)))


def _score(field: FieldSpec, heading: _Heading, cells: Sequence[str]) -> tuple[float, str]:
    by_heading = max((_likeness(heading, word) for word in _synonyms(field)), default=0.0)
    reason = "heading" if by_heading >= 0.9 else "heading_part"
    if field.looks_like is None or len(cells) < _LEAST_VALUES:
        return by_heading, reason
    share = sum(map(field.looks_like, cells)) / len(cells)
    if by_heading == 0:
        return (0.58 * share, "values") if share >= 0.8 else (0.0, "values")
    if share >= 0.8:
        return by_heading + (1 - by_heading) * 0.3, "heading_and_values"
    if share < 0.2:
        return by_heading * 0.5, "heading_against_values"
    return by_heading * (0.6 + 0.4 * share), reason


def _likeness(heading: _Heading, synonym: _Spelling) -> float:
    """1 for the same words, 0.95 for the same last line of a joined heading, less the more words stand around them."""
    if synonym.normal in (heading.normal, heading.bare.normal):
        return 1.0
    if synonym.normal == heading.last.normal:
        return 0.95
    return max(_contained(synonym, heading.bare), _contained(synonym, heading.last))


def _contained(sought: _Spelling, found: _Spelling) -> float:
    if not found.normal or not sought.normal:
        return 0.0
    if sought.normal.isascii():
        is_part = sought.words and sought.words < found.words
        return 0.45 + 0.4 * len(sought.words) / len(found.words) if is_part else 0.0
    if len(sought.normal) >= 2 and sought.normal in found.normal:
        return 0.45 + 0.4 * len(sought.normal) / len(found.normal)
    if len(found.normal) >= 2 and found.normal in sought.normal:
        return 0.4 + 0.4 * len(found.normal) / len(sought.normal)
    return 0.0


def _split_words(text: str) -> list[str]:
    return _WORDS.findall(_CAMEL.sub(" ", unicodedata.normalize("NFKC", text)).lower())


def best_assignment(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """Return for each row the column that makes the sum of scores largest, each column once, None where nothing scores.

    Source: Kuhn's Hungarian method with potentials; one blank column per row stands for “none”.
    """
    # Most fields find nothing in most files: they need no column, and make the method slow.
    hopeful = [row for row, found in enumerate(scores) if any(confidence > 0 for confidence in found)]
    chosen: list[int | None] = [None] * len(scores)
    for row, column in zip(hopeful, _assigned([scores[row] for row in hopeful]), strict=True):
        chosen[row] = column
    return chosen


def _assigned(scores: Sequence[Sequence[float]]) -> list[int | None]:
    rows, real = len(scores), len(scores[0]) if scores else 0
    columns = real + rows
    row_potential, column_potential = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        _augment(row, scores, real, owner, row_potential, column_potential)
    chosen: list[int | None] = [None] * rows
    for column in range(1, real + 1):
        if owner[column] and scores[owner[column] - 1][column - 1] > 0:
            chosen[owner[column] - 1] = column - 1
    return chosen


def _augment(
    row: int, scores: Sequence[Sequence[float]], real: int, owner: list[int], rows: list[float], columns: list[float]
) -> None:
    """Give one more row its column along the cheapest chain of swaps."""
    count = len(owner)
    owner[0], at = row, 0
    least, came, seen = [math.inf] * count, [0] * count, [False] * count
    while owner[at]:
        seen[at] = True
        here, step, following = owner[at], math.inf, 0
        for column in range(1, count):
            if seen[column]:
                continue
            cost = -scores[here - 1][column - 1] if column <= real else 0.0
            reduced = cost - rows[here] - columns[column]
            if reduced < least[column]:
                least[column], came[column] = reduced, at
            if least[column] < step:
                step, following = least[column], column
        for column in range(count):
            if seen[column]:
                rows[owner[column]] += step
                columns[column] -= step
            else:
                least[column] -= step
        at = following
    while at:
        owner[at] = owner[came[at]]
        at = came[at]
