"""Months of the calendar, counted back from a day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo


def months_before(day: date, months: int) -> date:
    """Return the day `months` calendar months earlier; a day the month lacks becomes its last.

    Units:   whole months, >= 0.
    Example: 2026-03-31, 1 -> 2026-02-28
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def instants_of(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the instants at which the first day begins and at which the last day has ended, in that zone."""
    begins = datetime.combine(first, time.min, tzinfo=zone)
    return begins, datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)


def window_of(as_of: date, months: int) -> tuple[date, date]:
    """Return the first and the last day of a window of calendar months that ends with `as_of`, both inside."""
    return months_before(as_of, months) + timedelta(days=1), as_of
