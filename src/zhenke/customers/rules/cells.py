"""Cells of a file that hold names and numbers-as-names: taken letter for letter, or refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zhenke.basics.tables.cells import IMPOSSIBLE_DATE, OddCell, looks_rounded, tidy, why_ruined
from zhenke.customers.rules.intake import RowFault

_MOST_REMEMBERED = 30_000
_EXACT_LIMIT = 2**53
_MOST_EXACT_DIGITS = 15
_ROUNDED_TAIL = re.compile(r"\d{15}0{1,2}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_ID_RUINED = re.compile(r"\d{15}000|\d[\d.]*E\+?1[67]")
_ODD_REASONS = {IMPOSSIBLE_DATE: "date_impossible", "error_cell": "error_cell", "error_text": "error_cell"}


class Judged(dict[str, Any]):
    """Values by text, each text judged once: `judged[text]` is the value, or the RowFault that refuses it.

    Files repeat days, prices and shops. `has_faults` tells whether any text was refused, so that good columns need no
    second look.
    """

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self._parse = parse
        self.has_faults = False

    def __missing__(self, text: str) -> Any:
        """Parse, remember and return."""
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        try:
            value = self._parse(text)
        except RowFault as fault:
            value = fault.with_traceback(None)
            self.has_faults = True
        self[text] = value
        return value


def odd_fault(cell: str, column: str) -> RowFault | None:
    """Return why a workbook's cell must not be believed, or None."""
    if type(cell) is str or not isinstance(cell, OddCell):
        return None
    return RowFault(column, _ODD_REASONS.get(cell.kind, "number_ruined"), text=str(cell)[:24])


def plain_text(text: str, *, column: str, longest: int) -> str:
    """Return a cell's text in one form, without stray spaces and invisible signs.

    Errors: RowFault too_long, not_text.
    """
    if text.isascii() and text.isprintable() and text[:1] != "=":
        kept = text.strip()
    else:
        kept = tidy(unicodedata.normalize("NFC", text).replace("\u3000", " "))
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n\r" for sign in kept):
            raise RowFault(column, "not_text")
    if len(kept) > longest:
        raise RowFault(column, "too_long", limit=longest)
    return kept


def key_text(
    text: str, *, column: str, longest: int, shortest_numbers: bool = False, is_exact_column: bool = False
) -> str:
    """Return a number that is a name (card, receipt, style): digits as written, without a short number's `.0`.

    `shortest_numbers` is for files of programs that print whole numbers exactly in their shortest form, so that
    `4.0128e+10` is 40128000000 and nothing else. `is_exact_column` says that other numbers of the column show digits
    that a spreadsheet would have lost, so that zeros after the fifteenth digit are genuine.

    Errors: RowFault number_ruined, error_cell; those of `plain_text`.
    """
    kept = plain_text(text, column=column, longest=longest)
    why = why_ruined(kept)
    if why == "scientific" and shortest_numbers:
        whole = Decimal(kept.replace(",", "."))
        if whole == whole.to_integral_value() and abs(whole) < _EXACT_LIMIT:
            return str(int(whole))
    if why is not None:
        raise RowFault(column, _ODD_REASONS.get(why, "number_ruined"), text=kept[:24])
    if len(kept) > _MOST_EXACT_DIGITS and (
        looks_rounded(kept) or (not is_exact_column and _ROUNDED_TAIL.fullmatch(kept))
    ):
        raise RowFault(column, "number_ruined", text=kept[:24])
    if kept.endswith(".0") and kept[:-2].isdecimal():
        return kept[:-2]
    return kept


def exact_columns(places: Mapping[str, int], sample: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the fields in which some number of over fifteen digits does not end as a spreadsheet would round it."""
    found = set()
    for name, place in places.items():
        long = [row[place].strip() for row in sample if len(row[place].strip()) > _MOST_EXACT_DIGITS]
        if any(text.isdecimal() and text[_MOST_EXACT_DIGITS:].strip("0") for text in long):
            found.add(name)
    return frozenset(found)


def id_number(text: str, *, column: str) -> str:
    """Return a resident identity number in one spelling.

    Errors: RowFault number_ruined when a spreadsheet made zeros of its end, id_number_wrong when its check digit or
            birth day is impossible.
    Source: GB 11643-1999.
    """
    kept = tidy(unicodedata.normalize("NFKC", text)).upper()
    if _ID_RUINED.fullmatch(kept) or why_ruined(text):
        raise RowFault(column, "number_ruined", text=kept[:24])
    if not _ID_NUMBER.fullmatch(kept) or not kept.isascii():
        raise RowFault(column, "id_number_wrong")
    check = sum(int(digit) * weight for digit, weight in zip(kept, _ID_WEIGHTS, strict=False)) % 11
    try:
        date(int(kept[6:10]), int(kept[10:12]), int(kept[12:14]))
    except ValueError:
        raise RowFault(column, "id_number_wrong") from None
    if _ID_CHECKS[check] != kept[17]:
        raise RowFault(column, "id_number_wrong")
    return kept
