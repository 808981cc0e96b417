"""Days of both calendars: read, written, and come round."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Solar

from zhenke.basics.days import (
    NEW_YEARS_EVE,
    DateRefused,
    DayImpossible,
    DayOfYear,
    RelativeDays,
    RuleUnknown,
    YearRule,
    ZoneUnknown,
    age_on,
    day_in_year,
    day_text,
    local_date,
    lunar_day_name,
    lunar_day_of,
    lunar_months,
    occurrences,
    parse_date,
    parse_day_of_year,
    relative_days,
    solar_date,
)
from zhenke.basics.days.numerals import lunar_day_words, lunar_month_words, number_of
from zhenke.basics.errors import BadInput

MAY_6 = DayOfYear(5, 6, year=2024)
MID_AUTUMN = DayOfYear(8, 15, "lunar")

READ = [
    *((text, MAY_6) for text in ("2024-05-06", "2024/5/6", "2024.5.6", "2024.05.06", "20240506", "2024 5 6")),
    *(
        (text, MAY_6)
        for text in ("2024年5月6日", "2024年5月6号", " 2024 年 5 月 6 日 ", "2024年05月06日", "2024年5月6")
    ),
    *((text, MAY_6) for text in ("２０２４－０５－０６", "２０２４年５月６日", "2024—05—06", "'2024-05-06")),
    *((text, MAY_6) for text in ("2024-05-06 00:00:00", "2024-05-06T00:00:00", "2024/5/6 0:00", "20240506.0")),
    *((text, MAY_6) for text in ("二〇二四年五月六日", "公历2024年5月6日", "阳历 2024-05-06", "2024-05-06(公历)")),
    *((text, MAY_6) for text in ("6 May 2024", "6-May-2024", "May 6, 2024", "May 6th 2024", "06 may 2024")),
    *((value, MAY_6) for value in (20240506, 20240506.0, date(2024, 5, 6), datetime(2024, 5, 6))),  # noqa: DTZ001
    ("25.5.2024", DayOfYear(5, 25, year=2024)),
    ("5/25/2024", DayOfYear(5, 25, year=2024)),
    ("5/5/2024", DayOfYear(5, 5, year=2024)),
    ("1 Sept 1990", DayOfYear(9, 1, year=1990)),
    ("2024-02-29", DayOfYear(2, 29, year=2024)),
    *(
        (text, DayOfYear(5, 6))
        for text in ("05-06", "5/6", "5-6", "--05-06", "5月6日", "05月06日", "五月六日", "May 6")
    ),
    ("02-29", DayOfYear(2, 29)),
    ("十二月二十五日", DayOfYear(12, 25)),
    ("公历八月十五", DayOfYear(8, 15)),
    *(
        (text, MID_AUTUMN)
        for text in ("农历八月十五", "阴历八月十五", "農曆八月十五", "旧历8月15", "农历8月15日", "农历08-15")
    ),
    *((text, MID_AUTUMN) for text in ("农历：八月十五", "八月十五(农历)", "8月15日（阴历）", "lunar 8-15")),
    ("农历1990年八月十五", DayOfYear(8, 15, "lunar", year=1990)),
    ("农历1990-08-15", DayOfYear(8, 15, "lunar", year=1990)),
    ("农历19900815", DayOfYear(8, 15, "lunar", year=1990)),
    ("一九九〇年五月初六", DayOfYear(5, 6, "lunar", year=1990)),
    ("五月初六", DayOfYear(5, 6, "lunar")),
    ("正月初一", DayOfYear(1, 1, "lunar")),
    ("大年初一", DayOfYear(1, 1, "lunar")),
    ("冬月廿三", DayOfYear(11, 23, "lunar")),
    ("腊月三十", DayOfYear(12, 30, "lunar")),
    ("臘月卅", DayOfYear(12, 30, "lunar")),
    ("农历十二月二十九", DayOfYear(12, 29, "lunar")),
    ("农历十一月二十", DayOfYear(11, 20, "lunar")),
    ("闰四月初一", DayOfYear(4, 1, "lunar", is_leap_month=True)),
    ("農曆閏四月初一", DayOfYear(4, 1, "lunar", is_leap_month=True)),
    ("2020年闰四月初一", DayOfYear(4, 1, "lunar", is_leap_month=True, year=2020)),
    ("农历闰4-1", DayOfYear(4, 1, "lunar", is_leap_month=True)),
    ("2033年闰十一月初一", DayOfYear(11, 1, "lunar", is_leap_month=True, year=2033)),
    ("除夕", NEW_YEARS_EVE),
    ("大年三十", NEW_YEARS_EVE),
    ("农历除夕", NEW_YEARS_EVE),
    ("1990年除夕", DayOfYear(12, 0, "lunar", year=1990)),
]

REFUSED = [
    *((text, "date_empty") for text in ("", "  ", "-", "--", "/")),
    *(
        (text, "date_unreadable")
        for text in ("无", "不详", "N/A", "90后", "2024", "2024-5", "1990.8", "5.6", "ma 6 2024")
    ),
    *(
        (text, "date_unreadable")
        for text in ("****-05-20", "庚午年八月十五号吧", "农历三十一", "1e300", "x" * 41, "农历")
    ),
    *((text, "date_ambiguous") for text in ("6.5.2024", "6/5/2024", "06-05-2024", "1 2 2024")),
    *((text, "calendar_ambiguous") for text in ("八月十五", "五月六", "1990年八月十五", "公历农历1-1", "公历五月初六")),
    *((text, "date_year_short") for text in ("88-5-6", "88年5月6日", "06.05.88", "5/6/88")),
    *((text, "date_has_time") for text in ("2024-05-06 13:00", "2024-05-06T00:00:00Z", "1988-05-06 00:00:00+08:00")),
    *((text, "date_has_time") for text in ("2024-05-06 下午", datetime(2024, 5, 6, tzinfo=UTC))),
    *((cell, "date_unreadable") for cell in (None, True, timedelta(days=1), float("nan"), b"2024-05-06")),
    (datetime(2024, 5, 6, 1), "date_has_time"),  # noqa: DTZ001
    *((text, "date_looks_serial") for text in ("45418", "45418.0", 45418, 45418.0)),
    *((text, "day_impossible") for text in ("2023-02-29", "1900-02-29", "2月30日", "13-01", "25-5", "2024-13-01")),
    *((text, "day_impossible") for text in ("0000-00-00", "1-1-0001", "9999-12-31", "1900-01-00", "31 April 2024")),
    *(
        (text, "day_impossible")
        for text in ("2021年闰四月初一", "农历13-1", "农历1-31", "农历2025年腊月三十", "农历9999-1-1")
    ),
]


class TestParseDayOfYear:
    @pytest.mark.parametrize(("text", "day"), READ)
    def test_reads_every_usual_spelling(self, text: object, day: DayOfYear) -> None:
        assert parse_day_of_year(text) == day

    @pytest.mark.parametrize(("text", "code"), REFUSED)
    def test_refuses_with_a_stable_reason(self, text: object, code: str) -> None:
        with pytest.raises(BadInput) as caught:
            parse_day_of_year(text)
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("text", "order", "day"),
        [
            ("6.5.2024", "dmy", MAY_6),
            ("5/6/2024", "mdy", MAY_6),
            ("6/5", "dmy", DayOfYear(5, 6)),
            ("2024-05-06", "dmy", MAY_6),
        ],
    )
    def test_follows_the_order_it_is_told(self, text: str, order: str, day: DayOfYear) -> None:
        assert parse_day_of_year(text, order=order) == day

    @pytest.mark.parametrize(("text", "order"), [("5/25/2024", "dmy"), ("25.5.2024", "mdy")])
    def test_refuses_what_breaks_the_order_it_is_told(self, text: str, order: str) -> None:
        with pytest.raises(DayImpossible):
            parse_day_of_year(text, order=order)

    @given(st.text(alphabet="0123456789-/.年月日农历闰初十五廿三 正腊T:", max_size=20) | st.text(max_size=45))
    def test_answers_every_text_with_a_day_or_a_refusal(self, text: str) -> None:
        try:
            day = parse_day_of_year(text)
        except BadInput:
            return
        assert parse_day_of_year(day_text(day)) == day

    @pytest.mark.parametrize("text", ["1" * 1_000_000, " " * 1_000_000, "-" * 40, "年" * 40, "\ufdfa" * 40])
    def test_refuses_a_hostile_cell_at_once(self, text: str) -> None:
        started = time.process_time()
        with pytest.raises(DateRefused):
            parse_day_of_year(text)
        assert time.process_time() - started < 0.5


class TestParseDate:
    @pytest.mark.parametrize(
        ("serial", "expected"),
        [
            ("45418", date(2024, 5, 6)),
            (45418.0, date(2024, 5, 6)),
            ("1", date(1900, 1, 1)),
            ("59", date(1900, 2, 28)),
            ("61", date(1900, 3, 1)),
            ("2024-05-06", date(2024, 5, 6)),
        ],
    )
    def test_reads_spreadsheet_numbers_when_told(self, serial: str | float, expected: date) -> None:
        assert parse_date(serial, is_serial=True) == expected

    @pytest.mark.parametrize(
        ("serial", "code"),
        [
            ("60", "day_impossible"),
            ("0", "day_impossible"),
            ("99999", "day_impossible"),
            ("45418.5", "date_has_time"),
            (45418.75, "date_has_time"),
            ("100000", "date_unreadable"),
            ("-5", "date_unreadable"),
        ],
    )
    def test_refuses_numbers_that_are_no_day(self, serial: str | float, code: str) -> None:
        with pytest.raises(BadInput) as caught:
            parse_date(serial, is_serial=True)
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("text", "code"),
        [("05-06", "date_year_missing"), ("农历八月十五", "date_is_lunar"), ("农历1990年八月十五", "date_is_lunar")],
    )
    def test_needs_a_full_solar_date(self, text: str, code: str) -> None:
        with pytest.raises(DateRefused) as caught:
            parse_date(text)
        assert caught.value.code == code


class TestDayOfYear:
    @pytest.mark.parametrize(
        ("month", "day", "calendar", "is_leap", "year"),
        [
            (0, 1, "solar", False, None),
            (13, 1, "solar", False, None),
            (2, 30, "solar", False, None),
            (2, 29, "solar", False, 2023),
            (4, 31, "solar", False, None),
            (1, 0, "solar", False, None),
            (1, 1, "solar", True, None),
            (1, 1, "solar", False, 1849),
            (1, 1, "solar", False, 2151),
            (1, 31, "lunar", False, None),
            (11, 0, "lunar", False, None),
            (12, 0, "lunar", True, None),
            (1, -1, "lunar", False, None),
            (13, 1, "lunar", False, None),
            (12, 30, "lunar", False, 2025),
            (4, 1, "lunar", True, 2021),
            (4, 30, "lunar", True, 2020),
            (1, 1, "lunar", False, 1849),
            (1, 1, "islamic", False, None),
        ],
    )
    def test_refuses_days_that_do_not_exist(
        self, month: int, day: int, calendar: str, is_leap: bool, year: int | None
    ) -> None:
        with pytest.raises(DayImpossible):
            DayOfYear(month, day, calendar, is_leap, year)

    def test_accepts_the_rare_days(self) -> None:
        for day in (DayOfYear(2, 29), DayOfYear(2, 29, year=1988), DayOfYear(12, 30, "lunar", year=2023)):
            assert day.calendar in ("solar", "lunar")
        assert DayOfYear(11, 29, "lunar", True, 2033).is_leap_month


class TestYearRule:
    @pytest.mark.parametrize("rules", [{"feb29": "never"}, {"missing30": ""}])
    def test_offers_before_and_after_only(self, rules: dict[str, str]) -> None:
        with pytest.raises(RuleUnknown):
            YearRule(**rules)


class TestDayInYear:
    @pytest.mark.parametrize(
        ("day", "year", "rule", "expected"),
        [
            (DayOfYear(2, 29), 2023, YearRule(), date(2023, 2, 28)),
            (DayOfYear(2, 29), 2023, YearRule(feb29="after"), date(2023, 3, 1)),
            (DayOfYear(2, 29), 2024, YearRule(feb29="after"), date(2024, 2, 29)),
            (DayOfYear(2, 29), 1900, YearRule(), date(1900, 2, 28)),
            (DayOfYear(1, 1, "lunar"), 2025, YearRule(), date(2025, 1, 29)),
            (DayOfYear(8, 15, "lunar"), 2025, YearRule(), date(2025, 10, 6)),
            (DayOfYear(7, 7, "lunar"), 2026, YearRule(), date(2026, 8, 19)),
            (DayOfYear(12, 30, "lunar"), 2023, YearRule(), date(2024, 2, 9)),
            (DayOfYear(12, 30, "lunar"), 2024, YearRule(), date(2025, 1, 28)),
            (DayOfYear(12, 30, "lunar"), 2024, YearRule(missing30="after"), date(2025, 1, 29)),
            (NEW_YEARS_EVE, 2024, YearRule(missing30="after"), date(2025, 1, 28)),
            (NEW_YEARS_EVE, 2023, YearRule(), date(2024, 2, 9)),
            (DayOfYear(6, 1, "lunar", True), 2025, YearRule(), date(2025, 7, 25)),
            (DayOfYear(6, 1, "lunar"), 2025, YearRule(), date(2025, 6, 25)),
            (DayOfYear(6, 1, "lunar", True), 2026, YearRule(), date(2026, 7, 14)),
            (DayOfYear(4, 30, "lunar", True), 2020, YearRule(), date(2020, 6, 20)),
            (DayOfYear(11, 1, "lunar"), 2033, YearRule(), date(2033, 11, 22)),
            (DayOfYear(11, 1, "lunar", True), 2033, YearRule(), date(2033, 12, 22)),
            (DayOfYear(12, 1, "lunar"), 2033, YearRule(), date(2034, 1, 20)),
        ],
    )
    def test_keeps_the_day_where_the_rule_says(self, day: DayOfYear, year: int, rule: YearRule, expected: date) -> None:
        assert day_in_year(day, year, rule) == expected


class TestOccurrences:
    def test_may_fall_twice_or_never_in_a_solar_year(self) -> None:
        come = occurrences(DayOfYear(12, 1, "lunar"), date(2022, 1, 1), date(2025, 12, 31))
        assert [(c.on_date, c.year_key) for c in come] == [
            (date(2022, 1, 3), "lunar:2021"),
            (date(2022, 12, 23), "lunar:2022"),
            (date(2024, 1, 11), "lunar:2023"),
            (date(2024, 12, 31), "lunar:2024"),
        ]

    def test_includes_both_ends(self) -> None:
        day = date(2026, 5, 6)
        assert [c.year_key for c in occurrences(DayOfYear(5, 6), day, day)] == ["solar:2026"]
        assert occurrences(DayOfYear(5, 6), day + timedelta(days=1), day + timedelta(days=364)) == []
        assert occurrences(DayOfYear(5, 6), day, day - timedelta(days=1)) == []

    def test_finds_a_missing_thirtieth_that_moved_into_the_next_lunar_year(self) -> None:
        come = occurrences(
            DayOfYear(12, 30, "lunar"), date(2025, 1, 29), date(2025, 1, 29), YearRule(missing30="after")
        )
        assert [c.year_key for c in come] == ["lunar:2024"]

    def test_counts_years_and_starts_with_its_own(self) -> None:
        come = occurrences(DayOfYear(5, 6, year=2024), date(2020, 1, 1), date(2026, 12, 31))
        assert [(c.on_date.year, c.years) for c in come] == [(2024, 0), (2025, 1), (2026, 2)]
        assert occurrences(DayOfYear(5, 6), date(2026, 5, 6), date(2026, 5, 6))[0].years is None


class TestAgeOn:
    @pytest.mark.parametrize(
        ("day", "on", "age"),
        [
            (DayOfYear(5, 6, year=1988), date(2026, 5, 5), 37),
            (DayOfYear(5, 6, year=1988), date(2026, 5, 6), 38),
            (DayOfYear(2, 29, year=1988), date(2026, 2, 27), 37),
            (DayOfYear(2, 29, year=1988), date(2026, 2, 28), 38),
            (DayOfYear(8, 15, "lunar", year=1988), date(2025, 10, 5), 36),
            (DayOfYear(8, 15, "lunar", year=1988), date(2025, 10, 6), 37),
            (DayOfYear(12, 20, "lunar", year=1988), date(2026, 1, 1), 36),
            (DayOfYear(5, 6, year=1988), date(1988, 5, 6), 0),
            (DayOfYear(5, 6, year=1988), date(1988, 5, 5), None),
            (DayOfYear(5, 6, year=1988), date(1980, 5, 6), None),
            (DayOfYear(5, 6), date(2026, 5, 6), None),
        ],
    )
    def test_counts_completed_years(self, day: DayOfYear, on: date, age: int | None) -> None:
        assert age_on(day, on) == age


class TestLunarMonths:
    def test_has_the_known_leap_months(self) -> None:
        known = (
            "1900:8 1903:5 1906:4 1909:2 1911:6 1914:5 1917:2 1919:7 1922:5 1925:4 1928:2 1930:6 1933:5 1936:3 1938:7 "
            "1941:6 1944:4 1947:2 1949:7 1952:5 1955:3 1957:8 1960:6 1963:4 1966:3 1968:7 1971:5 1974:4 1976:8 1979:6 "
            "1982:4 1984:10 1987:6 1990:5 1993:3 1995:8 1998:5 2001:4 2004:2 2006:7 2009:5 2012:4 2014:9 2017:6 "
            "2020:4 2023:2 2025:6 2028:5 2031:3 2033:11 2036:6 2039:5 2042:2 2044:7 2047:5 2050:3"
        )
        leaps = [f"{m.year}:{m.month}" for year in range(1900, 2051) for m in lunar_months(year) if m.is_leap]
        assert leaps == known.split()

    @pytest.mark.parametrize(
        ("year", "first"),
        [
            (1930, date(1930, 1, 30)),
            (1985, date(1985, 2, 20)),
            (1988, date(1988, 2, 17)),
            (2000, date(2000, 2, 5)),
            (2024, date(2024, 2, 10)),
            (2026, date(2026, 2, 17)),
            (2027, date(2027, 2, 6)),
            (2034, date(2034, 2, 19)),
        ],
    )
    def test_begins_on_the_known_new_year(self, year: int, first: date) -> None:
        assert lunar_months(year)[0].first_date == first

    def test_leaves_no_gap_from_1850_to_2150(self) -> None:
        months = [month for year in range(1850, 2151) for month in lunar_months(year)]
        for month, following in pairwise(months):
            assert month.length_days in (29, 30)
            assert following.first_date - month.first_date == timedelta(days=month.length_days)

    def test_knows_the_five_years_without_a_thirtieth(self) -> None:
        lengths = {year: lunar_months(year)[-1].length_days for year in range(2023, 2030)}
        assert [year for year, length in lengths.items() if length == 29] == [2024, 2025, 2026, 2027, 2028]


class TestLunarDayOf:
    def test_agrees_with_the_library_day_by_day(self) -> None:
        picked = random.Random(33)
        for _ in range(200):
            on = date.fromordinal(picked.randrange(date(1901, 1, 1).toordinal(), date(2100, 1, 1).toordinal()))
            theirs = Solar.fromYmd(on.year, on.month, on.day).getLunar()
            day = lunar_day_of(on)
            ours = (day.year, -day.month if day.is_leap_month else day.month, day.day)
            assert ours == (theirs.getYear(), theirs.getMonth(), theirs.getDay()), on

    @given(st.dates(date(1851, 1, 1), date(2149, 12, 31)))
    def test_turns_back_into_the_same_date(self, on: date) -> None:
        assert solar_date(lunar_day_of(on)) == on

    def test_needs_a_year_to_be_a_date(self) -> None:
        with pytest.raises(ValueError, match="year"):
            solar_date(MID_AUTUMN)


class TestLocalDate:
    @pytest.mark.parametrize(
        ("now", "zone", "expected"),
        [
            (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "Asia/Shanghai", date(2026, 11, 22)),
            (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "Asia/Shanghai", date(2026, 11, 23)),
            (datetime(1988, 7, 1, 15, 30, tzinfo=UTC), "Asia/Shanghai", date(1988, 7, 2)),
            (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "Asia/Urumqi", date(2026, 11, 22)),
            (datetime(2026, 11, 22, 3, 0, tzinfo=UTC), "America/Los_Angeles", date(2026, 11, 21)),
        ],
    )
    def test_is_the_day_on_the_wall_of_the_shop(self, now: datetime, zone: str, expected: date) -> None:
        assert local_date(now, zone) == expected

    @pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "Asia", "Asia/Shanghai\x00"])
    def test_refuses_an_unknown_zone(self, zone: str) -> None:
        with pytest.raises(ZoneUnknown):
            local_date(datetime(2026, 1, 1, tzinfo=UTC), zone)

    def test_refuses_a_moment_without_zone(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            local_date(datetime(2026, 1, 1), "Asia/Shanghai")  # noqa: DTZ001


class TestWords:
    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (MID_AUTUMN, "农历八月十五"),
            (DayOfYear(8, 15, "lunar", year=1990), "农历八月十五"),
            (DayOfYear(4, 1, "lunar", True), "农历闰四月初一"),
            (DayOfYear(1, 10, "lunar"), "农历正月初十"),
            (DayOfYear(11, 20, "lunar"), "农历冬月二十"),
            (DayOfYear(12, 29, "lunar"), "农历腊月廿九"),
            (DayOfYear(12, 30, "lunar"), "农历腊月三十"),
            (NEW_YEARS_EVE, "农历除夕"),
        ],
    )
    def test_name_a_lunar_day(self, day: DayOfYear, name: str) -> None:
        assert lunar_day_name(day) == name

    def test_have_no_lunar_name_for_a_solar_day(self) -> None:
        with pytest.raises(ValueError, match="solar"):
            lunar_day_name(MAY_6)

    @pytest.mark.parametrize(
        ("days", "facts"),
        [
            (0, RelativeDays("today", 0)),
            (1, RelativeDays("tomorrow", 1)),
            (-1, RelativeDays("yesterday", 1)),
            (2, RelativeDays("ahead", 2)),
            (-30, RelativeDays("ago", 30)),
        ],
    )
    def test_give_facts_of_a_distance(self, days: int, facts: RelativeDays) -> None:
        assert relative_days(days) == facts

    def test_read_back_every_lunar_numeral(self) -> None:
        assert [number_of(lunar_day_words(day)) for day in range(1, 31)] == list(range(1, 31))
        assert [number_of(lunar_month_words(month)[:-1]) for month in range(1, 13)] == list(range(1, 13))
