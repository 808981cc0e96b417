"""What analytics is given: the columns that are named, and no more."""

from __future__ import annotations

from django.db import connection

from tests.cast import NOW, Cast
from tests.membership.world import buys, open_house, ring
from zhenke.membership.facts import FACTS
from zhenke.membership.operations.rights import give_right


class TestFacts:
    def test_give_the_columns_that_they_name(self, cast: Cast) -> None:
        open_house()
        buys(cast, ring(30_000_00))
        give_right(customer=cast.mrs_zhou, right="polish", cause="a", by=cast.mei, now=NOW)
        for table in FACTS:
            with connection.cursor() as cursor:
                cursor.execute(table.sql)
                assert [column[0] for column in cursor.description] == [column.name for column in table.columns]
                [row] = cursor.fetchall()
            assert cast.mrs_zhou.pk in row
