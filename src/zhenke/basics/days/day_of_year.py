"""A day that comes back every year, in the solar or the lunar calendar, with or without the year it began."""

from __future__ import annotations

import calendar as solar_calendar
from dataclasses import dataclass

from zhenke.basics.days.lunar import FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR, lunar_months
from zhenke.basics.errors import BadInput

FIRST_YEAR, LAST_YEAR = 1850, 2150
_ANY_LEAP_YEAR = 2000


class DayImpossible(BadInput):
    """No calendar has this day; facts: `reason`."""

    code = "day_impossible"
    message = "This day does not exist: {reason}."


class RuleUnknown(BadInput):
    """A rule for missing days has a value that is not offered."""

    code = "rule_unknown"
    message = "{value} is not a choice for {rule}; choose before or after."


@dataclass(frozen=True, slots=True)
class YearRule:
    """What a shop does in years that lack a day: "before" takes the day before, "after" the day after.

    `feb29`: 28 February or 1 March. `missing30`: the 29th or the first of the next lunar month. A leap month that a
    year lacks is always kept in the ordinary month of the same number.
    """

    feb29: str = "before"
    missing30: str = "before"

    def __post_init__(self) -> None:
        for rule in ("feb29", "missing30"):
            if getattr(self, rule) not in ("before", "after"):
                raise RuleUnknown(rule=rule, value=getattr(self, rule))


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A birthday, an anniversary, a festival.

    Units:  `calendar` "solar" or "lunar"; `day` 0 only with lunar month 12: the last day of the lunar year (除夕);
            `year` in the same calendar, so that 腊月 1990 lies mostly in 1991.
    Errors: DayImpossible, also for a day that its own year does not have.
    """

    month: int
    day: int
    calendar: str = "solar"
    is_leap_month: bool = False
    year: int | None = None

    def __post_init__(self) -> None:
        if self.calendar == "solar":
            _check_solar(self)
        elif self.calendar == "lunar":
            _check_lunar(self)
        else:
            raise DayImpossible(reason=f"there is no calendar {self.calendar}")

    @property
    def is_last_of_lunar_year(self) -> bool:
        """Whether this is 除夕, which is the 29th or the 30th."""
        return self.day == 0


def _check_solar(day: DayOfYear) -> None:
    if day.is_leap_month:
        raise DayImpossible(reason="only the lunar calendar has leap months")
    if day.year is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayImpossible(reason=f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    if not 1 <= day.month <= 12:
        raise DayImpossible(reason=f"there is no month {day.month}")
    length = solar_calendar.monthrange(day.year or _ANY_LEAP_YEAR, day.month)[1]
    if not 1 <= day.day <= length:
        raise DayImpossible(reason=f"month {day.month} has {length} days")


def _check_lunar(day: DayOfYear) -> None:
    if not 1 <= day.month <= 12:
        raise DayImpossible(reason=f"there is no lunar month {day.month}")
    if day.day == 0 and (day.month != 12 or day.is_leap_month):
        raise DayImpossible(reason="only the twelfth lunar month is told by its last day")
    if not 0 <= day.day <= 30:
        raise DayImpossible(reason="lunar months have 29 or 30 days")
    if day.year is None:
        return
    if not FIRST_LUNAR_YEAR <= day.year <= LAST_LUNAR_YEAR:
        raise DayImpossible(reason=f"the lunar year is not between {FIRST_LUNAR_YEAR} and {LAST_LUNAR_YEAR}")
    month = next((m for m in lunar_months(day.year) if (m.month, m.is_leap) == (day.month, day.is_leap_month)), None)
    if month is None:
        raise DayImpossible(reason=f"the lunar year {day.year} has no leap month {day.month}")
    if day.day > month.length_days:
        raise DayImpossible(reason=f"that month of the lunar year {day.year} has {month.length_days} days")


NEW_YEARS_EVE = DayOfYear(12, 0, "lunar")
