"""Many rows at once: few go in one by one, many are put down beside the table first; the table is the same after it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from zhenke.basics.bulk import full_pace, insert_rows
from zhenke.customers.models import Tag

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 1_200
PRAGMAS = ("cache_size", "wal_autocheckpoint", "mmap_size")


def _insert(rows: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        insert_rows(cursor, vendor=connection.vendor, table="customers_tag", columns=("id", "name"), rows=iter(rows))


class TestInsertRows:
    @pytest.mark.parametrize("count", [0, FEW, 499, 500, 501, MANY])
    def test_writes_every_row(self, count: int) -> None:
        rows = [(number, f"标签{number}") for number in range(1, count + 1)]
        _insert(rows)
        assert list(Tag.objects.order_by("id").values_list("id", "name")) == rows

    def test_writes_again_after_it_wrote_into_another_table_or_failed(self) -> None:
        rows = [(number, f"标签{number}") for number in range(1, MANY + 1)]
        with pytest.raises(IntegrityError), transaction.atomic():
            _insert([*rows, (MANY + 1, "标签1")])
        assert not Tag.objects.exists()
        _insert(rows)
        _insert([(number + MANY, f"{name}又") for number, name in rows])
        assert Tag.objects.count() == 2 * MANY

    def test_refuses_a_parent_that_is_not_there(self) -> None:
        rows = [(number, number, 17) for number in range(1, MANY + 1)]
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            insert_rows(
                cursor,
                vendor=connection.vendor,
                table="customers_customertag",
                columns=("id", "customer_id", "tag_id"),
                rows=rows,
            )
            connection.check_constraints()

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite puts rows down beside the table")
    def test_leaves_nothing_beside_the_table(self) -> None:
        _insert([(number, f"标签{number}") for number in range(1, MANY + 1)])
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT name FROM temp.sqlite_master").fetchall() == []
            assert cursor.execute("PRAGMA temp_store").fetchone() == (2,)  # in memory: names never touch a stray file


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the paces are SQLite's")
class TestFullPace:
    def test_keeps_what_a_commit_promises_and_puts_the_paces_back(self) -> None:
        with connection.cursor() as cursor:

            def told(name: str) -> int:
                return int(cursor.execute(f"PRAGMA {name}").fetchone()[0])

            before = {name: told(name) for name in PRAGMAS}
            with full_pace(cursor, vendor="sqlite"):
                assert told("mmap_size") == 0
                assert told("synchronous") == 2
                assert told("foreign_keys") == 1
            assert {name: told(name) for name in PRAGMAS} == before
