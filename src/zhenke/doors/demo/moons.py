"""The lunar calendar, worked out once for each year: a year costs milliseconds, the demo asks thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lunar_python import LunarYear, Solar


@dataclass(frozen=True, slots=True)
class Moon:
    """One lunar month: its number, whether it is the leap one, its first solar day and its length in days."""

    year: int
    month: int
    is_leap: bool
    first: date
    length_days: int


@lru_cache(maxsize=256)
def moons(year: int) -> tuple[Moon, ...]:
    """Return the twelve or thirteen months of a lunar year in order."""
    found = []
    for month in LunarYear.fromYear(year).getMonthsInYear():
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        number = int(month.getMonth())
        first_day = date(first.getYear(), first.getMonth(), first.getDay())
        found.append(Moon(year, abs(number), number < 0, first_day, int(month.getDayCount())))
    return tuple(found)


def solar_day(year: int, month: int, day: int, *, is_leap: bool = False) -> date:
    """Return the solar day of a lunar one.

    Errors: ValueError when the year has no such month or the month no such day.
    """
    for moon in moons(year):
        if moon.month == month and moon.is_leap == is_leap and 1 <= day <= moon.length_days:
            return moon.first + timedelta(days=day - 1)
    raise ValueError(f"no lunar day {year}-{'leap ' if is_leap else ''}{month}-{day}")


def lunar_day(day: date) -> tuple[Moon, int]:
    """Return the lunar month and the day in it of a solar day."""
    year = day.year if day >= moons(day.year)[0].first else day.year - 1
    moon = next(moon for moon in reversed(moons(year)) if moon.first <= day)
    return moon, (day - moon.first).days + 1
