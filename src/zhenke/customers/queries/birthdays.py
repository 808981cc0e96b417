"""Which stored days, solar and lunar, come round between two dates."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from zhenke.basics.days import lunar_day_of

LONGEST_DAYS = 62


def falling_between(first: date, last: date) -> Q:
    """Return the filter over customers' dates that keeps those which come round from `first` to `last`, both in.

    At most 62 days. A 29 February also answers for the day before in years without one, a lunar 30th for the 29th of a
    month that has no more, so that nobody is passed over; a leap month counts as the month it follows.
    """
    days = [first + timedelta(days=each) for each in range(min((last - first).days + 1, LONGEST_DAYS))]
    solar: dict[int, set[int]] = {}
    lunar: dict[int, set[int]] = {}
    for day in days:
        solar.setdefault(day.month, set()).add(day.day)
        tomorrow = day + timedelta(days=1)
        moon = lunar_day_of(day)
        lunar.setdefault(moon.month, set()).add(moon.day)
        if (day.month, day.day, tomorrow.day) == (2, 28, 1):
            solar[2].add(29)
        if moon.day == 29 and lunar_day_of(tomorrow).day == 1:
            lunar[moon.month].add(30)
    kept = Q(pk__in=[])
    for calendar, months in (("solar", solar), ("lunar", lunar)):
        for month, of_month in months.items():
            kept |= Q(calendar=calendar, month=month, day__in=sorted(of_month))
    return kept
