"""The summary of one customer, for those who may see her; its figures are compared in test_net.py."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast
from tests.sales.histories import AS_OF, write_history

from zhenke.sales.operations import add_return, add_sale
from zhenke.sales.queries import purchase_summary
from zhenke.sales.rules import LineSlip, PurchaseSummary, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff import SYSTEM


class TestPurchaseSummary:
    def test_is_empty_for_somebody_who_never_bought(self, cast: Cast) -> None:
        assert purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=AS_OF) == PurchaseSummary()

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        write_history([cast.mrs_zhou], shop=cast.shop_a, seed=3)
        for stranger in (cast.tao, cast.qiao, cast.other):
            assert purchase_summary(viewer=stranger, customer=cast.mrs_zhou, as_of=AS_OF) == PurchaseSummary()
        assert purchase_summary(viewer=cast.mei, customer=cast.mrs_zhou, as_of=AS_OF).lifetime_frequency > 0

    def test_takes_one_query(self, cast: Cast) -> None:
        write_history([cast.mrs_zhou], shop=cast.shop_a, seed=3)
        with CaptureQueriesContext(connection) as caught:
            purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=AS_OF)
        assert len(caught) == 1

    def test_names_the_only_purchase(self, cast: Cast) -> None:
        people = {"shop": cast.shop_a, "advisor": None, "by": cast.mei, "now": NOW}
        line = LineSlip(description="ring", amount_minor=1)
        slips = [SaleSlip(source_key=f"s{number}", sold_at=NOW, lines=(line,)) for number in range(2)]
        kept, back = (add_sale(slip=slip, customer=cast.mrs_zhou, **people).sale for slip in slips)
        assert purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=AS_OF).only_sale_id is None
        slip = ReturnSlip(source_key="r", sold_at=NOW, sale=back.pk, lines=(ReturnLine("1"),))
        add_return(slip=slip, sale=back, **people)
        summary = purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=AS_OF)
        assert (summary.only_sale_id, summary.lifetime_frequency) == (kept.pk, 1)

    def test_reads_only_the_customers_rows(self, cast: Cast) -> None:
        write_history([cast.mrs_zhou, cast.mr_zhou, None], shop=cast.shop_a, seed=5, size=60)
        if connection.vendor != "sqlite":
            pytest.skip("reads the plan of SQLite")
        with CaptureQueriesContext(connection) as caught:
            purchase_summary(viewer=SYSTEM, customer=cast.mrs_zhou, as_of=AS_OF)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + caught[0]["sql"])
            plan = [row[3] for row in cursor.fetchall()]
        assert not [step for step in plan if step.startswith("SCAN") and "sales_" in step], plan
