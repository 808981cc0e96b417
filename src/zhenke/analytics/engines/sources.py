"""Where an engine reads from: the house's database, in Arrow batches, beside Django's own connection."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Protocol
from urllib.parse import quote

import adbc_driver_postgresql.dbapi
import pyarrow as pa
from django.db import connection


class SourceBrokenError(RuntimeError):
    """The database could not be read; the message is the driver's."""


class Source(Protocol):
    """A reader of one database. It sees what is committed, not what the caller's transaction has not yet kept."""

    def read(self, sql: str, lent: pa.Table | None) -> AbstractContextManager[pa.RecordBatchReader]:
        """Open the answer of one query; `lent` is put into the temporary table `lent` before."""


class _SqliteApart:
    """Reads an SQLite file by a process of its own, see sqlite_reader.py for why."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @contextmanager
    def read(self, sql: str, lent: pa.Table | None) -> Iterator[pa.RecordBatchReader]:
        asks, answers = self._process.stdin, self._process.stdout
        if asks is None or answers is None:
            raise SourceBrokenError("the reading process has no pipes")
        try:
            asks.write(json.dumps({"sql": sql, "lends": lent is not None}).encode() + b"\n")
            if lent is not None:
                with pa.ipc.new_stream(asks, lent.schema) as sink:
                    sink.write_table(lent)
            asks.flush()
            with pa.ipc.open_stream(answers) as found:
                yield found
        except (BrokenPipeError, pa.ArrowInvalid, OSError) as broken:
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
            raise SourceBrokenError(said.strip().rsplit("\n", 1)[-1] or str(broken)) from broken


class _Postgres:
    def __init__(self, source: Any) -> None:
        self._source = source

    @contextmanager
    def read(self, sql: str, lent: pa.Table | None) -> Iterator[pa.RecordBatchReader]:
        with self._source.cursor() as cursor:
            if lent is not None:
                cursor.execute("DROP TABLE IF EXISTS pg_temp.lent")
                cursor.adbc_ingest("lent", lent, mode="create", temporary=True)
            cursor.execute(sql)
            with cursor.fetch_record_batch() as found:
                yield found


@contextmanager
def open_source() -> Iterator[Source]:
    """Open a reader of the database that Django uses.

    Errors: SourceBrokenError, here or while reading.
    """
    if connection.vendor == "sqlite":
        command = [sys.executable, "-m", "zhenke.analytics.engines.sqlite_reader", quote(str(_sqlite_file()))]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:  # noqa: S603 (ours)
            try:
                yield _SqliteApart(process)
            finally:
                process.kill()
    else:
        with closing(adbc_driver_postgresql.dbapi.connect(_postgres_address())) as source:
            yield _Postgres(source)


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _postgres_address() -> str:
    parameters = connection.get_connection_params()
    names = {"host", "port", "user", "password", "dbname"}
    given = {key: value for key, value in parameters.items() if key in names or key.startswith("ssl")}
    return " ".join(f"{key}={_quoted(value)}" for key, value in given.items() if value not in (None, ""))


def _quoted(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
