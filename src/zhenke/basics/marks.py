"""Marks of the next page of a list: the last row's place in the order, as short text that a caller hands back."""

from __future__ import annotations

from datetime import date

from zhenke.basics.errors import BadInput

_LONGEST_KEY = 19


class MarkWrong(BadInput):
    """The mark of the next page is not one of ours."""

    code = "cursor_wrong"
    message = "The list has moved on; open it again from the beginning."


def mark_of(place: date | int, key: int) -> str:
    """Return the mark of a row by its place in the order and its key.

    Example: 22 November 2026, key 77 -> "2026-11-22~77"
    """
    return f"{place}~{key}"


def day_mark(mark: str) -> tuple[date, int]:
    """Return day and key of a mark. Errors: MarkWrong."""
    place, key = _halves(mark)
    try:
        day = date.fromisoformat(place)
    except ValueError:
        raise MarkWrong from None
    return day, key


def number_mark(mark: str) -> tuple[int, int]:
    """Return number and key of a mark. Errors: MarkWrong."""
    place, key = _halves(mark)
    digits = place.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_KEY):
        raise MarkWrong
    return int(place), key


def _halves(mark: str) -> tuple[str, int]:
    place, _, key = mark.partition("~")
    if not (key.isascii() and key.isdecimal() and len(key) <= _LONGEST_KEY) or int(key) >= 2**63:
        raise MarkWrong
    return place, int(key)
