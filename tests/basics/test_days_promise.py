"""Promise P33: dates are right.

Every birthday from 1930 to 2025 is written, shown and read back unshifted wherever the server stands, and everybody is
greeted exactly once in each solar or lunar year from 1930 to 2060. The truth about greetings comes from walking through
the calendar day by day, not from the code that computes occurrences.
"""

from __future__ import annotations

import io
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from zhenke.basics.days import (
    NEW_YEARS_EVE,
    DayOfYear,
    YearRule,
    day_text,
    local_date,
    lunar_day_of,
    occurrences,
    parse_date,
    parse_day_of_year,
)

ZONES = ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"]
FIRST, LAST = date(1930, 1, 1), date(2060, 12, 31)
BIRTHDAYS = [date(1930, 1, 1) + timedelta(days=n) for n in range((date(2026, 1, 1) - date(1930, 1, 1)).days)]
RULES = [YearRule(), YearRule(feb29="after", missing30="after")]
HORIZON_DAYS = 45


@pytest.fixture(params=ZONES)
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The server stands in this zone while the test runs."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """All birthdays as real spreadsheet dates and, beside them, as text."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, day in enumerate(BIRTHDAYS):
        sheet.write_datetime(row, 0, day, as_date)
        sheet.write_string(row, 1, f"{day.year}年{day.month}月{day.day}日")
    book.close()
    return file.getvalue()


class TestBirthdays:
    def test_are_read_back_as_they_were_written(self, server_zone: str) -> None:
        for day in BIRTHDAYS:
            birthday = DayOfYear(day.month, day.day, year=day.year)
            assert parse_day_of_year(day_text(birthday)) == birthday
            assert parse_date(f"{day:%Y%m%d}") == day

    def test_survive_a_database(self, server_zone: str) -> None:
        table = sqlite3.connect(":memory:")
        table.execute("create table kept (place integer primary key, day text)")
        table.executemany("insert into kept values (?, ?)", ((n, day.isoformat()) for n, day in enumerate(BIRTHDAYS)))
        kept = table.execute("select day from kept order by place")
        assert [parse_date(text) for (text,) in kept] == BIRTHDAYS

    def test_survive_a_spreadsheet(self, server_zone: str, workbook: bytes) -> None:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
        assert [parse_date(row[0]) for row in rows] == BIRTHDAYS
        assert [parse_date(row[1]) for row in rows] == BIRTHDAYS

    def test_of_chinese_summers_are_the_local_day_of_their_midnight(self, server_zone: str) -> None:
        shanghai = ZoneInfo("Asia/Shanghai")
        summers = [day for day in BIRTHDAYS if 1986 <= day.year <= 1991]
        shifts = 0
        for day in summers:
            midnight = datetime(day.year, day.month, day.day, tzinfo=shanghai)
            shifts += (midnight.astimezone(UTC) + timedelta(hours=8)).date() != day
            assert local_date(midnight.astimezone(UTC), "Asia/Shanghai") == day
            assert local_date(midnight, "Asia/Shanghai") == day
        assert shifts > 700  # a fixed +08:00 moves all of these; the test would see it

    def test_of_the_lunar_calendar_are_read_back_as_they_were_written(self) -> None:
        for day in BIRTHDAYS:
            birthday = lunar_day_of(day)
            assert parse_day_of_year(day_text(birthday)) == birthday


class TestGreetings:
    """The people: every day that anybody can be born on, in both calendars, under both rules."""

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_come_once_in_every_solar_year(self, rule: YearRule) -> None:
        for born in (date(2000, 1, 1) + timedelta(days=n) for n in range(366)):
            came = occurrences(DayOfYear(born.month, born.day), FIRST, LAST, rule)
            assert [c.year_key for c in came] == [f"solar:{year}" for year in range(1930, 2061)]
            for occurrence in came:
                year = occurrence.on_date.year
                kept = (occurrence.on_date.month, occurrence.on_date.day)
                if (born.month, born.day) == (2, 29) and not (year % 4 == 0 and year != 1900):
                    assert kept == ((2, 28) if rule.feb29 == "before" else (3, 1))
                else:
                    assert kept == (born.month, born.day)

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_come_once_in_every_lunar_year(self, rule: YearRule) -> None:
        truth = _lunar_calendar_by_walking()
        for day in _all_lunar_days():
            listed = occurrences(day, date(1930, 2, 1), date(2061, 2, 28), rule)
            came = {c.year_key: c.on_date for c in listed}
            assert len(came) == len(listed), day
            for year in range(1931, 2060):
                assert came[f"lunar:{year}"] == _kept_by_walking(truth[year], truth[year + 1], day, rule), (day, year)

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_come_once_when_the_night_looks_some_weeks_ahead(self, rule: YearRule) -> None:
        picked = Random(33)
        special = [DayOfYear(2, 29), DayOfYear(12, 30, "lunar"), NEW_YEARS_EVE, DayOfYear(12, 1, "lunar")]
        special += [DayOfYear(11, 15, "lunar", True), DayOfYear(11, 15, "lunar"), DayOfYear(6, 30, "lunar", True)]
        people = special + picked.sample(list(_all_lunar_days()), 15) + [DayOfYear(m, 28) for m in range(1, 13)]
        for day in people:
            greeted: dict[str, set[date]] = defaultdict(set)
            night = FIRST
            while night <= LAST:
                for occurrence in occurrences(day, night, night + timedelta(days=HORIZON_DAYS), rule):
                    greeted[occurrence.year_key].add(occurrence.on_date)
                night += timedelta(days=picked.randrange(1, HORIZON_DAYS))
            assert all(len(dates) == 1 for dates in greeted.values()), day
            years = sorted(int(key.split(":")[1]) for key in greeted)
            assert years == list(range(years[0], years[-1] + 1)), day
            assert (years[0], years[-1]) in {(1930, 2060), (1929, 2059), (1929, 2060), (1930, 2061)}, day

    def test_of_2033_know_the_leap_eleventh_month(self) -> None:
        in_leap = DayOfYear(11, 1, "lunar", True)
        in_plain = DayOfYear(11, 1, "lunar")
        window = (date(2033, 6, 1), date(2034, 6, 1))
        assert [(c.on_date, c.year_key) for c in occurrences(in_leap, *window)] == [(date(2033, 12, 22), "lunar:2033")]
        assert [(c.on_date, c.year_key) for c in occurrences(in_plain, *window)] == [(date(2033, 11, 22), "lunar:2033")]


def _all_lunar_days() -> Iterator[DayOfYear]:
    for month in range(1, 13):
        for day in range(1, 31):
            yield DayOfYear(month, day, "lunar")
            yield DayOfYear(month, day, "lunar", is_leap_month=True)
    yield NEW_YEARS_EVE


def _lunar_calendar_by_walking() -> dict[int, dict[tuple[int, bool, int], date]]:
    """Return every lunar day of every lunar year, met by going through the solar calendar."""
    found: dict[int, dict[tuple[int, bool, int], date]] = defaultdict(dict)
    on = date(1930, 1, 30)
    while on < date(2061, 12, 31):
        day = lunar_day_of(on)
        assert day.year is not None
        found[day.year][day.month, day.is_leap_month, day.day] = on
        on += timedelta(days=1)
    return found


def _kept_by_walking(
    year: dict[tuple[int, bool, int], date],
    following: dict[tuple[int, bool, int], date],
    day: DayOfYear,
    rule: YearRule,
) -> date:
    """Say what the promise demands of one lunar year: the day itself, or the stated day instead of a missing one."""
    if day.day == 0:
        return max(year.values())
    is_leap = day.is_leap_month and (day.month, True, 1) in year
    exact = year.get((day.month, is_leap, day.day))
    if exact:
        return exact
    if rule.missing30 == "before":
        return year[day.month, is_leap, 29]
    return min(on for on in (*year.values(), *following.values()) if on > year[day.month, is_leap, 29])
