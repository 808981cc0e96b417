"""The lunar calendar of the demo agrees with the library it is taken from, and the festivals with the almanac."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lunar_python import Solar

from zhenke.doors.demo.moons import lunar_day, solar_day
from zhenke.doors.demo.seasons import festivals

pytestmark = pytest.mark.one_database


class TestLunarDay:
    def test_agrees_with_the_library_and_goes_back(self) -> None:
        for number in range(0, 29_000, 97):
            day = date(1947, 1, 3) + timedelta(days=number)
            moon, in_month = lunar_day(day)
            lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
            assert (moon.year, -moon.month if moon.is_leap else moon.month, in_month) == (
                lunar.getYear(),
                lunar.getMonth(),
                lunar.getDay(),
            )
            assert solar_day(moon.year, moon.month, in_month, is_leap=moon.is_leap) == day


class TestSolarDay:
    @pytest.mark.parametrize(
        ("year", "month", "day", "leap"), [(2025, 12, 30, False), (2024, 6, 1, True), (2025, 13, 1, False)]
    )
    def test_refuses_days_that_do_not_exist(self, year: int, month: int, day: int, leap: bool) -> None:
        with pytest.raises(ValueError, match="no lunar day"):
            solar_day(year, month, day, is_leap=leap)


class TestFestivals:
    def test_fall_on_the_days_of_the_almanac(self) -> None:
        days = {festival.name: festival.day for festival in festivals(2025)}
        assert days["春节"] == date(2025, 1, 29)
        assert days["七夕"] == date(2025, 8, 29)
        assert days["母亲节"] == date(2025, 5, 11)
        assert {festival.day for festival in festivals(2026) if festival.name == "春节"} == {date(2026, 2, 17)}
