"""Single cells: which text was ruined before it reached us, and how stray marks are taken off."""

from __future__ import annotations

import re

RUINED_NUMBER = "ruined_number"
ERROR_CELL = "error_cell"
IMPOSSIBLE_DATE = "impossible_date"
ODD_KINDS = frozenset({RUINED_NUMBER, ERROR_CELL, IMPOSSIBLE_DATE})

_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
_FLOAT_TAIL = re.compile(r"\d{7,}\.0+")
_ERROR_TEXTS = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
_HASHES = re.compile(r"#{3,}")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u180e]")
_FORCED_TEXT = re.compile(r'="([^"]*)"')


class OddCell(str):
    """The text of a cell that must not be believed; `kind` (one of `ODD_KINDS`) says why. Others are plain `str`."""

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, text: str, kind: str) -> OddCell:
        """Make the text with its reason."""
        cell = super().__new__(cls, text)
        cell.kind = kind
        return cell

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Keep the reason when the cell is copied or pickled."""
        return str(self), self.kind


def why_ruined(text: str) -> str | None:
    """Return why a cell's text cannot be what was once typed, or None.

    For columns that hold numbers as names (identity, card, phone, receipt): a number of more than 15 digits lost its
    tail in a spreadsheet, `1.39E+10` lost its middle, `13912345678.0` went through a float, `#N/A` is no text at all.
    Some could be mended by eye and are still named: never half-believed. Amounts may ignore `float_tail`.

    Shape:  one of `ruined_number`, `error_cell`, `impossible_date`, `scientific`, `float_tail`, `error_text`, or None.
    """
    if isinstance(text, OddCell):
        return text.kind
    text = text.strip()
    if not text:
        return None
    if _SCIENTIFIC.fullmatch(text):
        return "scientific"
    if _FLOAT_TAIL.fullmatch(text):
        return "float_tail"
    if text in _ERROR_TEXTS or _HASHES.fullmatch(text):
        return "error_text"
    return None


def looks_rounded(text: str) -> bool:
    """Return whether a long number ends in the zeros that a spreadsheet puts after its fifteenth digit.

    A genuine number of 18 digits ends so once in a thousand: believe it only when the rest of its column does not.
    """
    text = text.strip()
    return text.isdigit() and len(text) >= 18 and not text[15:].strip("0")


def tidy(text: str) -> str:
    """Return the text without what people cannot see: zero-width and direction marks, `="…"`, outer blanks."""
    if text.isascii() and text[:1] != "=":
        return text.strip()
    text = _INVISIBLE.sub("", text).strip()
    forced = _FORCED_TEXT.fullmatch(text)
    return forced[1].strip() if forced else text
