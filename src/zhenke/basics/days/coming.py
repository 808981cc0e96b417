"""When a day comes round: exactly once in each year of its own calendar, whatever that year lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhenke.basics.days.day_of_year import DayImpossible, DayOfYear, YearRule
from zhenke.basics.days.lunar import FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR, LunarMonth, lunar_months, lunar_year_of

_ONE_DAY = timedelta(days=1)
_DEFAULT = YearRule()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One coming-round. `year_key` ("solar:2027", "lunar:2026") is the key under which it is greeted once.

    `years` since the day's own year, None if that is not known.
    """

    on_date: date
    year_key: str
    years: int | None


def occurrences(day: DayOfYear, first: date, last: date, rule: YearRule = _DEFAULT) -> list[Occurrence]:
    """Return the coming-rounds of a day from `first` to `last`, both included, in order.

    One per solar year for a solar day, one per lunar year for a lunar day; a lunar day may so fall twice or never in a
    solar year. None before the day's own year.
    """
    found = []
    for year in range(_year_of(day, first) - 1, _year_of(day, last) + 1):  # 三十 moved "after" falls in the next year
        if day.year is not None and year < day.year:
            continue
        on_date = day_in_year(day, year, rule)
        if first <= on_date <= last:
            years = None if day.year is None else year - day.year
            found.append(Occurrence(on_date, f"{day.calendar}:{year}", years))
    return found


def day_in_year(day: DayOfYear, year: int, rule: YearRule = _DEFAULT) -> date:
    """Return the date on which a day is kept in one year of its own calendar.

    Errors: DayImpossible for a lunar year outside the table.
    """
    if day.calendar == "lunar":
        return _lunar_in_year(day, year, rule)
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return date(year, 2, 28) if rule.feb29 == "before" else date(year, 3, 1)


def age_on(day: DayOfYear, on: date, rule: YearRule = _DEFAULT) -> int | None:
    """Return the completed years since a day, counted in its own calendar; None without its year, or before it."""
    if day.year is None:
        return None
    year = _year_of(day, on)
    years = year - day.year - (on < day_in_year(day, year, rule))
    return years if years >= 0 else None


def lunar_day_of(on: date) -> DayOfYear:
    """Return the lunar day of a solar one, with its lunar year."""
    month = next(month for month in reversed(lunar_months(lunar_year_of(on))) if month.first_date <= on)
    return DayOfYear(month.month, (on - month.first_date).days + 1, "lunar", month.is_leap, month.year)


def solar_date(day: DayOfYear) -> date:
    """Return the solar date of a day that carries its year.

    Errors: ValueError without a year (a fault of our code).
    """
    if day.year is None:
        raise ValueError("a day without year has no date")
    return day_in_year(day, day.year)


def _lunar_in_year(day: DayOfYear, year: int, rule: YearRule) -> date:
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        raise DayImpossible(reason=f"the lunar year is not between {FIRST_LUNAR_YEAR} and {LAST_LUNAR_YEAR}")
    month = _month_in_year(day, year)
    last_date = month.first_date + _ONE_DAY * (month.length_days - 1)
    if day.is_last_of_lunar_year:
        return last_date
    if day.day > month.length_days:
        return last_date if rule.missing30 == "before" else last_date + _ONE_DAY
    return month.first_date + _ONE_DAY * (day.day - 1)


def _month_in_year(day: DayOfYear, year: int) -> LunarMonth:
    same_number = [month for month in lunar_months(year) if month.month == day.month]
    return next((month for month in same_number if month.is_leap == day.is_leap_month), same_number[0])


def _year_of(day: DayOfYear, on: date) -> int:
    return lunar_year_of(on) if day.calendar == "lunar" else on.year
