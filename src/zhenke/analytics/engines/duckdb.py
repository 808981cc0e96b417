"""The default engine: DuckDB inside the process, fed from the house's database in column batches.

Heavy to import: only questions and the journeys that ask them import this, never a web request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from zhenke.analytics.engines.sources import Source, open_source
from zhenke.basics.facts import Column, FactTable

_TYPES = {
    "key": "BIGINT",
    "integer": "BIGINT",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "text": "VARCHAR",
    "flag": "BOOLEAN",
}


@dataclass(frozen=True)
class Engine:
    """An open DuckDB and an open reader of the house's database; both live as long as the `with` that made them."""

    duck: duckdb.DuckDBPyConnection
    source: Source

    def take(self, table: FactTable, columns: Sequence[str], *, where: str = "", among: str = "") -> str:
        """Read the named columns of one fact table into DuckDB and return the name of the new table.

        `where` is a condition over the columns of `fact`, in SQL that is right on SQLite and on PostgreSQL. `among` is
        a query on DuckDB that gives keys as `customer_id`: rows of other customers are not read.
        """
        conditions = [where] if where else []
        lent = None
        if among:
            conditions.append("fact.customer_id IN (SELECT lent.key FROM lent)")
            lent = self.duck.sql(f"SELECT CAST(customer_id AS BIGINT) AS key FROM ({among})").to_arrow_table()  # noqa: S608
        condition = " WHERE " + " AND ".join(conditions) if conditions else ""
        listed = ", ".join(f'"{column}"' for column in columns)
        # Text of ours only: columns and conditions come from fact tables and questions, never from a person.
        sql = f"SELECT {listed} FROM ({table.sql}) AS fact{condition}"  # noqa: S608
        with self.source.read(sql, lent) as stream:
            casts = ", ".join(_cast(table.column(name), stream.schema.field(name).type) for name in columns)
            self.duck.register("incoming", stream)
            try:
                self.run(f"CREATE OR REPLACE TABLE {table.name} AS SELECT {casts} FROM incoming")  # noqa: S608
            finally:
                self.duck.unregister("incoming")
        return table.name

    def give(self, name: str, columns: Iterable[Column], rows: Sequence[Sequence[object]]) -> str:
        """Make a small table of plain rows and return its name."""
        typed = list(columns)
        listed = ", ".join(f'"{one.name}" {_TYPES[one.type]}' for one in typed)
        self.run(f"CREATE OR REPLACE TABLE {name} ({listed})")
        if rows:
            marks = ", ".join("?" for _ in typed)
            self.duck.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 (only marks)
        return name

    def run(self, sql: str) -> None:
        """Run one statement whose answer is not wanted."""
        self.duck.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a small answer."""
        return self.duck.execute(sql).fetchall()

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield a large answer as lists of at most `size` plain rows."""
        answer = self.duck.execute(sql)
        while rows := answer.fetchmany(size):
            yield rows


def engine_options(memory_limit: str, threads: int | None = None) -> dict[str, Any]:
    """Return how DuckDB is opened: with nothing to download and a bound on memory."""
    options: dict[str, Any] = {
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    return options | {"threads": threads} if threads else options


def begin_session(duck: duckdb.DuckDBPyConnection) -> None:
    """Set what belongs to a session: one time zone, and no bar of progress between our own words."""
    duck.execute("SET TimeZone = 'UTC'")
    duck.execute("SET enable_progress_bar = false")


@contextmanager
def open_engine(*, memory_limit: str = "2500MB", threads: int | None = None) -> Iterator[Engine]:
    """Open DuckDB in memory, with nothing to download and a bound on memory, and a reader of the house's database.

    Errors: SourceBrokenError when the database cannot be read.
    """
    with duckdb.connect(":memory:", config=engine_options(memory_limit, threads)) as duck, open_source() as source:
        begin_session(duck)
        yield Engine(duck, source)


def _cast(column: Column, found: pa.DataType) -> str:
    origin = f'"{column.name}"'
    if column.type in ("date", "instant") and not pa.types.is_temporal(found):
        # SQLite keeps days and instants as text, '' stands for none (see FactTable); a column of an empty answer is
        # taken for numbers and must pass through text too.
        origin = f"NULLIF(CAST({origin} AS VARCHAR), '')"
    return f'CAST({origin} AS {_TYPES[column.type]}) AS "{column.name}"'
