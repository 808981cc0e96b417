"""Rows as they were and as they became: kept when something is changed, compared and put back when it is undone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from zhenke.basics.bulk import rows_where, update_rows

Images = Mapping[str, Mapping[str, Any]]
_PART = 5_000


def plain(value: Any) -> Any:
    """Return a column's value as images keep and compare it: instants in UTC without a zone and days as text."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
    return value.isoformat() if isinstance(value, date) else value


def put_back(cursor: Any, *, vendor: str, table: str, before: Images, after: Images) -> tuple[int, list[int]]:
    """Give the rows of a table their old values back, those that still are as they became.

    Shape:  how many were put back, and the keys of those that something touched since or that are gone.
    """
    by_columns: dict[tuple[str, ...], list[int]] = {}
    for key, image in after.items():
        by_columns.setdefault(tuple(image), []).append(int(key))
    restored, touched = 0, []
    for columns, keys in by_columns.items():
        now = {
            row[0]: tuple(map(plain, row[1:]))
            for row in rows_where(cursor, vendor=vendor, table=table, columns=("id", *columns), key="id", values=keys)
        }
        same = [key for key in keys if now.get(key) == tuple(after[str(key)].values())]
        touched += sorted(set(keys) - set(same))
        rows = [(*(before[str(key)][name] for name in columns), key) for key in same]
        update_rows(cursor, table=table, columns=columns, rows=rows)
        restored += len(same)
    return restored, touched


class KeyRanges:
    """Keys kept as ranges [first, key after the last]."""

    def __init__(self, ranges: Iterable[Sequence[int]]) -> None:
        self._ranges = sorted((first, stop) for first, stop in ranges)
        self._starts = [first for first, _ in self._ranges]

    def __contains__(self, key: int) -> bool:
        at = bisect_right(self._starts, key) - 1
        return at >= 0 and key < self._ranges[at][1]

    def __len__(self) -> int:
        return sum(stop - first for first, stop in self._ranges)

    def parts(self) -> Iterator[list[int]]:
        """Yield all keys, a few thousand at a time."""
        for first, stop in self._ranges:
            for start in range(first, stop, _PART):
                yield list(range(start, min(start + _PART, stop)))

    def keys(self) -> list[int]:
        """Return all keys."""
        return [key for part in self.parts() for key in part]

    def outside(self, keys: Collection[int]) -> list[int]:
        """Return those of the keys that are in no range."""
        return [key for key in keys if key not in self]
