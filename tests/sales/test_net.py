"""One definition of a purchase: the customer's query, the facts of everybody and a plain fold say the same."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.cast import Cast
from tests.sales.histories import AS_OF, net_of, summary_by_hand, write_history

from zhenke.sales.facts import SALES
from zhenke.sales.queries import purchase_summary
from zhenke.staff import SYSTEM

SEEDS = range(12)


@pytest.mark.django_db
class TestNetSales:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_gives_every_receipt_what_a_plain_fold_gives(self, cast: Cast, seed: int) -> None:
        history = write_history([cast.mrs_zhou, cast.mr_zhou, None], shop=cast.shop_a, seed=seed, size=40)
        with connection.cursor() as cursor:
            cursor.execute(SALES.sql)
            names = [column[0] for column in cursor.description]
            rows = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
        assert names == [column.name for column in SALES.columns]
        assert len(rows) == len(history.sales)
        for sale in history.sales:
            net = net_of(history, sale)
            row = rows[sale.pk]
            assert (row["net_minor"], row["net_cost_minor"], row["counts"]) == (net.amount, net.cost, net.counts)
        assert sum(row["net_minor"] for row in rows.values()) == sum(sale.amount_minor for sale in history.sales)
        assert all(isinstance(row["net_minor"], int) for row in rows.values())

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("months", [1, 36])
    def test_agrees_with_the_summary_of_one_customer(self, cast: Cast, seed: int, months: int) -> None:
        history = write_history([cast.mrs_zhou, cast.mr_zhou], shop=cast.shop_a, seed=seed, size=40)
        for customer in (cast.mrs_zhou, cast.mr_zhou):
            found = purchase_summary(viewer=SYSTEM, customer=customer, as_of=AS_OF, window_months=months)
            assert found == summary_by_hand(history, customer, months=months)

    def test_the_histories_hold_what_they_are_to_test(self, cast: Cast) -> None:
        history = write_history([cast.mrs_zhou], shop=cast.shop_a, seed=1, size=120)
        nets = [net_of(history, sale) for sale in history.sales]
        assert {sale.kind for sale in history.sales} == {"sale", "return", "exchange"}
        assert any(sale.kind != "return" and not net.counts for sale, net in zip(history.sales, nets, strict=True))
        assert any(net.cost is None for net in nets) and any(line.quantity == 0 for line in history.lines)
        assert any(sale.kind == "return" and sale.returns is None for sale in history.sales)
