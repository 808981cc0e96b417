"""The floor of a regrade, without the product; arguments: read|write DATABASE ADDRESS DAY MARK EMPTY.

`read`: the columns that grading needs, by ADBC; then recency, frequency, amount and margin per customer and fifths of
them, in DuckDB. `write`: the grades and moves newer than MARK once more, as a staged upsert; with EMPTY 1 into emptied
tables. Prints one JSON object of seconds. Reading and writing are two processes, because two copies of SQLite in one
process undo each other's locks.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from typing import Any

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import duckdb
import psycopg

_READ = {
    "sales": "SELECT id, customer_id, sold_date, amount_minor, cost_minor FROM sales_sale",
    "people": "SELECT id, shop_id FROM customers_customer",
    "touches": "SELECT customer_id, at, kind FROM customers_interaction",
    "grades": "SELECT customer_id, letter, score, frequency, amount_minor FROM grading_grade",
}
_COMPUTE = """
    CREATE TABLE bought AS
    SELECT customer_id, max(day) AS last, count(*) FILTER (WHERE day > first) AS frequency,
      sum(amount_minor) FILTER (WHERE day > first) AS amount, sum(amount_minor) AS lifetime, count(*) AS times,
      sum(amount_minor - cost_minor) FILTER (WHERE day > first) AS margin
    FROM (SELECT customer_id, CAST(sold_date AS DATE) AS day, amount_minor, cost_minor,
            DATE '{day}' - INTERVAL 36 MONTH AS first FROM sales WHERE customer_id IS NOT NULL)
    GROUP BY customer_id;
    CREATE TABLE touched AS
    SELECT customer_id, count(*) AS contacts FROM touches
    WHERE CAST("at" AS TIMESTAMP) > DATE '{day}' - INTERVAL 12 MONTH AND kind IN ('visit', 'call', 'message')
    GROUP BY customer_id;
    CREATE TABLE fifths AS
    SELECT b.*, ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY frequency) AS f,
      ntile(5) OVER (ORDER BY amount) AS m FROM bought b;
    CREATE TABLE graded AS
    SELECT p.id, f.* EXCLUDE (customer_id), t.contacts, r * 20 + f * 20 + m * 20 AS score,
      g.score IS DISTINCT FROM r * 20 + f * 20 + m * 20 AS differs
    FROM people p LEFT JOIN fifths f ON f.customer_id = p.id LEFT JOIN touched t ON t.customer_id = p.id
    LEFT JOIN grades g ON g.customer_id = p.id;
"""


def read(database: str, address: str, day: str) -> dict[str, float]:
    """Read and compute."""
    driver: Any = adbc_driver_sqlite.dbapi if database == "sqlite" else adbc_driver_postgresql.dbapi
    began = time.perf_counter()
    tables = {}
    with driver.connect(f"file:{address}?mode=ro" if database == "sqlite" else address) as source:
        for name, sql in _READ.items():
            with source.cursor() as cursor:
                if database == "sqlite":
                    cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": 65_536})
                cursor.execute(sql)
                tables[name] = cursor.fetch_arrow_table()
    extract = time.perf_counter() - began
    began = time.perf_counter()
    with duckdb.connect(":memory:") as duck:
        for name, table in tables.items():
            duck.register(name, table)
        if not tables["grades"].num_rows:
            duck.execute("CREATE OR REPLACE TEMP VIEW grades AS SELECT 0 AS customer_id, 0 AS score WHERE false")
        duck.execute(_COMPUTE.format(day=day))
    return {"extract": extract, "compute": time.perf_counter() - began}


def write(database: str, address: str, mark: int, *, empties: bool) -> dict[str, float]:
    """Write once more what the product wrote since `mark`."""
    link: Any = sqlite3.connect(address, isolation_level=None) if database == "sqlite" else psycopg.connect(address)
    cursor = link.cursor()
    if database == "sqlite":
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-64000", "temp_store=MEMORY"):
            cursor.execute(f"PRAGMA {pragma}")
    kept = {}
    for table, key in (("grading_grade", "revision"), ("grading_gradechange", "id")):
        cursor.execute(f"SELECT * FROM {table} WHERE {key} > {mark}")
        kept[table] = ([one[0] for one in cursor.description], cursor.fetchall())
    if empties:
        for table in ("grading_gradechange", "grading_grade"):
            cursor.execute(f"DELETE FROM {table}" if database == "sqlite" else f"TRUNCATE {table}")
    else:
        cursor.execute(f"DELETE FROM grading_gradechange WHERE id > {mark}")
    link.commit()
    began = time.perf_counter()
    if database == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    for table, (columns, rows) in kept.items():
        _upsert(cursor, database, table, columns, rows, "customer_id" if table == "grading_grade" else "id")
    link.commit()
    return {"write": time.perf_counter() - began, "rows": len(kept["grading_grade"][1])}


def _upsert(cursor: Any, database: str, table: str, columns: list[str], rows: list[Any], key: str) -> None:
    listed = ", ".join(columns)
    cursor.execute(f"CREATE TEMPORARY TABLE staged AS SELECT {listed} FROM {table} LIMIT 0")
    if database == "sqlite":
        cursor.executemany(f"INSERT INTO staged VALUES ({', '.join('?' * len(columns))})", rows)
    else:
        with cursor.copy("COPY staged FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    sets = ", ".join(f"{one} = excluded.{one}" for one in columns if one != key)
    cursor.execute(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged WHERE true"
        f" ON CONFLICT ({key}) DO UPDATE SET {sets}"
    )
    cursor.execute("DROP TABLE staged")


if __name__ == "__main__":
    part, name, place, at, since, wipes = sys.argv[1:7]
    found = read(name, place, at) if part == "read" else write(name, place, int(since), empties=wipes == "1")
    print(json.dumps(found))
