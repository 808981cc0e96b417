"""Files of a till for the promise of imports (P8): what they say is known, and so is every planted fault."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

HEADINGS = (
    "小票号", "门店", "会员卡号", "姓名", "手机", "销售日期", "时间", "导购", "款号", "品名", "数量", "金重(克)",
    "标价", "实收金额", "成本", "送礼", "备注",
)  # fmt: skip
SHOPS = ("A", "B")
ADVISORS = ("mei", "lin")
FIRST_ROW = 2  # as a person counts, below the headings
Row = dict[str, str]
Line = tuple[str, str, str, str, int, int | None, int | None, int, int | None, bool]


@dataclass(frozen=True)
class Fault:
    """One kind of planted fault: what it does to a row, and how the row must be refused."""

    name: str
    column: str
    code: str
    plant: Callable[[Row], Row | list[str]]


def _put(column: str, text: str) -> Callable[[Row], Row]:
    return lambda row: {**row, column: text}


def _without(*columns: str) -> Callable[[Row], Row]:
    return lambda row: {**row, **dict.fromkeys(columns, "")}


def _cells(*cells: str) -> Callable[[Row], list[str]]:
    return lambda row: [*cells, *[""] * (len(HEADINGS) - len(cells))]


FAULTS: tuple[Fault, ...] = (
    Fault("no day", "sold_at", "date_empty", _put("销售日期", "")),
    Fault("30 February", "sold_at", "date_wrong", _put("销售日期", "2025-02-30")),
    Fault("day in words", "sold_at", "date_unreadable", _put("销售日期", "昨天")),
    Fault("day to come", "sold_at", "date_impossible", _put("销售日期", "2027-08-01")),
    Fault("day of another age", "sold_at", "date_impossible", _put("销售日期", "1899-12-31")),
    Fault("inner number of a day", "sold_at", "date_looks_serial", _put("销售日期", "45678")),
    Fault("day or month first", "sold_at", "date_ambiguous", _put("销售日期", "05/06/2025")),
    Fault("lunar day", "sold_at", "date_is_lunar", _put("销售日期", "农历2025年八月十五")),
    Fault("short year", "sold_at", "date_year_short", _put("销售日期", "25-5-6")),
    Fault("no such hour", "sold_time", "time_wrong", _put("时间", "25:10")),
    Fault("hour in words", "sold_time", "time_wrong", _put("时间", "下午")),
    Fault("no amount", "amount", "amount_empty", _put("实收金额", "")),
    Fault("amount in words", "amount", "amount_unreadable", _put("实收金额", "面议")),
    Fault("part of a cent", "amount", "amount_too_precise", _put("实收金额", "10.005")),
    Fault("two decimal signs", "amount", "amount_ambiguous", _put("实收金额", "1.234.5")),
    Fault("another currency", "amount", "currency_mismatch", _put("实收金额", "$100")),
    Fault("more than all money", "amount", "amount_too_large", _put("实收金额", "9" * 24)),
    Fault("error in the amount", "amount", "amount_unreadable", _put("实收金额", "#N/A")),
    Fault("tag price in words", "tag", "amount_unreadable", _put("标价", "一口价")),
    Fault("cost in words", "cost", "amount_unreadable", _put("成本", "不详")),
    Fault("quantity in words", "quantity", "quantity_wrong", _put("数量", "若干")),
    Fault("half a piece", "quantity", "quantity_wrong", _put("数量", "1.5")),
    Fault("pieces without end", "quantity", "quantity_wrong", _put("数量", "99999999")),
    Fault("unknown unit of weight", "weight", "weight_wrong", _put("金重(克)", "3.2两")),
    Fault("weight below zero", "weight", "weight_wrong", _put("金重(克)", "-3.2")),
    Fault("finer than a milligram", "weight", "weight_wrong", _put("金重(克)", "1.23456")),
    Fault("card in scientific form", "card_number", "number_ruined", _put("会员卡号", "6.22202E+18")),
    Fault("card through a float", "card_number", "number_ruined", _put("会员卡号", "880000012345.0")),
    Fault("card rounded", "card_number", "number_ruined", _put("会员卡号", "622202123456789000")),
    Fault("card too long", "card_number", "too_long", _put("会员卡号", "K" * 60)),
    Fault("card not computed", "card_number", "error_cell", _put("会员卡号", "#REF!")),
    Fault("receipt in scientific form", "number", "number_ruined", _put("小票号", "2.02505E+15")),
    Fault("receipt rounded", "number", "number_ruined", _put("小票号", "2025050612345670")),
    Fault("style in scientific form", "style_no", "number_ruined", _put("款号", "1.2E+11")),
    Fault("style not computed", "style_no", "error_cell", _put("款号", "#NAME?")),
    Fault("phone in scientific form", "phone", "number_ruined", _put("手机", "1.38001E+10")),
    Fault("phone through a float", "phone", "number_ruined", _put("手机", "13800138000.0")),
    Fault("phone too short", "phone", "phone_wrong_length", _put("手机", "1380013800")),
    Fault("phone with words", "phone", "phone_unreadable", _put("手机", "13800138000打不通")),
    Fault("two phones", "phone", "phone_several", _put("手机", "13800138000/13900139000")),
    Fault("phone with extension", "phone", "phone_has_extension", _put("手机", "0755-88886666转801")),
    Fault("phone without area code", "phone", "phone_needs_area_code", _put("手机", "88886666")),
    Fault("unknown shop", "shop", "shop_unknown", _put("门店", "月球店")),
    Fault("unknown advisor", "advisor", "advisor_unknown", _put("导购", "查无此人")),
    Fault("advisor of two people", "advisor", "advisor_ambiguous", _put("导购", "双生")),
    Fault("maybe a gift", "is_gift", "gift_wrong", _put("送礼", "也许")),
    Fault("name too long", "description", "too_long", _put("品名", "很" * 200)),
    Fault("bytes in a name", "customer_name", "not_text", _put("姓名", "周\x07丽")),
    Fault("note too long", "note", "too_long", _put("备注", "长" * 400)),
    Fault("nothing to know it by", "number", "receipt_unknown", _without("小票号", "会员卡号", "姓名", "手机")),
    Fault("sum", "", "total_row", _cells("合计", "", "", "", "", "", "", "", "", "", "321", "", "", "123456.00")),
    Fault("remark below the page", "", "note_row", _cells("备注：", "以上为全部")),
    Fault("headings again", "", "repeated_heading", _cells(*HEADINGS)),
    Fault("cells beyond the headings", "", "more_cells_than_headings", lambda row: [*row.values(), "", "多"]),
)  # fmt: skip


@dataclass
class TillFile:
    """A file with its truth: the lines it would hold without faults, and which row must be refused and how."""

    path: Path
    rows: list[Row]
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def good(self) -> list[Row]:
        """The rows without a fault."""
        return [row for number, row in enumerate(self.rows, FIRST_ROW) if number not in self.wrong]


def make_rows(count: int, *, seed: int, first: int = 0) -> list[Row]:
    """Return the lines of receipts: several lines, twice the same style, pieces that came back, shared buyers."""
    rng = Random(seed)
    rows: list[Row] = []
    receipt = first
    while len(rows) < count:
        receipt += 1
        buyer = rng.randrange(max(count // 5, 1)) if rng.random() < 0.9 else None
        day = date(2024, 1, 1) + timedelta(days=rng.randrange(600))
        back = rng.random() < 0.03
        head = {
            "小票号": f"S{receipt:07d}",
            "门店": rng.choice(SHOPS),
            "会员卡号": "" if buyer is None else f"V{buyer:06d}",
            "姓名": "" if buyer is None else f"客{buyer}",
            "手机": "" if buyer is None or buyer % 3 else f"139{buyer:08d}",
            "销售日期": day.isoformat() if rng.random() < 0.8 else f"{day.year}/{day.month}/{day.day}",
            "时间": f"{rng.randrange(10, 21)}:{rng.randrange(60):02d}",
            "导购": rng.choice(ADVISORS),
        }
        styles = [f"K{rng.randrange(40):03d}" for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        if len(styles) > 1 and rng.random() < 0.5:
            styles[-1] = styles[0]
        for style in styles:
            fen = rng.randrange(10_000, 5_000_000) * (-1 if back else 1)
            rows.append(
                {
                    **head,
                    "款号": style,
                    "品名": f"戒指{style}",
                    "数量": "-1" if back else "1",
                    "金重(克)": f"{rng.randrange(500, 90_000) / 1000:.3f}",
                    "标价": "" if rng.random() < 0.2 else f"{abs(fen) / 100 + 10:.2f}",
                    "实收金额": f"{fen / 100:.2f}",
                    "成本": "" if rng.random() < 0.1 else f"{fen / 200:.2f}" if fen % 2 == 0 else f"{fen // 100}",
                    "送礼": rng.choice(("", "", "是", "否")),
                    "备注": "",
                }
            )
    return rows[:count]


def write_till_file(path: Path, rows: list[Row], *, faults: int = 0, seed: int = 1) -> TillFile:
    """Write rows with that many planted faults, every kind about equally often; return the file with its truth."""
    rng = Random(seed)
    made = TillFile(path, rows)
    places = sorted(rng.sample(range(len(rows)), faults))
    planted = {place: FAULTS[at % len(FAULTS)] for at, place in enumerate(places)}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for place, row in enumerate(rows):
            fault = planted.get(place)
            cells = fault.plant(row) if fault else row
            out.writerow(cells if isinstance(cells, list) else cells.values())
            if fault:
                made.wrong[place + FIRST_ROW] = (fault.column, fault.code)
    return made


def as_line(row: Row) -> Line:
    """Return what the books must hold of a row, but its receipt's sums."""

    def minor(text: str) -> int | None:
        return None if not text else round(float(text) * 100)

    return (
        row["小票号"],
        "-".join(f"{int(part):02d}" for part in row["销售日期"].replace("/", "-").split("-")),
        row["会员卡号"],
        row["款号"],
        int(row["数量"]),
        round(float(row["金重(克)"]) * 1000),
        minor(row["标价"]),
        minor(row["实收金额"]) or 0,
        minor(row["成本"]),
        row["送礼"] == "是",
    )


def as_lines(rows: list[Row]) -> Counter[Line]:
    """Return the lines that the books must hold, with how often each is there."""
    return Counter(map(as_line, rows))
