"""Many rows at once: COPY on PostgreSQL, one statement on SQLite; the caller brings its cursor and commits."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any

_CACHE_KIB = 64_000
_CHECKPOINT_PAGES = 16_000
_WORTH_STAGING = 500


@contextmanager
def full_pace(cursor: Any, *, vendor: str) -> Iterator[None]:
    """While many rows are taken in: search seldom for rings of dead objects, keep more pages, and (SQLite) move them
    from the log into the file in larger steps. Nothing of this touches what a commit promises. The file is not mapped
    into memory meanwhile: every page of it that is written would count, up to a quarter of a gigabyte.

    Units:  about 64 MB of pages at most; a log of 64 MB.
    """
    found = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    kept: dict[str, Any] = {}
    try:
        if vendor == "sqlite":
            paces = (("cache_size", -_CACHE_KIB), ("wal_autocheckpoint", _CHECKPOINT_PAGES), ("mmap_size", 0))
            for name, value in paces:
                kept[name] = cursor.execute(f"PRAGMA {name}").fetchone()[0]
                cursor.execute(f"PRAGMA {name} = {value}")
        yield
    finally:
        gc.set_threshold(*found)
        for name, value in kept.items():
            cursor.execute(f"PRAGMA {name} = {value}")


def insert_rows(cursor: Any, *, vendor: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert plain rows into a table of ours.

    `table` and `columns` are names of our own code, never input. Values as `for_column` gives them.
    On SQLite many rows are put down beside the table first and moved into it by one statement: so its indexes are
    opened once and not once for each row, which saves a fifth of the work.

    Errors: those of the database (a taken key, a missing parent).
    """
    names = ", ".join(columns)
    if vendor == "postgresql":
        # A copy does not go through the layer that names the database's errors alike, so it is asked to.
        with cursor.db.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    rest = iter(rows)
    first = list(islice(rest, _WORTH_STAGING))
    marks = ", ".join(["%s"] * len(columns))
    if len(first) < _WORTH_STAGING:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", first)  # noqa: S608
        return
    cursor.execute("DROP TABLE IF EXISTS temp.staged_rows")
    cursor.execute(f"CREATE TEMPORARY TABLE staged_rows AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608
    cursor.executemany(f"INSERT INTO temp.staged_rows VALUES ({marks})", chain(first, rest))  # noqa: S608
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM temp.staged_rows")  # noqa: S608
    cursor.execute("DROP TABLE temp.staged_rows")


def update_rows(cursor: Any, *, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows known by their key, which is the last value of each row.

    `table` and `columns` are names of our own code, never input.
    """
    names = ", ".join(f"{column} = %s" for column in columns)
    cursor.executemany(f"UPDATE {table} SET {names} WHERE id = %s", rows)  # noqa: S608


def for_column(value: Any, *, vendor: str) -> Any:
    """Return a value in the form that the database's own layer keeps it in.

    Units:  aware instants become UTC; SQLite keeps instants and days as text without a zone.
    """
    if vendor != "sqlite":
        return value
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def rows_where(
    cursor: Any, *, vendor: str, table: str, columns: Sequence[str], key: str, values: Iterable[Any]
) -> list[tuple[Any, ...]]:
    """Return columns of the rows whose `key` is one of the values, thousands of them in one statement.

    `table`, `columns` and `key` are names of our own code, never input. Values are texts or whole numbers.

    Shape:  plain tuples in no order; empty for no values.
    """
    wanted = list(values)
    if not wanted:
        return []
    names = ", ".join(columns)
    if vendor == "postgresql":
        cursor.execute(f"SELECT {names} FROM {table} WHERE {key} = ANY(%s)", [wanted])  # noqa: S608
    else:
        there = f"SELECT {names} FROM {table} WHERE {key} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        cursor.execute(there, [json.dumps(wanted)])
    return list(cursor.fetchall())


def delete_where(cursor: Any, *, vendor: str, table: str, key: str, values: Iterable[int]) -> int:
    """Delete the rows whose `key` is one of the values; return how many. Names as in `rows_where`."""
    wanted = list(values)
    if not wanted:
        return 0
    if vendor == "postgresql":
        cursor.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [wanted])  # noqa: S608
    else:
        cursor.execute(
            f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(%s))",  # noqa: S608
            [json.dumps(wanted)],
        )
    return int(cursor.rowcount)
