"""What somebody typed into the search box: a card number, a phone, four digits, a name, or a name with four digits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from zhenke.basics.errors import BadInput
from zhenke.basics.names import normalise_query
from zhenke.basics.phones import normalise_phone

_LONGEST = 60
_CARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_/.]{2,39}")
_DIALLED = re.compile(r"[+0-9][0-9\s\-().]{5,24}")
_NAME_AND_TAIL = re.compile(r"(\D*[^\d\s])\s*(\d{4})")
_FOUR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The readings of one text; several may be tried, "" means: not that."""

    card: str = ""
    phone: str = ""
    tail: str = ""
    tail_name: str = ""
    word: str = ""


def asked(text: str) -> Asked:
    """Return what the text may mean.

    Units:  `phone` in E.164; `word` and `tail_name` as words are stored.
    Example: "8000" → tail; "138 0013 8000" → phone; "周 8000" → tail with name; "zlh" → word; "ZK000001" → card
    """
    typed = unicodedata.normalize("NFKC", text).replace("\x00", "").strip()[:_LONGEST]
    if not typed:
        return Asked()
    card = typed if _CARD.fullmatch(typed) and any(sign.isdigit() for sign in typed) else ""
    if _FOUR.fullmatch(typed):
        return Asked(card=card, tail=typed)
    if _DIALLED.fullmatch(typed):
        return Asked(card=card, phone=_phone(typed))
    both = _NAME_AND_TAIL.fullmatch(typed)
    if both:
        return Asked(card=card, tail=both[2], tail_name=normalise_query(both[1]), word=normalise_query(typed))
    return Asked(card=card, word=normalise_query(typed))


def _phone(typed: str) -> str:
    try:
        return normalise_phone(typed)
    except BadInput:
        return ""
