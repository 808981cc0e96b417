"""Days as people say them: near ones by their distance, far ones by their date, birthdays in both calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from zhenke.basics.days import DayOfYear, lunar_day_name

_NEAR_DAYS = 31
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def is_chinese() -> bool:
    """Return whether the reader reads Chinese."""
    return (get_language() or "").startswith("zh")


def listed(parts: Iterable[object]) -> str:
    """Return the parts one after the other: gold, jade; 黄金、翡翠."""
    return ("、" if is_chinese() else ", ").join(str(part) for part in parts)


def led_by(word: object) -> str:
    """Return a word that leads to what follows, with its colon: Never: …; 忌：…."""
    return f"{word}：" if is_chinese() else f"{word}: "


def exact_day(day: date) -> str:
    """Return a day with its year: 22 Nov 2026, 2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日" if is_chinese() else date_format(day, "j M Y")


def exact_month(month: date) -> str:
    """Return a month with its year: Nov 2026, 2026年11月."""
    return f"{month.year}年{month.month}月" if is_chinese() else date_format(month, "M Y")


def day_words(day: date, today: date) -> str:
    """Return a day in words when it is near, else its date: today, in 3 days, 2 weeks ago, 3 May, 3 May 2024."""
    days = (day - today).days
    if abs(days) <= _NEAR_DAYS:
        return distance(days)
    if day.year == today.year or 0 < days < 180:
        return f"{day.month}月{day.day}日" if is_chinese() else date_format(day, "j M")
    return exact_day(day)


def how_far(day: date, today: date) -> str:
    """Return how far a day is, also a distant one: tomorrow, in 3 weeks, in 8 months."""
    return distance((day - today).days)


def distance(days: int) -> str:
    """Return how far a day is, ahead positive: today, tomorrow, yesterday, in 3 weeks, 5 days ago."""
    if days in (0, 1, -1):
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[days]
    far = abs(days)
    if far > 60:
        months = round(far / 30.44)
        if days > 0:
            return ngettext("in %(n)d month", "in %(n)d months", months) % {"n": months}
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    if far >= 14 and far % 7 == 0:
        weeks = far // 7
        return (_("in %(n)d weeks") if days > 0 else _("%(n)d weeks ago")) % {"n": weeks}
    if days > 0:
        return ngettext("in %(n)d day", "in %(n)d days", far) % {"n": far}
    return ngettext("%(n)d day ago", "%(n)d days ago", far) % {"n": far}


def ago(day: date, today: date) -> str:
    """Return how long ago a day was, in the largest fitting unit: 5 days ago, 13 months ago, 4 years ago."""
    days = (today - day).days
    if days < 60:
        return distance(-days) if days < 14 else distance(-(days // 7 * 7))
    months = round(days / 30.44)
    if months < 36:
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    return ngettext("%(n)d year ago", "%(n)d years ago", months // 12) % {"n": months // 12}


def lateness(due: date, today: date) -> str:
    """Return when a task is due: 2 days late, today, in 3 days."""
    late = (today - due).days
    if late <= 0:
        return distance(-late)
    return ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}


def own_day(at: datetime) -> date:
    """Return the day of an instant in the shop's own time: what is late in the evening in London is tomorrow here."""
    return timezone.localtime(at).date()


def moment_words(at: datetime, today: date) -> str:
    """Return an instant in the shop's own time: today 14:05, 3 days ago, 3 May."""
    local = timezone.localtime(at)
    words = day_words(local.date(), today)
    return f"{words} {local:%H:%M}" if abs((local.date() - today).days) <= 1 else words


def exact_moment(at: datetime) -> str:
    """Return an instant in the shop's own time with its day and year: 22 Nov 2026 14:05."""
    local = timezone.localtime(at)
    return f"{exact_day(local.date())} {local:%H:%M}"


def yearly_day(day: DayOfYear, *, with_year: bool = True) -> str:
    """Return a day that comes back: 8 March 1990, 3月8日, 农历八月十五, lunar 8/15."""
    year = day.year if with_year else None
    if is_chinese():
        if day.calendar == "lunar":
            name = lunar_day_name(day)
            return f"农历{year}年{name.removeprefix('农历')}" if year else name
        return f"{f'{year}年' if year else ''}{day.month}月{day.day}日"
    if day.calendar == "lunar":
        return _english_lunar(day, year)
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]}{f' {year}' if year else ''}"


def _english_lunar(day: DayOfYear, year: int | None) -> str:
    name = lunar_day_name(day).removeprefix("农历")
    if day.is_last_of_lunar_year:
        words = pgettext("calendar", "lunar New Year's Eve (%(name)s)") % {"name": name}
    else:
        words = pgettext("calendar", "day %(day)d of lunar month %(month)d (%(name)s)") % {
            "day": day.day,
            "month": day.month,
            "name": name,
        }
    return f"{words}, {year}" if year else words
