"""Taking in a file: what a refused row is, what a batch counted, and what it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhenke.basics.errors import BadInput


class RowFault(BadInput):
    """A row that is not believed. `column` is the field; the door turns code and facts into a sentence."""

    code = "row_fault"
    message = "{column}: {reason}"

    def __init__(self, column: str, reason: str, **facts: object) -> None:
        super().__init__(None, column=column, reason=reason, **facts)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused row: where it stands, which column, the reason's code, and the original cells."""

    row: int
    column: str
    code: str
    facts: dict[str, object]
    cells: list[str]


@dataclass(slots=True)
class Tally:
    """What became of the rows of a batch; rows in = created + updated + unchanged + rejected."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[str], *, rejected: int, unchanged: int = 0) -> Tally:
        """Count outcomes ("created", "updated", "unchanged"), and further rows that changed nothing."""
        counts = Counter(outcomes)
        return cls(counts["created"], counts["updated"], counts["unchanged"] + unchanged, rejected)

    @property
    def rows(self) -> int:
        """All rows of the batch."""
        return self.created + self.updated + self.unchanged + self.rejected


@dataclass(slots=True)
class Written:
    """What a batch wrote, for undo: ranges of new keys by table, and rows as they were and as they became."""

    created: dict[str, list[list[int]]] = field(default_factory=dict)
    before: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    after: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def add_keys(self, table: str, keys: Iterable[int]) -> None:
        """Remember new keys; keys in a row become one range."""
        ranges = self.created.setdefault(table, [])
        if isinstance(keys, range):
            if len(keys):
                ranges.append([keys.start, keys.stop])
        else:
            for key in keys:
                if ranges and ranges[-1][1] == key:
                    ranges[-1][1] = key + 1
                else:
                    ranges.append([key, key + 1])
        if not ranges:
            del self.created[table]

    def add_change(self, table: str, key: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Remember a changed row; of two changes in one batch the first `before` and the last `after` stay."""
        images = self.before.setdefault(table, {}).setdefault(str(key), {})
        images.update({name: value for name, value in before.items() if name not in images})
        self.after.setdefault(table, {}).setdefault(str(key), {}).update(after)

    def add_gone(self, table: str, key: int, values: Mapping[str, Any]) -> None:
        """Remember a row that was deleted."""
        self.before.setdefault(table, {})[str(key)] = dict(values)


def column_places(columns: Mapping[str, str], headings: Sequence[str]) -> dict[str, int]:
    """Return where in a row each mapped field stands.

    Errors: BadInput if a mapped heading is not in the file.
    """
    missing = [heading for heading in columns.values() if heading not in headings]
    if missing:
        raise BadInput(
            "The mapping names columns that this file does not have: {missing}. It has: {known}.",
            missing=", ".join(missing),
            known=", ".join(headings[:30]),
        )
    return {name: headings.index(heading) for name, heading in columns.items()}


def reject_of(row: int, cells: list[str], fault: RowFault, **facts: object) -> Reject:
    """Return the reject of a row that was not believed; further facts belong to the row, not to the reason."""
    told = {name: value for name, value in fault.facts.items() if name not in ("column", "reason")}
    return Reject(row, fault.column, fault.reason, {**told, **facts}, cells)
