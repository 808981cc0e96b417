"""Single cells of a sales file: amounts, weights, quantities, moments; taken exactly or refused."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal, InvalidOperation

from zhenke.basics.days import DateRefused, DayImpossible, parse_date
from zhenke.basics.money import AmountRefused, CurrencyMismatch, parse_money
from zhenke.basics.tables.cells import tidy
from zhenke.customers.rules.intake import RowFault

_MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:\.\d+)?)?")
_DAY_BEFORE_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ T]+(.*)")
_MIDDAY = time(12, 0)
_YES = {"1", "y", "yes", "true", "是", "√", "送礼", "gift"}
_NO = {"", "0", "n", "no", "false", "否", "×", "自用", "self"}
_NOISE = Decimal("1e-9")
_FEN = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_QUANTITY_LIMIT = 1_000_000
_WEIGHT_LIMIT_MG = 10**9


def exact_amount(text: str, *, currency: str, column: str, scale: int = 1) -> int | None:
    """Return an amount in minor units; None for an empty cell.

    A number that missed its cent by less than a billionth is the binary rounding of the program that wrote it
    (`29.330000000000002`, `4.440892e-16`) and counts as that cent; anything else beyond the cent is refused. `scale` is
    the unit of the heading: 10,000 for 万元.

    Errors: RowFault with the code of the refused amount.
    """
    if not text.strip():
        return None
    if scale != 1:
        kept = tidy(text)
        if not _NUMBER.fullmatch(kept):
            raise RowFault(column, "amount_unreadable", text=kept[:24])
        text = f"{Decimal(kept.replace(',', '')) * scale:f}"
    try:
        return parse_money(text, currency).minor
    except (AmountRefused, CurrencyMismatch) as refused:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise RowFault(column, refused.code, text=text.strip()[:24]) from None
        cents = number.quantize(_FEN) if number.is_finite() and abs(number) < 10**11 else None
        if cents is None or abs(number - cents) > _NOISE:
            raise RowFault(column, refused.code, text=text.strip()[:24]) from None
        return int(cents * 100)


def whole_quantity(text: str) -> int:
    """Return a quantity; `1.0` is one, `1.5` is refused, an empty cell is one. Errors: RowFault quantity_wrong."""
    kept = tidy(text) or "1"
    number = Decimal(kept.replace(",", "")) if _NUMBER.fullmatch(kept) else None
    if number is None or number != number.to_integral_value() or abs(number) > _QUANTITY_LIMIT:
        raise RowFault("quantity", "quantity_wrong", text=kept[:24])
    return int(number)


def weight_in_mg(text: str, *, grams_in_unit: Decimal) -> int | None:
    """Return a weight in milligrams; None for an empty cell.

    Errors: RowFault weight_wrong for what is no number of grams, is below zero, or is finer than a milligram.
    """
    kept = tidy(text).lower()
    if not kept:
        return None
    bare = kept.removesuffix("g").removesuffix("克").strip()
    if not _NUMBER.fullmatch(bare):
        raise RowFault("weight", "weight_wrong", text=kept[:24])
    number = Decimal(bare.replace(",", "")) * (1 if bare != kept else grams_in_unit) * 1000
    if number < 0 or number > _WEIGHT_LIMIT_MG or abs(number - round(number)) > _NOISE * 1000:
        raise RowFault("weight", "weight_wrong", text=kept[:24])
    return round(number)


def sale_moment(text: str) -> tuple[datetime, bool]:
    """Return when it was sold, in shop time, and whether a time of day was given; noon stands for a bare day.

    Errors: RowFault date_empty, date_wrong, or the code of the refused date.
    """
    kept = tidy(text)
    if not kept:
        raise RowFault("sold_at", "date_empty")
    found = _MOMENT.fullmatch(kept)
    try:
        if found is None:
            return datetime.combine(parse_date(kept), _MIDDAY), False
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        if found[4] is None:
            return datetime(year, month, day, 12), False  # noqa: DTZ001  (shop time; the zone is the shop's)
        return datetime(year, month, day, int(found[4]), int(found[5]), int(found[6] or 0)), True  # noqa: DTZ001
    except (DateRefused, DayImpossible) as refused:
        raise RowFault("sold_at", refused.code, text=kept[:24]) from None
    except ValueError:
        raise RowFault("sold_at", "date_wrong", text=kept[:24]) from None


def time_of_day(text: str) -> time | None:
    """Return a time of day; None for an empty cell. Errors: RowFault time_wrong."""
    kept = tidy(text)
    if not kept:
        return None
    with_day = _DAY_BEFORE_TIME.fullmatch(kept)
    found = _TIME.fullmatch(with_day[1] if with_day else kept)
    try:
        if found:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise RowFault("sold_time", "time_wrong", text=kept[:24])


def gift_flag(text: str) -> bool:
    """Return whether the row says gift. Errors: RowFault gift_wrong."""
    word = tidy(text).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise RowFault("is_gift", "gift_wrong", text=word[:24])
