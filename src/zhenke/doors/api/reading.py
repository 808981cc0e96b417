"""Reads the body of a call: JSON with bounded size, depth and count, and no text that a database cannot keep."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 12
MOST_VALUES = 50_000


class BodyUnreadable(ValueError):
    """The body is no JSON that this door takes; the sentence says why and holds nothing of the body."""


class BoundedParser(Parser):
    """What the router reads bodies with."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's values. Errors: BodyUnreadable."""
        return json_of(request.body)


def json_of(body: bytes) -> Any:
    """Return the values of a JSON text in UTF-8.

    Errors: BodyUnreadable for other encodings, names given twice, numbers that are none (NaN), values nested deeper
            than 12 or more than 50,000, and text with NUL or half a surrogate pair.
    """
    try:
        values = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BodyUnreadable("it is not UTF-8") from None
    except RecursionError:
        raise BodyUnreadable("it is nested too deeply") from None
    except BodyUnreadable:
        raise
    except ValueError:
        raise BodyUnreadable("it is no JSON") from None
    _inspect(values)
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyUnreadable("a name stands twice in one object")
    return found


def _no_number(word: str) -> float:
    raise BodyUnreadable("it holds a number that is none")


def _inspect(values: Any) -> None:
    """Walk all values without recursion. Errors: BodyUnreadable."""
    waiting: list[tuple[Any, int]] = [(values, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise BodyUnreadable("it is nested too deeply")
        if seen > MOST_VALUES:
            raise BodyUnreadable("it holds too many values")
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for pair in value.items() for one in pair]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]
        elif isinstance(value, str):
            if not is_text(value):
                raise BodyUnreadable("it holds a character that is no text")
        elif isinstance(value, float) and not math.isfinite(value):
            raise BodyUnreadable("it holds a number that is none")


def is_text(value: str) -> bool:
    """Return whether a database can keep the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
