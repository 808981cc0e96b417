"""Workbooks made by a spreadsheet library: what people really send, with what goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from tests.basics.tables.hostile_cases import Case, Outcome, reads, refused

_HEAD = ["姓名", "电话", "金额"]


def book(
    name: str, fill: Callable[[Any, Any], object], expected: Outcome, *, bomb: bool = False, **options: Any
) -> Case:
    """A case that `fill(workbook, first sheet)` makes."""

    def make(path: Path) -> None:
        workbook = xlsxwriter.Workbook(str(path), {"in_memory": True, **options})
        fill(workbook, workbook.add_worksheet("销售"))
        workbook.close()

    return Case(name, "sales.xlsx", make, expected, bomb)


def rows(*lines: list[Any], at: int = 0, column: int = 0) -> Callable[[Any, Any], object]:
    """Write these lines from one place on; dates with a date format."""

    def fill(workbook: Any, sheet: Any) -> None:
        formats = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}
        known = {kind: workbook.add_format({"num_format": text}) for kind, text in formats.items()}
        for number, line in enumerate(lines):
            for place, value in enumerate(line):
                sheet.write(at + number, column + place, value, known.get(type(value)))

    return fill


def _value(name: str, value: Any, shown: str, *, odd: str | None = None) -> Case:
    expected = reads([shown, "x"], odd=[odd] if odd else [])
    return book(f"value: {name}", rows(["甲", "乙"], [value, "x"]), expected)


def values() -> list[Case]:
    """A cell is what a person sees; what cannot be true is marked."""
    return [
        _value("whole number", 100, "100"),
        _value("negative", -5, "-5"),
        _value("fraction", 12.5, "12.5"),
        _value("a sum of tenths", 0.1 + 0.2, "0.3"),
        _value("tiny", 1e-7, "0.0000001"),
        _value("phone as number", 13912345678, "13912345678"),
        _value("fifteen digits", 310101900101123, "310101900101123"),
        _value("sixteen digits", 6222021234567890, "6.22202123456789E+15", odd="ruined_number"),
        _value("identity as number", 310101199001011234, "3.10101199001011E+17", odd="ruined_number"),
        _value("identity as text", "310101199001011234", "310101199001011234"),
        _value("huge", 1e300, "1E+300", odd="ruined_number"),
        _value("leading zeros as text", "0012", "0012"),
        _value("day", date(2024, 2, 29), "2024-02-29"),
        _value("moment", datetime(2024, 2, 29, 13, 5, 9), "2024-02-29 13:05:09"),  # noqa: DTZ001  spreadsheets know no zone
        _value("time", time(13, 5), "13:05:00"),
        _value("true", True, "TRUE"),
        _value("false", False, "FALSE"),
        _value("first of March 1900", date(1900, 3, 1), "1900-03-01"),
        _value("blanks around", "  张三  ", "  张三  "),
        _value("zero width", "张\u200b三", "张\u200b三"),
        _value("right to left", "\u202eabc", "\u202eabc"),
        _value("emoji", "小明😀", "小明😀"),
        _value("lines", "a\nb", "a\nb"),
        _value("markup", "<b>&amp;</b>", "<b>&amp;</b>"),
        _value("error as text", "#N/A", "#N/A", odd="error_text"),
        _value("scientific as text", "1.39E+10", "1.39E+10", odd="scientific"),
        _value("32,767 letters", "x" * 32_767, "x" * 32_767),
    ]


def _formula(name: str, formula: str, cached: Any, shown: str, *, odd: str | None = None) -> Case:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_formula(1, 0, formula, None, cached)
        sheet.write(1, 1, "x")

    return book(f"formula: {name}", fill, reads([shown, "x"], odd=[odd] if odd else []))


def formulas() -> list[Case]:
    """Formulas are never computed: the stored result counts, and errors are said to be errors."""
    errors = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
    return [
        _formula("number", "=1+1", 2, "2"),
        _formula("text", '="a"&"b"', "ab", "ab"),
        _formula("truth", "=TRUE()", True, "TRUE"),
        _formula("a link to another file", "='[other.xlsx]S'!A1", 7, "7"),
        _formula("a web query", '=WEBSERVICE("http://x")', "y", "y"),
        *[_formula(error, "=1/0", error, error, odd="error_cell") for error in errors],
    ]


def _impossible_day(workbook: Any, sheet: Any) -> None:
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["甲", "乙"])
    sheet.write_number(1, 0, 60, day)
    sheet.write(1, 1, "x")


def _merged_title(workbook: Any, sheet: Any) -> None:
    sheet.merge_range("A1:C1", "珍宝阁二〇二四年销售明细")
    rows(_HEAD, ["张三", "139", 1], at=1)(workbook, sheet)


def _merged_headings(workbook: Any, sheet: Any) -> None:
    sheet.merge_range("A1:A2", "编号")
    sheet.merge_range("B1:C1", "客户")
    sheet.merge_range("D1:E1", "消费")
    sheet.merge_range("F1:F2", "备注")
    sheet.write_row("B2", ["姓名", "电话", "日期", "金额"])
    sheet.write_row("A3", ["1", "张三", "139", "2024-01-01", 5, "好"])


def _merged_below_title(workbook: Any, sheet: Any) -> None:
    sheet.merge_range("A1:D1", "销售明细")
    sheet.merge_range("A2:B2", "客户")
    sheet.merge_range("C2:D2", "消费")
    sheet.write_row("A3", ["姓名", "电话", "日期", "金额"])
    sheet.write_row("A4", ["张三", "139", "2024-01-01", 5])
    sheet.write_row("A5", ["合计", "", "", 5])


def _second_sheet(workbook: Any, sheet: Any) -> None:
    rows(_HEAD, ["张三", "139", 1])(workbook, workbook.add_worksheet("客户"))


def _hidden_first(workbook: Any, sheet: Any) -> None:
    rows(["错"], ["错"])(workbook, sheet)
    second = workbook.add_worksheet("客户")
    rows(_HEAD, ["张三", "139", 1])(workbook, second)
    second.activate()
    second.set_first_sheet()
    sheet.hide()


def _chart_first(workbook: Any, sheet: Any) -> None:
    rows(_HEAD, ["张三", "139", 1])(workbook, sheet)
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=销售!$C$2:$C$2"})
    workbook.add_chartsheet("图").set_chart(chart)


def _rich(workbook: Any, sheet: Any) -> None:
    bold = workbook.add_format({"bold": True})
    sheet.write_row(0, 0, ["甲", "乙"])
    sheet.write_rich_string(1, 0, bold, "张", "三")
    sheet.write(1, 1, "x")


def _styled_far_away(workbook: Any, sheet: Any) -> None:
    rows(_HEAD, ["张三", "139", 1])(workbook, sheet)
    sheet.write_blank(1_000_000, 16_000, None, workbook.add_format({"bold": True}))


def _filtered(workbook: Any, sheet: Any) -> None:
    rows(_HEAD, ["张三", "139", 1], ["李四", "138", 2])(workbook, sheet)
    sheet.autofilter("A1:C3")
    sheet.set_row(2, options={"hidden": True})
    sheet.set_column("B:B", options={"hidden": True})


def shapes() -> list[Case]:
    """Titles, merged cells, totals, several sheets, far corners."""
    plain = reads(["张三", "139", "1"], headings=_HEAD)
    two = ["编号", "客户 / 姓名", "客户 / 电话", "消费 / 日期", "消费 / 金额", "备注"]
    return [
        book("workbook: plain", rows(_HEAD, ["张三", "139", 1]), plain),
        book("workbook: a merged title", _merged_title, plain),
        book(
            "workbook: merged headings",
            _merged_headings,
            reads(["1", "张三", "139", "2024-01-01", "5", "好"], headings=two),
        ),
        book(
            "workbook: merged headings below a title",
            _merged_below_title,
            reads(["张三", "139", "2024-01-01", "5"], headings=two[1:5], skipped=["total_row"], numbers=[4]),
        ),
        book(
            "workbook: begins at C5",
            rows(_HEAD, ["张三", "139", 1], at=4, column=2),
            reads(["张三", "139", "1"], headings=_HEAD, numbers=[6]),
        ),
        book("workbook: second sheet holds the table", _second_sheet, plain),
        book("workbook: hidden sheet first", _hidden_first, plain),
        book("workbook: chart sheet", _chart_first, plain),
        book("workbook: rich text", _rich, reads(["张三", "x"])),
        book("workbook: a styled blank far away", _styled_far_away, plain),
        book(
            "workbook: filtered and hidden rows are rows", _filtered, reads(["张三", "139", "1"], ["李四", "138", "2"])
        ),
        book("workbook: nothing", lambda workbook, sheet: None, refused("no_rows")),
        book("workbook: blanks only", rows(["", " "], [" "]), refused("no_rows")),
        book("workbook: headings only", rows(_HEAD), reads(headings=_HEAD)),
        book(
            "workbook: numbers only",
            rows([1, 2], [3, 4]),
            reads(["1", "2"], ["3", "4"], headings=["column 1", "column 2"]),
        ),
        book("workbook: one column", rows(["电话"], [13912345678]), reads(["13912345678"], headings=["电话"])),
        book(
            "workbook: duplicate headings",
            rows(["金额", "金额"], [1, 2]),
            reads(["1", "2"], headings=["金额", "金额 (2)"]),
        ),
        book(
            "workbook: blank rows between",
            rows(_HEAD, [], ["张三", "139", 1], [], ["李四", "138", 2]),
            reads(["张三", "139", "1"], ["李四", "138", "2"], numbers=[3, 5], skipped=[]),
        ),
        book(
            "workbook: totals",
            rows(_HEAD, ["张三", "139", 1], ["小计", "", 1], ["总计", "", 1]),
            reads(["张三", "139", "1"], skipped=["total_row", "total_row"]),
        ),
        book(
            "workbook: a maker at the end",
            rows(_HEAD, ["张三", "139", 1], ["制表人：王五"]),
            reads(["张三", "139", "1"], skipped=["note_row"]),
        ),
        book("workbook: 500 columns", rows([f"c{n}" for n in range(500)]), reads()),
        book("workbook: 501 columns", rows([f"c{n}" for n in range(501)]), refused("too_many_columns")),
        book(
            "workbook: a note in the last column of all",
            rows(_HEAD, ["张三", "139", 1], [*[""] * 16_383, "!"]),
            refused("too_many_columns"),
        ),
        book(
            "workbook: days counted from 1904",
            rows(["甲", "乙"], [date(2024, 2, 29), "x"]),
            reads(["2024-02-29", "x"]),
            date_1904=True,
        ),
        book("workbook: 29 February 1900", _impossible_day, reads(["1900-02-28", "x"], odd=["impossible_date"])),
        book("workbook: 3,000 rows", rows(_HEAD, *[[f"客户{n}", "139", n] for n in range(3000)]), Outcome(count=3000)),
    ]
