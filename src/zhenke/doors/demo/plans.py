"""On which days one customer buys, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .dice import dice, happens
from .gold import GOLD, is_low
from .lives import Life
from .seasons import day_in_month, festival_near, month_pull, open_day

_MOST_VISITS = 48


@dataclass(frozen=True, slots=True)
class Plan:
    """One buying day; `occasion` says what for ("engagement", "wedding", "baby", "gift", "self", …)."""

    day: date
    occasion: str
    festival: str


def buying_days(seed: int, today: date, life: Life) -> list[Plan]:
    """Return the buying days of one customer inside the window, the first one first, never two on one day."""
    if life.first_sale is None:
        return []
    rng = dice(seed, "plan", life.number)
    planned = {life.first_sale: _first_occasion(rng, life)}
    gone = _last_day(rng, today, life)
    for day, occasion in (*_wedding_days(rng, life), *_repeats(rng, life, gone)):
        if life.first_sale < open_day(day) < today:
            planned.setdefault(open_day(day), occasion)
    days = sorted(planned)[:_MOST_VISITS]
    return [Plan(day, planned[day], festival_near(day, life.motive)) for day in days]


def _first_occasion(rng: Random, life: Life) -> str:
    if life.motive == "bridal":
        return "engagement" if happens(rng, 42) else "wedding"
    return life.motive


def _last_day(rng: Random, today: date, life: Life) -> date:
    """Return the day on which she is lost for good, at the latest today."""
    day = life.first_sale or today
    while day < today:
        day += timedelta(days=30)
        if rng.randrange(1000) < life.leaving_permille:
            return day
    return today


def _wedding_days(rng: Random, life: Life) -> list[tuple[date, str]]:
    """Return what follows from a wedding and a child: gold, rings for both, anniversaries, a lock for the baby."""
    if not life.wedding or not life.first_sale:
        return []
    days = []
    wedding = life.wedding
    if life.motive == "bridal":
        if happens(rng, 34):
            days.append((wedding - timedelta(days=rng.randrange(18, 75)), "wedding"))
        if happens(rng, 22):
            days.append((wedding - timedelta(days=rng.randrange(10, 45)), "pair_rings"))
    percent = 16 if life.motive in ("bridal", "gift") else 3
    for year in range(wedding.year + 1, wedding.year + 40):
        if happens(rng, percent):
            days.append(
                (
                    wedding.replace(year=year, day=min(wedding.day, 28)) - timedelta(days=rng.randrange(1, 12)),
                    "anniversary",
                )
            )
    if life.baby and life.motive == "bridal" and happens(rng, 62):
        days.append((life.baby + timedelta(days=rng.randrange(12, 29)), "baby"))
    return days


def _repeats(rng: Random, life: Life, gone: date) -> list[tuple[date, str]]:
    """Return the later purchases, month by month: likelier in busy months, and for savers when gold is cheap."""
    days = []
    first = life.first_sale or gone
    year, month = first.year, first.month
    while (year, month) <= (gone.year, gone.month):
        chance = life.rate_centi / 1200 * month_pull(year, month, life.motive)
        if life.motive == "saver":
            chance *= 1.7 if is_low(GOLD, date(year, month, 15)) else 0.6
        for _ in range(2):
            if rng.random() < chance / 2:
                days.append((day_in_month(rng, year, month, life.motive), _later_occasion(rng, life)))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return [(day, occasion) for day, occasion in days if day <= gone]


def _later_occasion(rng: Random, life: Life) -> str:
    if life.motive == "bridal":
        return rng.choice(("self", "gift", "gift", "saver"))
    if life.motive == "baby":
        return rng.choice(("baby", "self", "elder"))
    if life.motive == "company":
        return "company"
    return life.motive if happens(rng, 74) else rng.choice(("self", "gift", "saver", "elder", "baby"))
