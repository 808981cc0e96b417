"""The process that reads an SQLite file by ADBC and writes what it reads as Arrow batches to its standard output.

It is a process of its own for a grave reason: ADBC carries its own copy of SQLite, and SQLite's locks belong to the
process. Two copies in one process do not see each other's locks, and the one that closes first takes the write-ahead
log away under the other: everything that one commits later is lost. `tests/analytics/test_engine.py` holds this.

Each request is one line of JSON on standard input: {"sql": …, "lends": bool}; if it lends, an Arrow stream of keys
follows. Imports nothing of the house, so that it starts in a blink.
"""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

import adbc_driver_sqlite.dbapi
import pyarrow as pa

BATCH_ROWS = 65_536


def answer_requests(path: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request until standard input ends.

    Errors: those of the driver; the process then ends and the reader's side sees the stream break off.
    """
    with adbc_driver_sqlite.dbapi.connect(f"file:{path}?mode=ro") as source:
        while line := requests.readline():
            request = json.loads(line)
            with source.cursor() as cursor:
                if request["lends"]:
                    cursor.execute("DROP TABLE IF EXISTS temp.lent")
                    with pa.ipc.open_stream(requests) as keys:
                        cursor.adbc_ingest("lent", keys.read_all(), mode="create", temporary=True)
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": BATCH_ROWS})
                cursor.execute(request["sql"])
                with cursor.fetch_record_batch() as found, pa.ipc.new_stream(answers, found.schema) as sink:
                    for batch in found:
                        sink.write_batch(batch)
            answers.flush()


if __name__ == "__main__":
    answer_requests(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
