"""Months and weeks of the board."""

from __future__ import annotations

import itertools
from datetime import date

from zhenke.sales.rules import Period, periods_until, year_before


class TestPeriodsUntil:
    def test_compares_half_a_month_with_half_a_month(self) -> None:
        assert periods_until(date(2026, 3, 15), count=2) == [
            Period(date(2026, 2, 1), date(2026, 2, 28), date(2025, 2, 1), date(2025, 2, 28)),
            Period(date(2026, 3, 1), date(2026, 3, 15), date(2025, 3, 1), date(2025, 3, 15)),
        ]

    def test_compares_a_whole_february_with_a_whole_february(self) -> None:
        [common] = periods_until(date(2025, 2, 28), count=1)
        assert common.before_until == date(2024, 2, 29)
        [leap] = periods_until(date(2024, 2, 29), count=1)
        assert leap.before_until == date(2023, 2, 28)

    def test_begins_weeks_on_monday_and_goes_back_52(self) -> None:
        assert periods_until(date(2026, 11, 22), count=2, grain="week") == [
            Period(date(2026, 11, 9), date(2026, 11, 15), date(2025, 11, 10), date(2025, 11, 16)),
            Period(date(2026, 11, 16), date(2026, 11, 22), date(2025, 11, 17), date(2025, 11, 23)),
        ]

    def test_leaves_no_day_out(self) -> None:
        for grain in ("month", "week"):
            periods = periods_until(date(2026, 11, 20), count=14, grain=grain)
            ends = [(one.until, two.since) for one, two in itertools.pairwise(periods)]
            assert all((since - until).days == 1 for until, since in ends)


class TestYearBefore:
    def test_makes_a_leap_day_the_last_of_february(self) -> None:
        assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
