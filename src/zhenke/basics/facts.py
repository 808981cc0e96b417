"""The shape in which a room gives its rows to analytics: flat columns, each with type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["key", "integer", "date", "instant", "text", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of facts.

    `type` is what analytics gets, whichever database is behind: key and integer are 64-bit, instant is UTC.
    """

    name: str
    type: ColumnType
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """Rows of one kind. `sql` is one SELECT that is right on SQLite and on PostgreSQL and names every column.

    A text that may be NULL must be made '' in the SELECT: the SQLite reader guesses a column's type from its first
    rows, and a column that begins with NULLs would be taken for numbers. Numbers, dates and instants may be NULL;
    an optional date or instant is written `COALESCE(CAST(x AS TEXT), '')` for the same reason, '' reads as NULL.
    No names, no phones, no free text.
    """

    name: str
    columns: tuple[Column, ...]
    sql: str

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Errors: KeyError when the table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")
