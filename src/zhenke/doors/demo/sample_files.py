"""Two files as a shop really has them, to try the import with: messy on purpose, and it is known where."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from .catalogue import styles_by_no
from .people import customer
from .places import SHOPS, STAFF
from .purchases import history
from .rows import CustomerRow, DateRow

CUSTOMER_ROWS = 60
SALE_ROWS = 60
# The people of the files are not in the demo shop: their numbers lie far beyond it.
_FIRST_NUMBER = 900_001
_SHOP_NAMES = {shop.code: shop.name.removeprefix("珍宝阁 ") for shop in SHOPS}
_STAFF_NAMES = {person.username: person.name for person in STAFF}
_GROUPS = (("基本资料", 0, 4), ("联系方式", 5, 7), ("其他", 8, 12))
_HEADINGS = (
    "会员卡号",
    "姓名",
    "性别",
    "生日",
    "证件号",
    "手机",
    "微信号",
    "地区",
    "来源",
    "顾问",
    "建档日期",
    "喜好",
    "备注",
)
_SALE_HEADINGS = (
    "销售单号",
    "日期",
    "时间",
    "门店",
    "会员卡号",
    "会员姓名",
    "手机号码",
    "款号",
    "商品名称",
    "数量",
    "克重",
    "当日金价",
    "工费",
    "应收金额",
    "实收金额",
    "导购",
    "备注",
)
_SOURCES = {
    "walk_in": "进店",
    "referral": "老客介绍",
    "wedding_fair": "婚博会",
    "online": "线上",
    "wechat": "微信",
    "event": "活动",
}
_METALS = {
    "gold_999": "足金",
    "gold_heritage": "古法金",
    "gold_5g": "5G硬金",
    "gold_3d": "3D硬金",
    "k18_white": "18K白",
    "k18_yellow": "18K黄",
    "k18_rose": "玫瑰金",
    "pt950": "铂金",
    "ag999": "足银",
    "ag925": "银饰",
}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files are, and which of their rows (1…60, without headings) must be refused, and why."""

    customers: Path
    sales: Path
    bad_customers: dict[int, str]
    bad_sales: dict[int, str]


_BAD_CUSTOMERS = {
    9: "phone ruined by the spreadsheet",
    23: "day that does not exist",
    31: "identity number ruined by the spreadsheet",
    47: "phone too short",
}
_BAD_SALES = {14: "day that does not exist", 29: "unknown unit of weight", 44: "quantity is not a number"}


def write_sample_files(folder: Path, *, today: date = date(2026, 3, 1), seed: int = 20260) -> SampleFiles:
    """Write the two files into a folder (made if absent) and say where they are.

    Twice: the same names are written over; the rows are the same for the same seed and day.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = [_with_rare_name(customer(seed, today, _FIRST_NUMBER + place), place) for place in range(CUSTOMER_ROWS)]
    files = SampleFiles(folder / "老会员登记表.xlsx", folder / "销售流水.csv", _BAD_CUSTOMERS, _BAD_SALES)
    _write_customers(files.customers, people, today)
    _write_sales(files.sales, people, seed, today)
    return files


def _with_rare_name(row: CustomerRow, place: int) -> CustomerRow:
    """Give one person a character that only GB18030 and Unicode have."""
    if place != 6:
        return row
    from_row = {name: getattr(row, name) for name in row.__slots__}
    return CustomerRow(**{**from_row, "name": "王䶮", "salutation": "王女士"})


def _write_customers(path: Path, people: list[CustomerRow], today: date) -> None:
    """Write the workbook: a title, merged group headings, headings, sixty people, a total."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001 - xlsx knows no zones
        sheet = book.add_worksheet("老会员")
        bold = book.add_format({"bold": True, "align": "center", "border": 1})
        day_format = book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(
            0, 0, 0, len(_HEADINGS) - 1, f"珍宝阁罗湖水贝店 老会员登记表（{today:%Y年%m月}导出，内部使用）", bold
        )
        for title, first, last in _GROUPS:
            sheet.merge_range(1, first, 1, last, title, bold)
        sheet.write_row(2, 0, _HEADINGS, bold)
        for place, row in enumerate(people, start=1):
            for column, value in enumerate(_customer_cells(row, place)):
                if isinstance(value, date):
                    sheet.write_datetime(2 + place, column, datetime(value.year, value.month, value.day), day_format)  # noqa: DTZ001
                else:
                    sheet.write(2 + place, column, value)
        sheet.merge_range(3 + len(people), 0, 3 + len(people), 1, "合计", bold)
        sheet.write(3 + len(people), 2, f"{len(people)} 人")


def _customer_cells(row: CustomerRow, place: int) -> tuple[str | int | float | date, ...]:
    birthday = next((day for day in row.dates if day.kind == "birthday" and day.whose == "self"), None)
    return (
        row.customer_no,
        f" {row.name}" if place % 17 == 0 else row.name,
        {"f": "女", "m": "男"}.get(row.gender, ""),
        "1991/2/30" if place == 23 else _birthday_cell(birthday, place),
        4.40301e17 if place == 31 else "",
        _phone_cell(row, place),
        row.wechat_id,
        row.region.replace(" ", ""),
        _SOURCES[row.source],
        _STAFF_NAMES[row.advisor],
        row.known_since if place % 3 else f"{row.known_since:%Y.%m.%d}",
        "、".join(_METALS[trait.value] for trait in row.traits if trait.kind == "metal"),
        row.remark,
    )


def _phone_cell(row: CustomerRow, place: int) -> str | int | float:
    """Return the phone as people type it: spaces, a country code, a number cell, full width, two in one cell."""
    if place == 9:
        return "1.3491E+10"
    phone = row.phones[0] if row.phones else ""
    if place == 47:
        return phone[:10]
    if not phone or phone.startswith("+"):
        return phone
    ways: tuple[Callable[[str], str | int | float], ...] = (
        str,
        str,
        int,
        lambda digits: f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        lambda digits: f"+86 {digits}",
        lambda digits: f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
        float,
        lambda digits: digits.translate(_FULL_WIDTH),
        lambda digits: f"{digits}（微信同号）",
        str,
    )
    return " / ".join(row.phones) if len(row.phones) > 1 else ways[place % len(ways)](phone)


def _birthday_cell(day: DateRow | None, place: int) -> str | date:
    """Return the birthday as people write it: a date cell, Chinese, lunar, without the year."""
    if day is None:
        return ""
    if day.calendar == "lunar":
        return (
            f"农历{day.year or ''}{'年' if day.year else ''}{'闰' if day.is_leap_month else ''}{day.month}月{day.day}日"
        )
    if day.year is None:
        return f"{day.month}月{day.day}日"
    if place % 3 == 0:
        return date(day.year, day.month, day.day)
    return f"{day.year}年{day.month}月{day.day}日" if place % 3 == 1 else f"{day.year}-{day.month}-{day.day}"


def _write_sales(path: Path, people: list[CustomerRow], seed: int, today: date) -> None:
    """Write sixty lines of a till's journal in GB18030, as older tills do."""
    rows: list[list[str]] = []
    for place, row in enumerate(people):
        for sale in history(seed, today, _FIRST_NUMBER + place).sales:
            for line in sale.lines:
                style = styles_by_no()[line.style_no]
                rows.append(
                    [
                        sale.receipt_no,
                        f"{sale.sold_at:%Y-%m-%d}" if len(rows) % 4 else f"{sale.sold_at:%Y/%m/%d}",
                        f"{sale.sold_at:%H:%M}",
                        _SHOP_NAMES[sale.shop_code],
                        row.customer_no,
                        row.name,
                        row.phones[0] if row.phones else "",
                        line.style_no,
                        style.name,
                        str(line.quantity),
                        f"{_decimal(line.weight_mg, 1000)}克",
                        _yuan(line.board_minor_per_gram),
                        _yuan(line.making_minor),
                        _yuan(line.tag_minor),
                        _yuan(line.paid_minor, with_commas=len(rows) % 5 == 0),
                        _STAFF_NAMES[sale.advisor],
                        "送礼" if line.is_gift else "",
                    ]
                )
    rows = rows[:SALE_ROWS]
    rows[14 - 1][1] = "2025-02-30"
    rows[29 - 1][10] = "3.2两半"
    rows[44 - 1][9] = "若干"
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([_SALE_HEADINGS, *rows])


def _yuan(minor: int, *, with_commas: bool = False) -> str:
    """Return an amount as a till prints it; nothing for nought."""
    if not minor:
        return ""
    return f"¥{minor // 100:,}.{minor % 100:02d}" if with_commas else _decimal(minor, 100)


def _decimal(whole: int, unit: int) -> str:
    digits = len(str(unit)) - 1
    return f"{whole // unit}.{whole % unit:0{digits}d}"
