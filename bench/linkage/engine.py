"""An engine without the house's database behind it: linkage of generated people needs none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from zhenke.analytics.engines.duckdb import Engine, begin_session, engine_options


class _Nothing:
    def read(self, sql: str, lent: pa.Table | None) -> AbstractContextManager[Any]:
        """Refuse: the crowd is put in as it is, no database stands behind it."""
        raise AssertionError("a bare engine has no database to read")


@contextmanager
def bare_engine(memory_limit: str = "2500MB") -> Iterator[Engine]:
    """Open the same DuckDB as the product's."""
    with duckdb.connect(":memory:", config=engine_options(memory_limit)) as duck:
        begin_session(duck)
        yield Engine(duck, _Nothing())
