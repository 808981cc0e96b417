"""A visit to the counter, as the advisor writes it down: pieces, companions, minutes, what stopped the purchase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhenke.basics.errors import BadInput
from zhenke.customers.rules.codes import is_code

# What stops a purchase, in the order of the sheet; the words on screen live in doors. Other codes of this form are
# taken too, because a till may know its own.
STOPS = ("over_budget", "gold_price", "style", "size", "not_in_stock", "ask_family", "comparing", "no_hurry")
MOST_PIECES = 12
MOST_COMPANIONS = 8
MOST_STOPS = 8
LONGEST_MINUTES = 600
LONGEST_NEXT_DAYS = 730
_LONGEST = {"style_no": 40, "name": 120, "companions_text": 120, "agreed": 300}
_FURTHEST = timedelta(days=LONGEST_NEXT_DAYS)
_BETWEEN = re.compile(r"[,，、;；\n]+")


class VisitWrong(BadInput):
    """Something of a visit cannot be taken. Facts: `field`."""

    code = "visit_wrong"
    message = "The field {field} of the visit cannot be taken as it is."


@dataclass(frozen=True, slots=True)
class LaidOut:
    """One thing on the counter. `style_no` is empty for what has no number."""

    style_no: str = ""
    name: str = ""
    is_tried: bool = False


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """What is written down of a visit; everything may be left out.

    Units:  `companions` are keys of customers; `agreed_date` is a day of the shop on which the next step is due.
    """

    pieces: tuple[LaidOut, ...] = ()
    minutes: int | None = None
    companions: tuple[int, ...] = ()
    companions_text: str = ""
    stopped_by: tuple[str, ...] = ()
    agreed: str = ""
    agreed_date: date | None = None


def words_of(text: str) -> list[str]:
    """Return what an advisor typed in one line as single things, each once.

    Example: "BG1001，珍珠项链、 BG1001" -> ["BG1001", "珍珠项链"]
    """
    parts = (part.strip() for part in _BETWEEN.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def laid_out(*, looked_at: Iterable[str], tried: Iterable[str], names: Mapping[str, str]) -> tuple[LaidOut, ...]:
    """Return the pieces that words mean: a number of `names` is a style, anything else stays words.

    Shape:  in order, what was only tried last; each once.
    """

    def number_of(word: str) -> str:
        return next((one for one in (word, word.upper()) if one in names), word)

    worn = [number_of(word) for word in tried]
    every = dict.fromkeys([*map(number_of, looked_at), *worn])
    return tuple(LaidOut(word if word in names else "", names.get(word, word), word in worn) for word in every)


def checked_visit(draft: VisitDraft, *, today: date) -> VisitDraft:
    """Return the draft. Errors: VisitWrong for what is too much, too long, or agreed without a day to come."""
    wrong = {
        "pieces": len(draft.pieces) > MOST_PIECES
        or any(
            len(piece.style_no) > _LONGEST["style_no"]
            or len(piece.name) > _LONGEST["name"]
            or not (piece.style_no or piece.name)
            for piece in draft.pieces
        ),
        "minutes": draft.minutes is not None and not 0 < draft.minutes <= LONGEST_MINUTES,
        "companions": len(draft.companions) > MOST_COMPANIONS,
        "companions_text": len(draft.companions_text) > _LONGEST["companions_text"],
        "stopped_by": len(draft.stopped_by) > MOST_STOPS
        or not all(is_code(code, longest=24) for code in draft.stopped_by),
        "agreed": len(draft.agreed) > _LONGEST["agreed"] or bool(draft.agreed_date and not draft.agreed),
        "agreed_date": bool(draft.agreed and not draft.agreed_date)
        or (draft.agreed_date is not None and not today <= draft.agreed_date <= today + _FURTHEST),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise VisitWrong(field=field)
    return draft
