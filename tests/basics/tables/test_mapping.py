"""Columns are guessed by heading, by values, and so that all fields together fit best."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.tables.looks import is_amount, is_date, is_mainland_mobile
from zhenke.basics.tables.mapping import FieldSpec, Guess, best_assignment, guess_mapping, normal_heading
from zhenke.basics.tables.units import split_unit

_FIELDS = [
    FieldSpec("name", ("customer name", "full name"), ("姓名", "客户姓名", "会员姓名"), required=True),
    FieldSpec("phone", ("mobile", "phone number"), ("电话", "手机", "手机号"), is_mainland_mobile),
    FieldSpec("birthday", ("birth date", "dob"), ("生日", "出生日期"), is_date),
    FieldSpec("amount", ("sales value", "total price"), ("金额", "实付金额"), is_amount, True),
    FieldSpec("sold_at", ("transaction timestamp", "sale date"), ("消费日期", "购买时间"), is_date),
]
_ROW = ["张三", "13912345678", "1990-01-01", "12.50", "2024-03-05"]


def guess(headings: list[str], row: list[str] | None = None) -> Guess:
    return guess_mapping(headings, [row or _ROW[: len(headings)]] * 5, _FIELDS)


def columns(found: Guess) -> dict[str, int]:
    return {name: column.column for name, column in found.columns.items()}


class TestGuessMapping:
    @pytest.mark.parametrize(
        "headings",
        [
            ["姓名", "电话", "生日", "金额", "消费日期"],
            ["会员　姓名 *", "手机号：", "出生日期(必填)", "实付金额（元）", "购买时间"],
            ["Customer_Name", "Phone Number", "BirthDate", "total price (RMB)", "transaction_timestamp"],
            ["客户 / 姓名", "客户 / 手机", "客户 / 生日", "消费 / 金额", "消费 / 消费日期"],
            ["\u200bname", "MOBILE", "dob", "sales-value", "sale.date"],
        ],
    )
    def test_knows_chinese_and_english_headings(self, headings: list[str]) -> None:
        found = guess(headings)
        assert columns(found) == {"name": 0, "phone": 1, "birthday": 2, "amount": 3, "sold_at": 4}
        assert all(column.confidence >= 0.9 for column in found.columns.values())
        assert found.missing == () and found.unused == ()

    def test_prefers_the_column_that_is_called_so(self) -> None:
        found = guess(["推荐人电话", "电话", "姓名", "金额"], ["13800000000", "13912345678", "张三", "5"])
        assert found.columns["phone"].column == 1
        assert found.unused == (0,)

    def test_lets_values_speak_when_the_heading_does_not(self) -> None:
        found = guess(["a", "b", "姓名", "金额"], ["x", "13912345678", "张三", "5"])
        assert found.columns["phone"].column == 1
        assert found.columns["phone"].reason == "values"
        assert found.columns["phone"].confidence < 0.6

    def test_does_not_guess_between_two_columns_of_equal_values(self) -> None:
        found = guess(["a", "b", "姓名", "金额"], ["13812345678", "13912345678", "张三", "5"])
        assert "phone" not in found.columns

    def test_doubts_a_heading_whose_values_are_something_else(self) -> None:
        found = guess(["姓名", "电话", "金额"], ["张三", "上海市", "5"])
        assert found.columns["phone"].reason == "heading_against_values"
        assert found.columns["phone"].confidence <= 0.5

    def test_names_required_fields_without_a_column(self) -> None:
        assert guess(["甲", "乙"], ["x", "y"]).missing == ("name", "amount")

    def test_reports_units_known_and_unknown(self) -> None:
        found = guess(["姓名", "金额(万元)", "重量(斤两)"], ["张三", "1", "2"])
        assert found.units[1].size == Fraction(10_000)
        assert list(found.unknown_units) == [2]

    def test_reads_a_file_without_rows(self) -> None:
        assert columns(guess_mapping(["姓名", "金额"], [], _FIELDS)) == {"name": 0, "amount": 1}


class TestBestAssignment:
    @given(
        st.integers(1, 4).flatmap(
            lambda width: st.lists(
                st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.58, 0.9, 1.0]), min_size=width, max_size=width),
                min_size=1,
                max_size=4,
            )
        )
    )
    def test_finds_the_largest_sum_with_each_column_once(self, scores: list[list[float]]) -> None:
        chosen = best_assignment(scores)
        used = [column for column in chosen if column is not None]
        assert len(set(used)) == len(used)
        width = len(scores[0])
        best = max(
            sum(scores[row][column] for row, column in enumerate(order) if column < width)
            for order in permutations(range(width + len(scores)), len(scores))
        )
        assert sum(scores[row][column] for row, column in enumerate(chosen) if column is not None) == pytest.approx(
            best
        )


class TestNormalHeading:
    @pytest.mark.parametrize(
        ("heading", "normal"), [("Customer_Name *", "customername"), ("客户　姓名：", "客户姓名"), ("ＡＢＣ", "abc")]
    )
    def test_ignores_width_case_and_marks(self, heading: str, normal: str) -> None:
        assert normal_heading(heading) == normal


class TestSplitUnit:
    @pytest.mark.parametrize(
        ("heading", "name", "base", "size"),
        [
            ("金额(元)", "金额", "CNY", Fraction(1)),
            ("金额（万元）", "金额", "CNY", Fraction(10_000)),
            ("重量【g】", "重量", "g", Fraction(1)),
            ("金重(毫克)", "金重", "g", Fraction(1, 1000)),
            ("主石 (ct)", "主石", "g", Fraction(1, 5)),
            ("price_usd", "price", "USD", Fraction(1)),
            ("金额/元", "金额", "CNY", Fraction(1)),
        ],
    )
    def test_knows_these(self, heading: str, name: str, base: str, size: Fraction) -> None:
        found, unit = split_unit(heading)
        assert found == name
        assert unit is not None and (unit.base, unit.size) == (base, size)

    @pytest.mark.parametrize("heading", ["重量(斤两)", "重量(钱)", "金额(分)", "金额(两)"])
    def test_does_not_believe_others(self, heading: str) -> None:
        unit = split_unit(heading)[1]
        assert unit is not None and not unit.known

    @pytest.mark.parametrize("heading", ["姓名", "生日(必填)", "金额 (2)", "date_in"])
    def test_sees_none_where_none_is(self, heading: str) -> None:
        assert split_unit(heading)[1] is None
