"""The stream for the benchmarks: shape, repeatability, and that it starts in the middle."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.doors.demo.conftest import TODAY
from zhenke.doors.demo.bench import CUSTOMER_COLUMNS, LINE_COLUMNS, bench_customers, bench_lines

pytestmark = pytest.mark.one_database


class TestBenchCustomers:
    def test_gives_each_number_once_with_a_phone_of_its_own(self) -> None:
        rows = list(bench_customers(today=TODAY, customers=2_500))
        assert len(rows) == 2_500
        assert len({row[0] for row in rows}) == len({row[3] for row in rows}) == 2_500
        assert all(len(row) == len(CUSTOMER_COLUMNS) for row in rows)

    def test_starts_at_any_block_with_the_same_rows(self) -> None:
        everybody = list(bench_customers(today=TODAY, customers=3_000))
        assert list(bench_customers(today=TODAY, customers=3_000, first=2_001)) == everybody[2_000:]


class TestBenchLines:
    def test_gives_about_five_lines_a_customer_most_of_whom_buy_once(self) -> None:
        rows = list(bench_lines(today=TODAY, customers=20_000))
        assert 4.6 < len(rows) / 20_000 < 5.4
        baskets = Counter(Counter(receipt_card[1] for receipt_card in {(row[0], row[2]) for row in rows}).values())
        assert 0.5 < baskets[1] / sum(baskets.values()) < 0.7
        assert all(len(row) == len(LINE_COLUMNS) for row in rows)
        assert all(row[11] == row[9] - row[10] > 0 for row in rows)

    def test_agrees_with_the_customers_who_never_bought(self) -> None:
        prospects = {row[0] for row in bench_customers(today=TODAY, customers=2_000) if row[12]}
        assert prospects
        assert not prospects & {row[2] for row in bench_lines(today=TODAY, customers=2_000)}

    def test_is_the_same_twice_and_in_order(self) -> None:
        once = list(islice(bench_lines(today=TODAY, customers=1_000_000), 5_000))
        assert once == list(islice(bench_lines(today=TODAY, customers=1_000_000), 5_000))
        assert [(row[2], row[5]) for row in once] == sorted((row[2], row[5]) for row in once)
