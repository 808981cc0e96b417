"""Which stored days, solar and lunar, come round between two dates."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from zhenke.basics.days import YearRule, lunar_day_of

LONGEST_DAYS = 62
_DEFAULT = YearRule()


def falling_between(first: date, last: date, rule: YearRule = _DEFAULT) -> Q:
    """Return the filter over customers' dates that keeps those which come round from `first` to `last`, both in.

    At most 62 days. A 29 February also answers for the day before or after in years without one, a lunar 30th for the
    29th of a month that has no more or for the first of the next, as the shop's rule says, so that nobody is passed
    over; a leap month counts as the month it follows.
    """
    days = [first + timedelta(days=each) for each in range(min((last - first).days + 1, LONGEST_DAYS))]
    solar: dict[int, set[int]] = {}
    lunar: dict[int, set[int]] = {}
    for day in days:
        solar.setdefault(day.month, set()).add(day.day)
        moon = lunar_day_of(day)
        lunar.setdefault(moon.month, set()).add(moon.day)
        # The last day of a short month, when `day` is the day that is kept instead of what the month lacks.
        short = day if rule.feb29 == "before" else day - timedelta(days=1)
        if (short.month, short.day, (short + timedelta(days=1)).day) == (2, 28, 1):
            solar.setdefault(2, set()).add(29)
        short = day if rule.missing30 == "before" else day - timedelta(days=1)
        end = lunar_day_of(short)
        if end.day == 29 and lunar_day_of(short + timedelta(days=1)).day == 1:
            lunar.setdefault(end.month, set()).add(30)
    kept = Q(pk__in=[])
    for calendar, months in (("solar", solar), ("lunar", lunar)):
        for month, of_month in months.items():
            kept |= Q(calendar=calendar, month=month, day__in=sorted(of_month))
    return kept
