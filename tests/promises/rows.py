"""What stands in the whole database, table by table, as one hash each: what a refused call must leave as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import connection


def tables() -> list[str]:
    """Return every table of the database, those of no model too."""
    return sorted(connection.introspection.table_names())


def hashes(names: Iterable[str] | None = None) -> dict[str, str]:
    """Return the hash over all rows and all columns of each table, whatever the order of its rows."""
    reader = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    return {name: reader(connection.ops.quote_name(name)) for name in (tables() if names is None else names)}


def counted() -> dict[str, int]:
    """Return how many rows this connection has written so far: the database's own count, whatever words wrote them.

    PostgreSQL counts table by table since the transaction began, SQLite all tables together ("") since it was opened;
    both count what a savepoint took back, too.
    """
    if connection.vendor == "sqlite":
        return {"": connection.connection.total_changes}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if count}


def written(before: dict[str, int], after: dict[str, int]) -> list[str] | None:
    """Return the tables into which something was written between two counts, None if it may be any."""
    names = sorted(name for name in after if after[name] != before.get(name, 0))
    return None if names == [""] else names


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables that differ."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _on_postgres(table: str) -> str:
    words = f"SELECT md5(coalesce(string_agg(r, chr(10) ORDER BY r), '')) FROM (SELECT t::text AS r FROM {table} t) s"
    with connection.cursor() as cursor:
        cursor.execute(words)
        return str(cursor.fetchone()[0])


def _on_sqlite(table: str) -> str:
    with connection.cursor() as cursor:
        # As the file holds them: the driver's own cursor turns dates and numbers into nothing.
        cursor.execute(f"SELECT * FROM {table}")
        rows = sorted(repr(row) for row in cursor.fetchall())
    return hashlib.md5("\n".join(rows).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
