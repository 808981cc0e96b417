"""Reading the rows of a sales file: which columns there may be, and what a batch of rows says, column by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from zhenke.basics.tables.layout import Row
from zhenke.basics.tables.looks import is_amount, is_date, is_mainland_mobile, is_whole_number
from zhenke.basics.tables.mapping import FieldSpec
from zhenke.customers.rules.cells import Judged, exact_columns, key_text, odd_fault, plain_text
from zhenke.customers.rules.intake import RowFault, column_places
from zhenke.customers.rules.notes import fault_of_words
from zhenke.sales.rules.cells import exact_amount, gift_flag, sale_moment, time_of_day, weight_in_mg, whole_quantity

SALE_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec(
        "sold_at",
        ("sale date", "date", "order date", "transaction date", "sold at", "transaction_timestamp"),
        ("销售日期", "日期", "开单日期", "成交日期", "购买日期", "交易时间", "销售时间"),
        is_date,
        required=True,
    ),
    FieldSpec("sold_time", ("time", "sale time"), ("时间", "开单时间")),
    FieldSpec(
        "number",
        ("receipt", "receipt no", "order no", "invoice no", "basket_id", "order number", "ticket"),
        ("单号", "小票号", "销售单号", "订单号", "单据号", "流水号"),
    ),
    FieldSpec("line_number", ("line no", "item no"), ("行号", "序号")),
    FieldSpec(
        "card_number",
        ("card", "card no", "member no", "membership number", "loyalty card"),
        ("会员卡号", "卡号", "会员号", "会员编号", "VIP卡号"),
    ),
    FieldSpec(
        "customer_key", ("customer id", "customer no", "household_id", "client id"), ("客户编号", "顾客编号", "客户号")
    ),
    FieldSpec(
        "customer_name",
        ("customer", "customer name", "name", "client"),
        ("姓名", "客户姓名", "会员姓名", "顾客", "客户"),
    ),
    FieldSpec(
        "phone",
        ("phone", "mobile", "tel", "telephone"),
        ("手机", "手机号", "电话", "联系电话", "手机号码"),
        is_mainland_mobile,
    ),
    FieldSpec(
        "shop", ("store", "shop", "branch", "store_id", "outlet"), ("门店", "店铺", "店名", "分店", "柜台", "专柜")
    ),
    FieldSpec(
        "advisor",
        ("advisor", "salesperson", "staff", "sold by", "sales associate", "employee"),
        ("导购", "营业员", "销售员", "顾问", "店员", "业务员", "销售顾问"),
    ),
    FieldSpec(
        "style_no",
        ("style no", "sku", "item code", "product_id", "product code", "barcode", "style"),
        ("款号", "货号", "商品编码", "条码", "商品编号", "产品编号"),
    ),
    FieldSpec(
        "description",
        ("item", "product", "description", "product name", "item name"),
        ("品名", "商品名称", "货品名称", "名称", "产品"),
    ),
    FieldSpec("category", ("category", "product type", "department"), ("品类", "类别", "大类", "种类", "分类")),
    FieldSpec("metal", ("metal", "material"), ("材质", "金属", "成色")),
    FieldSpec("stone", ("stone", "gem"), ("宝石", "主石", "石料")),
    FieldSpec("quantity", ("quantity", "qty", "units", "pieces"), ("数量", "件数"), is_whole_number),
    FieldSpec("weight", ("weight", "gold weight", "net weight"), ("重量", "金重", "克重", "净重")),
    FieldSpec(
        "tag",
        ("tag price", "list price", "retail price"),
        ("标价", "吊牌价", "零售价", "原价", "应收金额", "应收"),
        is_amount,
    ),
    FieldSpec(
        "amount",
        ("amount", "paid", "total", "net amount", "sales_value", "price", "actual amount"),
        ("实收", "金额", "实付", "成交金额", "实收金额", "销售金额", "成交价"),
        is_amount,
        required=True,
    ),
    FieldSpec("cost", ("cost", "unit cost"), ("成本", "进价", "成本价"), is_amount),
    FieldSpec("is_gift", ("gift", "is gift"), ("送礼", "是否送礼", "礼品")),
    FieldSpec("note", ("note", "remark", "comment"), ("备注", "说明")),
)
"""The columns that a sales file may have."""

_KEYS = {"number": 60, "line_number": 20, "card_number": 40, "customer_key": 60, "style_no": 60}
_TEXTS = {
    "customer_name": 120,
    "phone": 40,
    "shop": 120,
    "advisor": 60,
    "description": 160,
    "category": 40,
    "metal": 24,
    "stone": 24,
    "note": 300,
}
_BLANKS: dict[str, Any] = {"quantity": 1, "weight": None, "tag": None, "amount": None, "cost": None, "is_gift": False}
# Whole columns of the commonest shapes are read at once; a column that is not all of one shape goes cell by cell.
_PLAIN_KEYS = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9_-]{0,14}|\d{0,15})\n)*", re.ASCII)
_PLAIN_AMOUNTS = re.compile(r"(?:\d{1,9}\.\d\d\n)*", re.ASCII)
_PLAIN_GRAMS = re.compile(r"(?:\d{1,5}\.\d\d\d\n)*", re.ASCII)
_PLAIN_TIMES = re.compile(r"(?:\d\d:\d\d:\d\d\n)*", re.ASCII)
_PLAIN_MOMENTS = re.compile(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n)*", re.ASCII)

Column = list[Any]
Quick = Callable[[list[str]], Column | None]


@dataclass(slots=True)
class ReadRows:
    """What a batch says: the n-th value of each field's column is the n-th row's; `faults` by place in the batch.

    A field without a column in the file has none here either. `sold_at` is in shop time.
    """

    count: int
    columns: dict[str, Column]
    faults: dict[int, list[RowFault]] = field(default_factory=dict)

    def column(self, name: str, blank: Any = "") -> Column:
        """Return a field's column; a field without one is blank in every row."""
        found = self.columns.get(name)
        return [_BLANKS.get(name, blank)] * self.count if found is None else found

    def refuse(self, place: int, fault: RowFault) -> None:
        """Write down a fault of one row."""
        self.faults.setdefault(place, []).append(fault)


class SaleRowReader:
    """Reads rows by one mapping; remembers what it parsed."""

    def __init__(
        self,
        *,
        columns: Mapping[str, str],
        headings: Sequence[str],
        options: Mapping[str, Any],
        sample: Sequence[Sequence[str]] = (),
    ) -> None:
        self._places = column_places(columns, headings)
        self._quick = _quick_ways(options)
        parsers = _parsers(options, exact_columns(self._places, sample))
        unknown = options.get("unknown_units") or {}
        for name, unit in unknown.items():
            if name in parsers:
                parsers[name] = _refused_unit(name, str(unit))
                self._quick.pop(name, None)
        self._judged = {name: Judged(parsers[name]) for name in self._places if name in parsers}

    def read(self, rows: Sequence[Row]) -> ReadRows:
        """Return what the rows say, with the faults of those that cannot be believed."""
        found = ReadRows(len(rows), {})
        every = list(map(list, zip(*[cells for _, cells in rows], strict=True))) if rows else []
        for name, place in self._places.items():
            if name in self._judged:
                texts = every[place] if every else []
                found.columns[name] = self._column(name, texts, found)
        if "amount" in found.columns:
            for place, amount in enumerate(found.columns["amount"]):
                if amount is None:
                    found.refuse(place, RowFault("amount", "amount_empty"))
        if "sold_time" in found.columns and "sold_at" in found.columns:
            _put_together(found)
        elif "sold_at" in found.columns:
            found.columns["sold_at"] = [
                pair if type(pair) is datetime else pair[0] if type(pair) is tuple else None
                for pair in found.columns["sold_at"]
            ]
        return found

    def _column(self, name: str, texts: list[str], found: ReadRows) -> Column:
        quick = self._quick.get(name)
        values = quick(texts) if quick else None
        if values is not None:
            return values
        for place, text in enumerate(texts):
            if type(text) is not str and (odd := odd_fault(text, name)):
                found.refuse(place, odd)
                texts[place] = ""
        judged = self._judged[name]
        values = list(map(judged.__getitem__, texts))
        if judged.has_faults:
            for place, value in enumerate(values):
                if type(value) is RowFault:
                    values[place] = _BLANKS.get(name, "")
                    found.refuse(place, value)
        return values


def _put_together(found: ReadRows) -> None:
    """A time of day in a column of its own belongs to the rows whose day has none."""
    times = found.columns.pop("sold_time")
    moments: Column = []
    for pair, at in zip(found.columns["sold_at"], times, strict=True):
        moment, has_time = pair if type(pair) is tuple else (pair or None, True)
        moments.append(datetime.combine(moment, at) if moment and at and not has_time else moment)
    found.columns["sold_at"] = moments


def _quick_ways(options: Mapping[str, Any]) -> dict[str, Quick]:
    """Return the ways to read a whole column at once; each answers None when the column is not all of its shape."""
    scales = options.get("amount_scales") or {}
    ways: dict[str, Quick] = dict.fromkeys(_KEYS, _quick_keys)
    if str(options.get("currency") or "CNY") != "JPY":
        ways |= {name: _quick_amounts for name in ("tag", "amount", "cost") if name not in scales}
    if Decimal(str(options.get("grams_in_weight_unit") or 1)) == 1:
        ways["weight"] = _quick_grams
    ways["sold_at"] = _quick_moments
    ways["sold_time"] = _quick_times
    return ways


def _quick_keys(texts: list[str]) -> Column | None:
    return texts if _PLAIN_KEYS.fullmatch("\n".join(texts) + "\n") else None


def _quick_amounts(texts: list[str]) -> Column | None:
    joined = "\n".join(texts) + "\n"
    return list(map(int, joined.replace(".", "").split())) if _PLAIN_AMOUNTS.fullmatch(joined) else None


def _quick_grams(texts: list[str]) -> Column | None:
    joined = "\n".join(texts) + "\n"
    return list(map(int, joined.replace(".", "").split())) if _PLAIN_GRAMS.fullmatch(joined) else None


def _quick_moments(texts: list[str]) -> Column | None:
    if not _PLAIN_MOMENTS.fullmatch("\n".join(texts) + "\n"):
        return None
    try:
        return list(map(datetime.fromisoformat, texts))
    except ValueError:
        return None


def _quick_times(texts: list[str]) -> Column | None:
    if not _PLAIN_TIMES.fullmatch("\n".join(texts) + "\n"):
        return None
    try:
        return list(map(time.fromisoformat, texts))
    except ValueError:
        return None


def _refused_unit(column: str, unit: str) -> Callable[[str], Any]:
    def refuse(text: str) -> Any:
        if text.strip():
            raise RowFault(column, "unit_unknown", text=unit[:24])
        return _BLANKS.get(column)

    return refuse


def _parsers(options: Mapping[str, Any], exact: frozenset[str]) -> dict[str, Callable[[str], Any]]:
    """Return the parser of each column."""
    currency = str(options.get("currency") or "CNY")
    grams = Decimal(str(options.get("grams_in_weight_unit") or 1))
    shortest = bool(options.get("shortest_numbers"))
    scales = options.get("amount_scales") or {}

    def amount(column: str) -> Callable[[str], int | None]:
        scale = int(scales.get(column, 1))
        return lambda text: exact_amount(text, currency=currency, column=column, scale=scale)

    def key(column: str, longest: int) -> Callable[[str], str]:
        return lambda text: key_text(
            text, column=column, longest=longest, shortest_numbers=shortest, is_exact_column=column in exact
        )

    def words(column: str, longest: int) -> Callable[[str], str]:
        return lambda text: plain_text(text, column=column, longest=longest)

    def read_by_all(column: str, longest: int) -> Callable[[str], str]:
        def kept(text: str) -> str:
            found = plain_text(text, column=column, longest=longest)
            if fault := fault_of_words(found):
                raise RowFault(column, fault)
            return found

        return kept

    return {
        **{name: amount(name) for name in ("tag", "amount", "cost")},
        **{name: key(name, longest) for name, longest in _KEYS.items()},
        **{name: words(name, longest) for name, longest in _TEXTS.items()},
        **{name: read_by_all(name, _TEXTS[name]) for name in ("description", "note")},
        "sold_at": sale_moment,
        "sold_time": time_of_day,
        "quantity": whole_quantity,
        "weight": lambda text: weight_in_mg(text, grams_in_unit=grams),
        "is_gift": gift_flag,
    }
