"""When people buy: festivals of both calendars, weekends, wedding months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from .dice import Weighted
from .moons import solar_day


@dataclass(frozen=True, slots=True)
class Festival:
    """A day that draws people in, from `lead_days` before it; `pull` is how many times a usual day at its peak."""

    name: str
    day: date
    lead_days: int
    pull: int


# Which festivals move which kind of buyer, and how strongly (tenths of the festival's own pull).
_MOVED = {
    "gift": {
        "情人节": 12,
        "女神节": 7,
        "母亲节": 9,
        "520": 12,
        "七夕": 12,
        "圣诞": 7,
        "春节": 7,
        "双十一": 4,
        "国庆": 3,
    },
    "self": {"女神节": 9, "春节": 9, "双十一": 9, "国庆": 5, "520": 3, "圣诞": 5, "元旦": 5, "七夕": 2},
    "saver": {"春节": 12, "国庆": 4, "双十一": 3, "元旦": 3},
    "bridal": {"国庆": 10, "520": 9, "元旦": 6, "春节": 4, "情人节": 3, "七夕": 5},
    "elder": {"春节": 13, "国庆": 6, "母亲节": 6, "元旦": 4},
    "collector": {"春节": 8, "国庆": 7, "元旦": 4},
    "baby": {"春节": 6, "国庆": 2},
    "company": {"春节": 14, "国庆": 5},
}
_WEEKDAY = (8, 7, 8, 8, 11, 17, 16)


@lru_cache(maxsize=64)
def festivals(year: int) -> tuple[Festival, ...]:
    """Return the festivals that fall into one solar year, in order of day."""
    first_of_may = date(year, 5, 1)
    mothers_day = first_of_may + timedelta(days=(6 - first_of_may.weekday()) + 7)
    return (
        Festival("元旦", date(year, 1, 1), 3, 3),
        *sorted(
            (
                Festival("春节", solar_day(year, 1, 1), 24, 4),
                Festival("情人节", date(year, 2, 14), 7, 6),
            ),
            key=lambda festival: festival.day,
        ),
        Festival("女神节", date(year, 3, 8), 5, 3),
        *sorted(
            (Festival("母亲节", mothers_day, 6, 3), Festival("520", date(year, 5, 20), 7, 6)),
            key=lambda festival: festival.day,
        ),
        Festival("七夕", solar_day(year, 7, 7), 7, 5),
        Festival("国庆", date(year, 10, 6), 7, 4),
        Festival("双十一", date(year, 11, 11), 6, 4),
        Festival("圣诞", date(year, 12, 24), 7, 3),
    )


def festival_near(day: date, motive: str) -> str:
    """Return the festival that a purchase of this day belongs to, or ""."""
    moved = _MOVED[motive]
    for festival in festivals(day.year):
        if festival.name in moved and 0 <= (festival.day - day).days <= festival.lead_days:
            return festival.name
    return ""


def open_day(day: date) -> date:
    """Return the day itself, or the next one if it is the first day of the lunar year, when the shops are closed."""
    return day + timedelta(days=1) if day == solar_day(day.year, 1, 1) else day


@lru_cache(maxsize=1024)
def month_pull(year: int, month: int, motive: str) -> float:
    """Return how busy a month is for a motive; 1.0 is a month without festivals."""
    weights = _day_weights(year, month, motive)
    return sum(weights) / (len(weights) * 1071.0)


def day_in_month(rng: Random, year: int, month: int, motive: str) -> date:
    """Return one day of a month, likelier at weekends and before the festivals that move this motive."""
    return date(year, month, _days(year, month, motive).draw(rng))


@lru_cache(maxsize=1024)
def _days(year: int, month: int, motive: str) -> Weighted[int]:
    return Weighted(enumerate(_day_weights(year, month, motive), start=1))


@lru_cache(maxsize=1024)
def _day_weights(year: int, month: int, motive: str) -> tuple[int, ...]:
    """Return one weight a day; a plain week adds up to about 7 × 1071."""
    moved = _MOVED[motive]
    weights = []
    day = date(year, month, 1)
    while day.month == month:
        weight = 100
        for festival in festivals(year):
            left = (festival.day - day).days
            if festival.name in moved and 0 <= left <= festival.lead_days:
                nearness = festival.lead_days + 1 - left // 2
                weight += 10 * festival.pull * moved[festival.name] * nearness // (festival.lead_days + 1)
        weights.append(weight * _WEEKDAY[day.weekday()])
        day += timedelta(days=1)
    if month == _new_year_month(year):
        weights = _closed_for_new_year(year, month, weights)
    return tuple(weights)


def _new_year_month(year: int) -> int:
    return solar_day(year, 1, 1).month


def _closed_for_new_year(year: int, month: int, weights: list[int]) -> list[int]:
    """Take the first day of the lunar year out: the shops are closed."""
    closed = solar_day(year, 1, 1)
    return [0 if date(year, month, number) == closed else weight for number, weight in enumerate(weights, start=1)]
