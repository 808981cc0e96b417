"""Birthdays and other days that come back, in both calendars, as people tell them at the counter."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .dice import Weighted, happens
from .lives import Life
from .moons import lunar_day, moons
from .rows import DateRow

# How a birthday is told: most by the solar calendar, elders by the lunar one, some without the year.
_WAYS_YOUNG = Weighted((("solar", 74), ("solar_no_year", 9), ("lunar", 6), ("lunar_no_year", 2), ("", 9)))
_WAYS_OLD = Weighted((("solar", 28), ("solar_no_year", 6), ("lunar", 40), ("lunar_no_year", 14), ("", 12)))


def dates_of(rng: Random, life: Life) -> tuple[DateRow, ...]:
    """Return the days that the shop knows of one person."""
    if not life.gender:
        return ()
    rows = [row for row in (_own_birthday(rng, life),) if row]
    rows += _wedding_days(rng, life)
    if life.baby:
        rows.append(_told(life.baby, "birthday", "child", "solar"))
        if happens(rng, 55):
            full_month = life.baby + timedelta(days=29)
            rows.append(_told(full_month, "full_month", "child", "solar"))
    if life.motive in ("gift", "bridal") and happens(rng, 34):
        rows.append(_told(_day_of_year(rng, life.birth_year + rng.randrange(-2, 4)), "birthday", "spouse", "solar"))
    if life.motive in ("gift", "self") and happens(rng, 9):
        rows.append(_told(_day_of_year(rng, life.birth_year - 25), "birthday", "mother", "lunar_no_year"))
    return tuple(rows)


def _own_birthday(rng: Random, life: Life) -> DateRow | None:
    special = rng.randrange(1000)
    if life.kind == "person" and special < 6:
        return _special(special, life.birth_year)
    if life.kind == "brief" and happens(rng, 70):
        return None
    ways = _WAYS_OLD if life.birth_year < 1975 and life.kind != "foreigner" else _WAYS_YOUNG
    way = ways.draw(rng)
    if life.kind == "foreigner":
        way = way.replace("lunar", "solar")
    return _told(_day_of_year(rng, life.birth_year), "birthday", "self", way) if way else None


def _special(which: int, year: int) -> DateRow:
    """Return one of the days that break simple calendars: 29 February, a leap month, the last day of the lunar year."""
    if which < 2:
        return DateRow("birthday", "self", "solar", year - year % 4, 2, 29)
    if which < 4:
        while not (leap := [moon.month for moon in moons(year) if moon.is_leap]):
            year -= 1
        return DateRow("birthday", "self", "lunar", year, leap[0], 15, True)
    while not any(moon.month == 12 and moon.length_days == 30 for moon in moons(year)):
        year -= 1
    return DateRow("birthday", "self", "lunar", year, 12, 30)


def _wedding_days(rng: Random, life: Life) -> list[DateRow]:
    if not life.wedding:
        return []
    rows = [_told(life.wedding, "wedding", "both", "solar")]
    if life.motive == "bridal":
        if happens(rng, 40):
            rows.append(_told(life.wedding - timedelta(days=rng.randrange(20, 200)), "registration", "both", "solar"))
        if happens(rng, 16):
            rows.append(_told(life.wedding - timedelta(days=rng.randrange(500, 1900)), "met", "both", "solar"))
        if happens(rng, 14):
            rows.append(_told(life.wedding - timedelta(days=rng.randrange(200, 420)), "proposal", "both", "solar"))
    return rows


def _day_of_year(rng: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


def _told(day: date, kind: str, whose: str, way: str) -> DateRow:
    """Write a day down in the calendar in which it was told."""
    year: int | None = None if way.endswith("no_year") else day.year
    if way.startswith("solar"):
        return DateRow(kind, whose, "solar", year, day.month, day.day)
    moon, number = lunar_day(day)
    # Without the year a leap month says nothing: it is told by the plain month.
    is_leap = moon.is_leap and year is not None
    return DateRow(kind, whose, "lunar", None if year is None else moon.year, moon.month, number, is_leap)
