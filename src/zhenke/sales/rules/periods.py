"""Months and weeks of the shop board, and the same days a year before."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Grain = Literal["month", "week"]
WEEKS_A_YEAR = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Booked:
    """What the books say of some days: receipts sold, and amounts with returns taken off on the day they came back."""

    amount_minor: int = 0
    receipts: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """One month or week, from its first day; `until` is its last day, or the board's last day inside it."""

    since: date
    until: date
    before_since: date
    before_until: date


@dataclass(frozen=True, slots=True)
class PeriodSales:
    """One period and the same days of the year before."""

    period: Period
    now: Booked
    before: Booked


def year_before(day: date) -> date:
    """Return the same day of the year before; 29 February becomes 28 February."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def periods_until(until: date, *, count: int, grain: Grain = "month") -> list[Period]:
    """Return the last `count` months or weeks (Monday to Sunday) up to `until`, oldest first.

    Units:  local days. The last period ends on `until`, and so does the one that it is compared with: half a month
            stands against half a month. A month is compared with the same month a year before, a week with the week
            52 weeks before.
    """
    periods: list[Period] = []
    last = until
    for _ in range(count):
        since = last.replace(day=1) if grain == "month" else last - timedelta(days=last.weekday())
        periods.append(_period(since, last, grain))
        last = since - timedelta(days=1)
    return periods[::-1]


def _period(since: date, until: date, grain: Grain) -> Period:
    if grain == "week":
        return Period(since, until, since - WEEKS_A_YEAR, until - WEEKS_A_YEAR)
    whole = until.day == monthrange(until.year, until.month)[1]
    before = year_before(until)
    if whole:  # all of February against all of February, leap year or not
        before = before.replace(day=monthrange(before.year, before.month)[1])
    return Period(since, until, year_before(since), before)
