"""Chinese numerals of dates."""

from __future__ import annotations

_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_TENS = {"十": 10, "廿": 20, "念": 20, "卅": 30}

YEAR = "(?:[0-9]{4}|[零〇一二三四五六七八九]{4})"
MONTH = "(?:1[0-2]|0?[1-9]|正|冬|腊|十[一二]?|[一二三四五六七八九])"
DAY = (
    "(?:[12][0-9]|3[01]|0?[1-9]"
    "|初十|初[一二三四五六七八九]|[廿念卅][一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)


def number_of(text: str) -> int:
    """Return the number of a year, month or day: 1990, 一九九〇, 正, 十二, 初八, 廿三, 三十.

    Errors: KeyError for other signs.
    """
    if text.isdecimal() and text.isascii():
        return int(text)
    if text in _MONTHS:
        return _MONTHS[text]
    if len(text) == 4:
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = 0
    for sign in text.removeprefix("初"):
        if sign in _TENS:
            total = (total or 1) * 10 if sign == "十" else _TENS[sign]
        else:
            total += _DIGITS[sign]
    return total


def lunar_month_words(month: int) -> str:
    """Return the month as it is called: 正月, 八月, 冬月, 腊月."""
    return "正二三四五六七八九十冬腊"[month - 1] + "月"


def lunar_day_words(day: int) -> str:
    """Return the day as it is called: 初一, 十五, 二十, 廿三, 三十."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return "初十廿"[day // 10] + "十一二三四五六七八九"[day % 10]
