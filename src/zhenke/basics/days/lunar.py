"""The lunar calendar, one table of months per lunar year, worked out once: a conversion by the library costs 1 ms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from lunar_python import LunarYear

FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1850, 2150
_ORDINAL_OF_JULIAN_DAY = 1_721_425


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month of one lunar year. Units: `first_date` solar; `length_days` 29 or 30."""

    year: int
    month: int
    is_leap: bool
    first_date: date
    length_days: int


@cache
def lunar_months(year: int) -> tuple[LunarMonth, ...]:
    """Return the twelve or thirteen months of a lunar year in order."""
    return tuple(
        LunarMonth(
            year=year,
            month=abs(month.getMonth()),
            is_leap=month.getMonth() < 0,
            first_date=date.fromordinal(round(month.getFirstJulianDay()) - _ORDINAL_OF_JULIAN_DAY),
            length_days=month.getDayCount(),
        )
        for month in LunarYear.fromYear(year).getMonthsInYear()
    )


def lunar_year_of(on: date) -> int:
    """Return the lunar year in which a solar day lies."""
    return on.year if on >= lunar_months(on.year)[0].first_date else on.year - 1
