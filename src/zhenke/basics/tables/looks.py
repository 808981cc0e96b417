"""What a column's values look like when its heading says nothing; each takes one cell's text."""

from __future__ import annotations

import re
from datetime import date

from zhenke.basics.tables.cells import tidy

_MOBILE = re.compile(r"(?:\+?86[- ]?|0086)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_AMOUNT = re.compile(r"[¥$€]?\s*-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,4})?\s*元?")
_WHOLE = re.compile(r"-?\d{1,9}(?:\.0+)?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")


def is_mainland_mobile(text: str) -> bool:
    """Return whether the text is a mobile number of mainland China, with or without 86 and separators."""
    return _MOBILE.fullmatch(tidy(text)) is not None


def is_date(text: str) -> bool:
    """Return whether the text is a day that exists, year first, with or without a time."""
    found = _DATE.fullmatch(tidy(text))
    if not found:
        return False
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return 1850 <= day.year <= 2200


def is_amount(text: str) -> bool:
    """Return whether the text is a number that may be money; long runs of digits are names, not amounts."""
    text = tidy(text)
    return _AMOUNT.fullmatch(text) is not None and sum(map(str.isdigit, text.split(".")[0])) <= 9


def is_whole_number(text: str) -> bool:
    """Return whether the text is a whole number of at most nine digits."""
    return _WHOLE.fullmatch(tidy(text)) is not None


def is_email(text: str) -> bool:
    """Return whether the text has the shape of an e-mail address."""
    return _EMAIL.fullmatch(tidy(text)) is not None
