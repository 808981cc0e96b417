"""Reading a sales file column by column: the quick ways say the same as the slow ones, and keys never differ by way."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from zhenke.sales.queries.believing import Believing
from zhenke.sales.rules.intake import ReadRows, SaleRowReader
from zhenke.sales.rules.keys import LineKeys, ReceiptBook, sale_key, short

DAY = date(2026, 3, 9)
COLUMNS = {"sold_at": "日期", "sold_time": "时间", "amount": "实收"}


def _read(*rows: tuple[str, str, str]) -> ReadRows:
    reader = SaleRowReader(columns=COLUMNS, headings=list(COLUMNS.values()), options={"currency": "CNY"})
    return reader.read([(number, list(cells)) for number, cells in enumerate(rows, start=2)])


class TestTimesOfDay:
    @pytest.mark.parametrize(
        ("texts", "times"),
        [
            (["09:05:00", "23:59:59", "00:00:00"], [time(9, 5), time(23, 59, 59), time(0, 0)]),
            (["09:05:00", "9:05", ""], [time(9, 5), time(9, 5), time(12, 0)]),
        ],
    )
    def test_belong_to_the_day_beside_them(self, texts: list[str], times: list[time]) -> None:
        found = _read(*(("2026-03-09", text, "1.00") for text in texts))
        assert found.columns["sold_at"] == [datetime.combine(DAY, at) for at in times]
        assert not found.faults

    @pytest.mark.parametrize("text", ["24:00:00", "12:60:00", "12:00:61"])
    def test_that_no_clock_shows_are_refused_among_good_ones(self, text: str) -> None:
        found = _read(("2026-03-09", "10:00:00", "1.00"), ("2026-03-09", text, "1.00"))
        assert [(place, [fault.reason for fault in faults]) for place, faults in found.faults.items()] == [
            (1, ["time_wrong"])
        ]


class TestSaleKeys:
    @pytest.mark.parametrize("shop", ["", "S00", "罗湖水贝店", "一" * 30])
    @pytest.mark.parametrize("number", ["0001", "B000000100", "9" * 24, "9" * 37, "9" * 60])
    @pytest.mark.parametrize("source", ["import", "a till with a long name of its own"])
    def test_are_the_same_by_the_quick_way(self, source: str, number: str, shop: str) -> None:
        columns = {"number": [number, number], "sold_date": [DAY, DAY], "buyer": ["", ""], "customer_name": ["", ""]}
        believing = Believing.__new__(Believing)
        believing.source = source
        found = ReadRows(2, {"shop": [shop, shop]})
        wanted = sale_key(source, number=number, buyer="", moment=str(DAY), shop=shop)
        assert believing._sale_keys(columns, [None, None], found) == [wanted, wanted]

    def test_differ_by_shop_and_day_in_one_batch(self) -> None:
        believing = Believing.__new__(Believing)
        believing.source = "import"
        columns = {"number": ["1", "1", "1"], "sold_date": [DAY, DAY, date(2026, 3, 10)]}
        keys = believing._sale_keys(columns, [None] * 3, ReadRows(3, {"shop": ["A", "B", "A"]}))
        assert keys == ["import:A:1@2026-03-09", "import:B:1@2026-03-09", "import:A:1@2026-03-10"]


class TestLineKeys:
    def test_shortens_each_name_as_if_it_stood_alone(self) -> None:
        names = ["ZR2504", "a*b", "", "长" * 60, "ZR2504"]
        keys = LineKeys().by_name(["r1", "r1", "r2", "r2", "r3"], names)
        assert keys == list(map(short, names))

    def test_counts_a_name_that_comes_again_on_its_receipt_in_a_later_batch(self) -> None:
        given = LineKeys()
        assert given.by_name(["r1", "r2"], ["x", "x"]) == ["x", "x"]
        assert given.by_name(["r1", "r3"], ["x", "x"]) == ["x*2", "x"]


class TestReceiptBook:
    def test_remembers_the_first_buyer_that_a_receipt_named(self) -> None:
        book = ReceiptBook()
        book.add(["r1", "r1", "r2", "r3"], ["", "mei", "lin", None])
        assert len(book) == 3
        assert book.odd_ones(["r1", "r2", "r3"], ["lin", "lin", "mei"]) == [0]

    def test_takes_a_buyer_that_a_later_batch_names_first(self) -> None:
        book = ReceiptBook()
        book.add(["r1"], [""])
        book.add(["r1"], ["mei"])
        assert book.odd_ones(["r1"], ["lin"]) == [0]
        assert book.odd_ones(["r1"], ["mei"]) == []
