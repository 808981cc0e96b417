"""The engine reads the house's database beside Django's own connection."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from tests.cast import NOW, Cast, gather

from zhenke.analytics.engines.duckdb import Engine, open_engine
from zhenke.analytics.engines.sources import SourceBrokenError
from zhenke.basics.facts import Column, FactTable
from zhenke.customers.facts import FACTS as CUSTOMER_FACTS
from zhenke.customers.models import Customer
from zhenke.grading.facts import FACTS as GRADING_FACTS
from zhenke.grading.facts import PEOPLE
from zhenke.grading.rules import first_outside_rank, quintile_rank
from zhenke.sales.facts import FACTS as SALES_FACTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> Iterator[Cast]:
    """The cast, committed, because the engine reads by a connection of its own."""
    yield gather()


@pytest.fixture
def engine(house: Cast) -> Iterator[Engine]:
    """An engine over the cast's database."""
    with open_engine() as opened:
        yield opened


class TestTake:
    @pytest.mark.parametrize("table", [*CUSTOMER_FACTS, *SALES_FACTS, *GRADING_FACTS], ids=lambda table: table.name)
    def test_reads_every_column_of_every_fact_table(self, engine: Engine, table: FactTable) -> None:
        engine.take(table, [column.name for column in table.columns])
        found = [row[0] for row in engine.rows(f"DESCRIBE {table.name}")]
        assert found == [column.name for column in table.columns]

    def test_reads_only_the_people_asked_for(self, engine: Engine, house: Cast) -> None:
        keys = f"SELECT CAST(k AS BIGINT) AS customer_id FROM (VALUES ({house.mrs_zhou.pk}), (7)) AS v(k)"
        engine.take(PEOPLE, ("customer_id",), among=keys)
        assert engine.rows("FROM people") == [(house.mrs_zhou.pk,)]
        engine.take(PEOPLE, ("customer_id",), among="SELECT 7 AS customer_id")
        assert engine.rows("FROM people") == []

    def test_gives_days_and_instants_whichever_the_database(self, engine: Engine, house: Cast) -> None:
        table = FactTable(
            "met",
            (Column("day", "date", "", ""), Column("at", "instant", "", ""), Column("never", "date", "", "")),
            "SELECT CAST('2026-11-22' AS TEXT) AS day, created_at AS at, COALESCE(CAST(first_met_date AS TEXT), '')"
            " AS never FROM customers_customer",
        )
        engine.take(table, ("day", "at", "never"))
        assert engine.rows("SELECT DISTINCT * FROM met") == [(date(2026, 11, 22), NOW.replace(tzinfo=None), None)]

    def test_says_what_the_database_said_when_it_cannot_read(self, engine: Engine) -> None:
        broken = FactTable("nothing", (Column("x", "key", "", ""),), "SELECT 1 AS x FROM no_such_table")
        with pytest.raises(Exception, match="no_such_table"):
            engine.take(broken, ("x",))

    def test_leaves_later_commits_of_this_process_whole(self, house: Cast) -> None:
        """Two copies of SQLite in one process lose every later commit; the reader must therefore live elsewhere."""
        for number in range(2):
            with open_engine() as opened:
                opened.take(PEOPLE, ("customer_id",))
                before = opened.rows("SELECT count(*) FROM people")[0][0]
            Customer.objects.create(
                name=f"客{number}",
                shop=house.shop_a,
                created_at=house.mrs_zhou.created_at,
                updated_at=house.mrs_zhou.created_at,
            )
            assert _people_seen_elsewhere() == before + 1


def _people_seen_elsewhere() -> int:
    """How many customers another process sees."""
    if connection.vendor == "sqlite":
        look = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])"
        query = "SELECT count(*) FROM customers_customer"
        command = [sys.executable, "-c", look, str(connection.settings_dict["NAME"]), query]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    with open_engine() as opened:
        opened.take(PEOPLE, ("customer_id",))
        return int(opened.rows("SELECT count(*) FROM people")[0][0])


class TestOpenEngine:
    def test_downloads_nothing(self, engine: Engine) -> None:
        rows = engine.rows("SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'")
        assert {value for _, value in rows} == {"false"}

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the reading process is for SQLite only")
    def test_names_a_database_that_cannot_be_opened(
        self, house: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path_factory.mktemp("none") / "none.sqlite3")
        with pytest.raises(SourceBrokenError, match="failed to open"), open_engine() as opened:
            opened.take(PEOPLE, ("customer_id",))

    def test_runs_on_a_sqlite_that_reads_json(self) -> None:
        assert sqlite3.sqlite_version_info >= (3, 38)


class TestQuantiles:
    def test_of_decimal_shares_are_values_at_exact_ranks(self, engine: Engine) -> None:
        """The bounds of amounts rest on this; with a DOUBLE share 0.6 × 5 would already round up to 4."""
        for people in [*range(1, 120), 2_377]:
            [(found,)] = engine.rows(
                f"SELECT quantile_disc(x, [0.20, 0.40, 0.60, 0.80, 0.40, 0.93]) FROM range(1, {people + 1}) AS t(x)"
            )
            quintiles = [quintile_rank(people, fifth) for fifth in (1, 2, 3, 4)]
            assert found == [*quintiles, first_outside_rank(people, 60), first_outside_rank(people, 7)]
