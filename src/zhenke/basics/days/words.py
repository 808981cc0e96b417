"""How a day is written down, so that it is read back as the same day; and the facts of "in three days"."""

from __future__ import annotations

from dataclasses import dataclass

from zhenke.basics.days.day_of_year import DayOfYear
from zhenke.basics.days.numerals import lunar_day_words, lunar_month_words


@dataclass(frozen=True, slots=True)
class RelativeDays:
    """How far a day is: `when` is today, tomorrow, yesterday, ahead or ago; `days` is the distance, never negative."""

    when: str
    days: int


def relative_days(days: int) -> RelativeDays:
    """Return the facts for words about a distance in days; the words live at the doors.

    Units:  `days` from today, ahead positive.
    Example: 1 -> tomorrow, 1; -3 -> ago, 3
    """
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return RelativeDays(near.get(days) or ("ahead" if days > 0 else "ago"), abs(days))


def lunar_day_name(day: DayOfYear) -> str:
    """Return the Chinese name of a lunar day, without its year: 农历八月十五, 农历闰四月初一, 农历除夕.

    Errors: ValueError for a solar day (a fault of our code).
    """
    return "农历" + _lunar_words(day)


def day_text(day: DayOfYear) -> str:
    """Return the day as it is exported and read back: 1988-05-06, 05-06, 农历1990年闰五月初一, 农历八月十五."""
    if day.calendar == "lunar":
        return f"农历{f'{day.year}年' if day.year else ''}{_lunar_words(day)}"
    return f"{f'{day.year:04d}-' if day.year else ''}{day.month:02d}-{day.day:02d}"


def _lunar_words(day: DayOfYear) -> str:
    if day.calendar != "lunar":
        raise ValueError("a solar day has no lunar name")
    if day.is_last_of_lunar_year:
        return "除夕"
    return f"{'闰' if day.is_leap_month else ''}{lunar_month_words(day.month)}{lunar_day_words(day.day)}"
