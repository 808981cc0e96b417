"""Reads days from the ways people write them. What can be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from zhenke.basics.days.day_of_year import NEW_YEARS_EVE, DayImpossible, DayOfYear
from zhenke.basics.days.numerals import DAY, MONTH, YEAR, number_of
from zhenke.basics.errors import BadInput

_LONGEST_TEXT = 40
_SAME_SIGN = str.maketrans("農曆閏臘號陰舊—–−", "农历闰腊号阴旧---")
_LUNAR_MARK = re.compile(r"\(?(?:农历|阴历|旧历|夏历|lunar)\)?[:\s]?", re.IGNORECASE)
_SOLAR_MARK = re.compile(r"\(?(?:公历|阳历|新历|国历)\)?[:\s]?")
_LUNAR_WORDS = re.compile(r"[初廿卅闰]|正月|冬月|腊月|除夕|大年|年三十")
_MIDNIGHT = re.compile(r"(?<=[0-9日号])[ t]0{1,2}:00(?::00(?:\.0+)?)?$")
_TIME = re.compile(r"[0-9]:[0-9]|[时点]|上午|下午")
_SEPARATOR = re.compile(r"\s*([-/.年月日号])\s*")

_PLAIN = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_S = "[-/. ]"
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. 年]([0-9]{1,2})[-/. 月]([0-9]{1,2})[日号]?")
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}}){_S}([0-9]{{1,2}}){_S}([0-9]{{4}})")
_CHINESE = re.compile(rf"(?:({YEAR})年)?({MONTH})月({DAY})([日号]?)")
_NO_YEAR = re.compile(r"(?:--)?([0-9]{1,2})[-/]([0-9]{1,2})")
_SHORT_YEAR = re.compile(
    rf"[0-9]{{2}}[-/. 年][0-9]{{1,2}}[-/. 月][0-9]{{1,2}}[日号]?|[0-9]{{1,2}}{_S}[0-9]{{1,2}}{_S}[0-9]{{2}}"
)
_DAY_NAMED = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?{_S}?([a-z]{{3,9}})(?:[-/., ]+([0-9]{{4}}))?")
_MONTH_NAMED = re.compile(rf"([a-z]{{3,9}}){_S}{{0,2}}([0-9]{{1,2}})(?:st|nd|rd|th)?(?:[-/., ]+([0-9]{{4}}))?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]*)?")
_SERIAL_IN_DATE_COLUMN = re.compile(r"[0-9]{1,5}(?:\.[0-9]*)?")
_ENGLISH_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}

_LUNAR_EVE = re.compile(rf"(?:({YEAR})年)?(?:除夕|大年三十|年三十|大年夜)")
_LUNAR_NEW_YEAR = re.compile(rf"(?:({YEAR})年)?大年(初[一二三四五六七八九十])")
_LUNAR_DAY = re.compile(rf"(?:({YEAR})年)?(闰?)({MONTH})月({DAY})[日号]?")
_LUNAR_DIGITS = re.compile(r"(?:([0-9]{4})[-/.])?(闰?)([0-9]{1,2})[-/.]([0-9]{1,2})")

_SERIAL_EPOCH = date(1899, 12, 30)
_FALSE_LEAP_DAY = 60
_LAST_SERIAL = 91_312  # 2149-12-31


class DateRefused(BadInput):
    """A text that is not one certain day; the named kinds below say why."""

    code = "date_refused"
    message = "This is not a date."


class DateEmpty(DateRefused):
    """Nothing was written."""

    code = "date_empty"
    message = "The date is empty."


class DateUnreadable(DateRefused):
    """No usual spelling of a date."""

    code = "date_unreadable"
    message = "This is not a date; write it as 2024-05-06."


class DateAmbiguous(DateRefused):
    """Day and month can be exchanged."""

    code = "date_ambiguous"
    message = "It is not clear which number is the day and which the month; write the date as 2024-05-06."


class CalendarAmbiguous(DateRefused):
    """The day can be solar or lunar."""

    code = "calendar_ambiguous"
    message = "This day can be solar or lunar; write 农历八月十五 or 8月15日."


class DateYearShort(DateRefused):
    """A year of two digits can be of this or the last century."""

    code = "date_year_short"
    message = "The year needs four digits, such as 1988."


class DateHasTime(DateRefused):
    """A moment is a different day in another time zone, so a day is not taken from it."""

    code = "date_has_time"
    message = "This is a moment and not a day; give the date without the time of day."


class DateLooksSerial(DateRefused):
    """The inner number of a spreadsheet, which is a date only if the column is known to hold dates."""

    code = "date_looks_serial"
    message = "This looks like the inner number of a spreadsheet date; say that the column holds such numbers."


class DateYearMissing(DateRefused):
    """A day without year where a full date is needed."""

    code = "date_year_missing"
    message = "The year is missing; write the date as 2024-05-06."


class DateIsLunar(DateRefused):
    """A lunar day where a solar date is needed."""

    code = "date_is_lunar"
    message = "This is a lunar day and a solar date is needed, such as 2024-05-06."


def parse_date(text: object, *, order: str = "", is_serial: bool = False) -> date:
    """Return the full solar date that was written.

    Units:  `text` a text, or a cell as a spreadsheet reader gives it (date, number);
            `order` "dmy" or "mdy" for columns that are known to be written so, else "";
            `is_serial` for columns that hold the inner numbers of a spreadsheet (1900 system).
    Errors: a kind of DateRefused; DayImpossible for 2023-02-29 or a year out of range.
    Example: 2024年5月6日 -> 2024-05-06; 6.5.2024 -> DateAmbiguous; 25.5.2024 -> 2024-05-25
    """
    day = parse_day_of_year(text, order=order, is_serial=is_serial)
    if day.calendar != "solar":
        raise DateIsLunar
    if day.year is None:
        raise DateYearMissing
    return date(day.year, day.month, day.day)


def parse_day_of_year(text: object, *, order: str = "", is_serial: bool = False) -> DayOfYear:
    """Return the day that was written, solar or lunar, with its year if it has one.

    Units and errors: as `parse_date`.
    Example: 5月6日 -> solar 5-6; 农历八月十五 -> lunar 8-15; 闰四月初一 -> lunar leap 4-1; 除夕 -> the last lunar day
    """
    if isinstance(text, date):
        return _from_date(text)
    found = _PLAIN.fullmatch(text) if isinstance(text, str) else None  # a million rows are written so
    if found:
        return DayOfYear(int(found[2]), int(found[3]), year=int(found[1]))
    if isinstance(text, (int, float)):
        text = f"{text:.10g}" if isinstance(text, float) else str(text)
    if not isinstance(text, str):
        raise DateUnreadable
    plain = _plain(text)
    if is_serial and _SERIAL_IN_DATE_COLUMN.fullmatch(plain):
        return _from_date(_from_serial(plain))
    unmarked = _LUNAR_MARK.sub("", plain)
    if unmarked != plain or _LUNAR_WORDS.search(plain):
        if _SOLAR_MARK.search(plain):
            raise CalendarAmbiguous
        return _read_lunar(unmarked.strip())
    bare = _SOLAR_MARK.sub("", plain).strip()
    return _read_solar(bare, order, is_marked=bare != plain)


def _plain(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise DateUnreadable
    plain = unicodedata.normalize("NFKC", text).translate(_SAME_SIGN).strip().lstrip("'").lower()
    plain = _SEPARATOR.sub(r"\1", _MIDNIGHT.sub("", " ".join(plain.split())))
    if not plain or set(plain) <= {"-", "/", "."}:
        raise DateEmpty
    if _TIME.search(plain):
        raise DateHasTime
    return plain


def _from_date(day: date) -> DayOfYear:
    if isinstance(day, datetime) and (day.tzinfo is not None or day.time() != time()):
        raise DateHasTime
    return DayOfYear(day.month, day.day, year=day.year)


def _from_serial(plain: str) -> date:
    whole, _, part = plain.partition(".")
    number = int(whole)
    if part.strip("0"):
        raise DateHasTime
    if number == _FALSE_LEAP_DAY or not 1 <= number <= _LAST_SERIAL:
        raise DayImpossible(reason="the spreadsheet number is not a real day")
    # Spreadsheets count a 29 February 1900 that never was; the days before it are one off.
    return _SERIAL_EPOCH + timedelta(days=number + (number < _FALSE_LEAP_DAY))


def _read_solar(plain: str, order: str, *, is_marked: bool) -> DayOfYear:
    found = _YEAR_FIRST.fullmatch(plain) or _EIGHT_DIGITS.fullmatch(plain)
    if found:
        return DayOfYear(int(found[2]), int(found[3]), year=int(found[1]))
    found = _CHINESE.fullmatch(plain)
    if found:
        if not (is_marked or found[4] or found[3].isdecimal()):
            raise CalendarAmbiguous
        return DayOfYear(number_of(found[2]), number_of(found[3]), year=_year(found[1]))
    found = _YEAR_LAST.fullmatch(plain)
    if found:
        month, day = _ordered(int(found[1]), int(found[2]), order)
        return DayOfYear(month, day, year=int(found[3]))
    if _SHORT_YEAR.fullmatch(plain):
        raise DateYearShort
    found = _NO_YEAR.fullmatch(plain)
    if found:
        month, day = _ordered(int(found[1]), int(found[2]), order or "mdy")
        return DayOfYear(month, day)
    if _SERIAL.fullmatch(plain):
        raise DateLooksSerial
    return _read_english(plain)


def _read_english(plain: str) -> DayOfYear:
    for pattern, month_at, day_at in ((_DAY_NAMED, 2, 1), (_MONTH_NAMED, 1, 2)):
        found = pattern.fullmatch(plain)
        month = found and _ENGLISH_MONTHS.get(found[month_at])
        if found and month:
            return DayOfYear(month, int(found[day_at]), year=_year(found[3]))
    raise DateUnreadable


def _year(text: str | None) -> int | None:
    return number_of(text) if text else None


def _ordered(first: int, second: int, order: str) -> tuple[int, int]:
    """Return month and day of two numbers."""
    if order == "mdy" or (not order and second > 12):
        return first, second
    if order == "dmy" or first > 12 or first == second:
        return second, first
    raise DateAmbiguous


def _read_lunar(plain: str) -> DayOfYear:
    found = _LUNAR_EVE.fullmatch(plain)
    if found:
        return replace(NEW_YEARS_EVE, year=_year(found[1]))
    found = _LUNAR_NEW_YEAR.fullmatch(plain)
    if found:
        return DayOfYear(1, number_of(found[2]), "lunar", year=_year(found[1]))
    found = _LUNAR_DAY.fullmatch(plain) or _LUNAR_DIGITS.fullmatch(plain)
    if found:
        return DayOfYear(number_of(found[3]), number_of(found[4]), "lunar", bool(found[2]), _year(found[1]))
    found = _EIGHT_DIGITS.fullmatch(plain)
    if found:
        return DayOfYear(int(found[2]), int(found[3]), "lunar", year=int(found[1]))
    raise DateUnreadable
