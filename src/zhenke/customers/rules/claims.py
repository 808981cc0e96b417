"""Two sources that say different things of one field: which fields can differ so, and when a value was overruled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhenke.basics.days import DayOfYear

COLUMNS = ("name", "gender", "region", "language", "channel", "hour_preference", "first_met_date", "caution")
"""Columns of the archive that hold one value. Contacts and tastes hold several, so nothing of them is ever lost."""
DAY, TRAIT = "date:", "trait:"
CHOSEN, REFUSED, TWIN = "chosen", "refused", "twin"
IMPORT, API, DESK, MERGE = "import", "api", "desk", "merge"
LONGEST_SOURCE = 24


@dataclass(frozen=True, slots=True)
class Said:
    """One source says one thing of one field: `text` as the field keeps it, `by` a key of staff if somebody said it."""

    field: str
    text: str
    source: str
    on_date: date
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Who said the value that stands, and from where, as far as anybody noted it."""

    on_date: date
    by: int | None
    source: str


def mark_of(confirmed: Mapping[str, Any], field: str) -> Mark | None:
    """Return what an archive notes of a field, None if nobody confirmed it.

    Example: {"region": ["2026-11-22", "7", ""]} -> 22 November 2026, person 7, "desk"
    """
    note = confirmed.get(field)
    if not note:
        return None
    key = str(note[1]) if len(note) > 1 else ""
    by = int(key) if key.isdecimal() else None
    source = str(note[2]) if len(note) > 2 else ""
    return Mark(date.fromisoformat(note[0]), by, source or (DESK if by else ""))


def is_overruled(mark: Mark, *, by: int | None, source: str) -> bool:
    """Return whether another source now says otherwise: nobody contradicts herself, and no file the file before it."""
    if mark.by is not None or by is not None:
        return mark.by != by
    return mark.source != source


def noted(confirmed: Mapping[str, Any]) -> str:
    """Return the notes of an archive as both databases keep and give back such a text: keys by length, then by sign."""
    ordered = sorted(confirmed, key=lambda key: (len(key.encode()), key.encode()))
    return json.dumps({key: confirmed[key] for key in ordered}, ensure_ascii=False)


def day_text(day: DayOfYear) -> str:
    """Return a day as a claim keeps it. Example: 8 March 1990 -> "solar.3.8.0.1990"."""
    return parts_text((day.calendar, day.month, day.day, day.is_leap_month, day.year))


def parts_text(parts: tuple[Any, ...]) -> str:
    """Return a day that is known by its parts (calendar, month, day, leap month, year) as a claim keeps it."""
    calendar, month, day, is_leap_month, year = parts
    return f"{calendar}.{month}.{day}.{int(is_leap_month)}.{year or ''}"


def day_from(text: str) -> DayOfYear:
    """Return the day that `day_text` wrote."""
    calendar, month, day, is_leap, year = text.split(".")
    return DayOfYear(int(month), int(day), calendar, is_leap == "1", int(year) if year else None)
