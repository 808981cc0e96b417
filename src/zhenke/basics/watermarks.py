"""Who a file was made for, said twice in every row: by signs that are not seen, and by a number that is read.

The signs are a code of 48 bits behind a text; they have no width, survive copying and spreadsheets, and stand complete
in each marked cell, so that any part of a file still names its recipient. Where they are filtered out, the number in a
column of its own still does. Whoever retypes a file, or filters the signs and cuts the column, takes both away: they
are for files that are passed on, not for those that are laundered with care.
"""

from __future__ import annotations

import re
import secrets
from zlib import crc32

_ZERO, _ONE, _EDGE = "\u200b", "\u200c", "\u2060"
_BITS, _CHECK_BITS = 40, 8
_MARK = re.compile(f"{_EDGE}([{_ZERO}{_ONE}]{{{_BITS + _CHECK_BITS}}}){_EDGE}")
_WRITTEN = re.compile(r"(?<![0-9a-f])([0-9a-f]{10})-([0-9a-f]{2})(?![0-9a-f])")
_SIGNS = re.compile(f"[{_ZERO}{_ONE}{_EDGE}]")


def new_code() -> str:
    """Return a fresh code of ten hex digits."""
    return f"{secrets.randbits(_BITS):010x}"


def marked(text: str, code: str) -> str:
    """Return the text with the code behind it, unseen; such signs of its own are taken out before.

    Example: marked("周丽华", code) looks like "周丽华"
    """
    number = int(code, 16)
    bits = f"{number:0{_BITS}b}{_check(number):0{_CHECK_BITS}b}"
    signs = bits.replace("0", _ZERO).replace("1", _ONE)
    return f"{plain(text)}{_EDGE}{signs}{_EDGE}"


def plain(text: str) -> str:
    """Return the text without unseen signs."""
    return _SIGNS.sub("", text)


def written(code: str) -> str:
    """Return the code as people read it, with two digits by which it is known from other numbers.

    Example: written("00000000ff") -> "00000000ff-" and two hex digits
    """
    return f"{code}-{_check(int(code, 16)):02x}"


def written_in(text: str) -> dict[str, int]:
    """Return the codes that are written in a text, with how often; other numbers are left out."""
    found: dict[str, int] = {}
    for code, check in _WRITTEN.findall(text):
        if int(check, 16) == _check(int(code, 16)):
            found[code] = found.get(code, 0) + 1
    return found


def codes_in(text: str) -> dict[str, int]:
    """Return the codes that stand in a text, with how often; damaged ones are left out."""
    found: dict[str, int] = {}
    for signs in _MARK.findall(text):
        number = int(signs.replace(_ZERO, "0").replace(_ONE, "1"), 2)
        code, check = number >> _CHECK_BITS, number & (2**_CHECK_BITS - 1)
        if check == _check(code):
            found[f"{code:010x}"] = found.get(f"{code:010x}", 0) + 1
    return found


def _check(number: int) -> int:
    return crc32(number.to_bytes(_BITS // 8, "big")) & (2**_CHECK_BITS - 1)
