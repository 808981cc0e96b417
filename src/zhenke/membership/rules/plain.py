"""Plain values on their way into rules: each reader gives the value back, or says where it is wrong and how."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from zhenke.basics.errors import BadInput

_SLUG = re.compile(r"[a-z][a-z0-9_-]*")


class ProgrammeWrong(BadInput):
    """Rules that a programme cannot have: `where` names the field, `problem` what is wrong with it."""

    code = "programme_wrong"
    message = "The rules of the programme are wrong at {where}: {problem}."


def wrong(where: str, problem: str) -> ProgrammeWrong:
    """Return the refusal."""
    return ProgrammeWrong(where=where[:80], problem=problem)


def named(value: object, where: str, known: Collection[str]) -> dict[str, Any]:
    """Return named values of which every name is known."""
    if not isinstance(value, dict):
        raise wrong(where, "a set of named values is needed")
    unknown = sorted(str(name) for name in value if name not in known)
    if unknown:
        raise wrong(f"{where}.{unknown[0]}", "no such field; known are " + ", ".join(sorted(known)))
    return value


def number(value: object, where: str, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(where, "a whole number is needed")
    if not low <= value <= high:
        raise wrong(where, f"{value} is not between {low} and {high}")
    return value


def whole_numbers(value: object, where: str, known: Collection[str], low: int, high: int) -> dict[str, int]:
    """Return whole numbers by name, in the order of the known names."""
    given = named(value, where, known)
    return {name: number(given[name], f"{where}.{name}", low, high) for name in known if name in given}


def choice(value: object, where: str, known: tuple[str, ...]) -> str:
    """Return one of the known words."""
    if value not in known:
        raise wrong(where, "one of " + ", ".join(known) + " is needed")
    return str(value)


def flag(value: object, where: str) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise wrong(where, "true or false is needed")
    return value


def text(value: object, where: str, most: int) -> str:
    """Return a short text that is not empty."""
    if not isinstance(value, str) or not value.strip() or len(value) > most or "\x00" in value:
        raise wrong(where, f"a text of 1 to {most} characters is needed")
    return value.strip()


def texts(value: object, where: str) -> tuple[str, ...]:
    """Return short texts, in the order given."""
    if not isinstance(value, list | tuple) or len(value) > 60:
        raise wrong(where, "a list of short texts is needed")
    return tuple(text(one, where, 40) for one in value)


def slug(value: object, where: str, most: int) -> str:
    """Return a key: small letters, digits, dashes."""
    if not isinstance(value, str) or len(value) > most or not _SLUG.fullmatch(value):
        raise wrong(where, f"a key of small letters, digits, - and _ is needed, at most {most}")
    return value


def day(value: object, where: str) -> date:
    """Return a day that is written YYYY-MM-DD."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day(where)
    except ValueError:
        return _no_day(where)


def _no_day(where: str) -> date:
    raise wrong(where, "a day such as 2026-11-30 is needed")
