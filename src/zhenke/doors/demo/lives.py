"""What moves one customer: why she buys, since when, how often, until when. Everything else follows from this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from .dice import Weighted, dice, happens
from .places import choose_advisor, choose_shop
from .seasons import day_in_month, month_pull, open_day

WINDOW_DAYS = 1096
_PROSPECT_PERCENT = 18
_PAIR_PERCENT = 5

_MOTIVE = Weighted(
    (("self", 29), ("bridal", 21), ("gift", 18), ("saver", 14), ("elder", 9), ("baby", 5), ("collector", 4))
)
_PAIR_MOTIVES = (("gift", "self"), ("bridal", "self"), ("gift", "collector"), ("saver", "elder"))
_KIND = Weighted((("person", 949), ("foreigner", 10), ("company", 8), ("partner", 3), ("brief", 30)))
_FEMALE_PERCENT = {
    "self": 88,
    "bridal": 52,
    "gift": 24,
    "saver": 58,
    "elder": 71,
    "baby": 60,
    "collector": 66,
    "company": 50,
}
_AGES = {
    "self": (21, 52),
    "bridal": (23, 35),
    "gift": (24, 56),
    "saver": (30, 64),
    "elder": (52, 78),
    "baby": (27, 62),
    "collector": (36, 68),
    "company": (28, 55),
}
# Purchases a year after the first, in hundredths, from the least to the most loyal twentieth: the shape of a gamma.
_RATES = (0, 0, 0, 1, 2, 3, 5, 7, 10, 13, 18, 24, 31, 41, 55, 74, 105, 150, 240, 480)
_RATE_TENTHS = {"self": 11, "bridal": 6, "gift": 10, "saver": 12, "elder": 7, "baby": 5, "collector": 16, "company": 14}
# Chance to leave for good in a month, in thousandths, five kinds of people.
_LEAVING = (4, 12, 25, 45, 90)
_BUDGET = {
    "self": Weighted(enumerate((26, 38, 25, 9, 2))),
    "bridal": Weighted(enumerate((2, 12, 44, 34, 8))),
    "gift": Weighted(enumerate((24, 36, 28, 10, 2))),
    "saver": Weighted(enumerate((10, 24, 36, 22, 8))),
    "elder": Weighted(enumerate((22, 34, 28, 12, 4))),
    "baby": Weighted(enumerate((32, 40, 22, 5, 1))),
    "collector": Weighted(enumerate((0, 2, 20, 40, 38))),
    "company": Weighted(enumerate((0, 8, 32, 40, 20))),
}
_SOURCE = {
    "bridal": Weighted((("walk_in", 34), ("wedding_fair", 30), ("referral", 16), ("online", 12), ("wechat", 8))),
    "": Weighted(
        (("walk_in", 52), ("referral", 17), ("wechat", 15), ("online", 13), ("wedding_fair", 1), ("event", 2))
    ),
}
_STAGES = Weighted((("E", 25), ("D", 29), ("C", 21), ("B", 16), ("A", 9)))
_WEDDING_MONTHS = (1, 2, 5, 5, 5, 6, 9, 10, 10, 10, 11, 12)
# Prospects whose intent is still open came in lately.
_OPEN_STAGES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Life:
    """The hidden side of one customer.

    `rate_centi` is purchases a year × 100 after the first; `leaving_permille` the chance to leave in a month; `budget`
    a band 0…4. `pair_number` is the customer number of the spouse if both are customers, else 0. `wedding` may lie
    before the window or after today, `baby` only before today. `is_prospect`: never bought.
    """

    number: int
    kind: str
    motive: str
    gender: str
    birth_year: int
    shop_code: str
    advisor: str
    source: str
    budget: int
    known_since: date
    is_prospect: bool
    stage: str
    first_sale: date | None
    rate_centi: int
    leaving_permille: int
    pair_number: int
    wedding: date | None
    baby: date | None


def customer_no(number: int) -> str:
    """Return the card number of the customer with a running number; the last digit is a check digit."""
    body = 880_000_000 + number
    return f"ZB{body}{sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(str(body))) % 10}"


@lru_cache(maxsize=4096)
def life(seed: int, today: date, number: int) -> Life:
    """Return the life of one customer, the same whoever else there is."""
    rng = dice(seed, "life", number)
    pair = _pair_of(seed, number)
    kind = "person" if pair else _KIND.draw(rng)
    motive = _motive(rng, kind, seed, number, pair)
    gender = _gender(rng, kind, motive, seed, number, pair)
    place = dice(seed, "household", min(number, pair)) if pair else rng
    shop_code = choose_shop(place)
    advisor = choose_advisor(place, shop_code)
    is_prospect = not pair and happens(rng, _PROSPECT_PERCENT)
    stage = _STAGES.draw(rng) if is_prospect else ""
    known_since = (
        _known_since(rng, today, motive)
        if stage not in _OPEN_STAGES
        else open_day(today - timedelta(days=rng.randrange(2, 170)))
    )
    first_sale = None if is_prospect else _first_sale(rng, today, known_since)
    wedding: date | None
    if pair:
        wedding, born = _couple(place, rng, today, motive)
    else:
        low, high = _AGES[motive]
        born = today.year - (low + min(rng.randrange(high - low + 1), rng.randrange(high - low + 1)))
        anchor = today if stage in _OPEN_STAGES else first_sale or known_since
        wedding = _wedding(rng, motive, anchor, born) if gender else None
    return Life(
        number=number,
        kind=kind,
        motive=motive,
        gender=gender,
        birth_year=born,
        shop_code=shop_code,
        advisor=advisor,
        source=_SOURCE.get(motive, _SOURCE[""]).draw(rng),
        budget=_BUDGET[motive].draw(rng),
        known_since=min(known_since, first_sale or known_since),
        is_prospect=is_prospect,
        stage=stage,
        first_sale=first_sale,
        rate_centi=_RATES[rng.randrange(20)] * _RATE_TENTHS[motive] // 10,
        leaving_permille=_LEAVING[rng.randrange(5)],
        pair_number=pair,
        wedding=wedding,
        baby=_baby(rng, motive, wedding, first_sale, today),
    )


def _pair_of(seed: int, number: int) -> int:
    """Return the number of the spouse, who has the neighbouring number, or 0."""
    first = number - number % 2
    if first == 0 or not happens(dice(seed, "pair", first), _PAIR_PERCENT):
        return 0
    return first + 1 - number % 2


def _motive(rng: Random, kind: str, seed: int, number: int, pair: int) -> str:
    if pair:
        return dice(seed, "pair-motive", min(number, pair)).choice(_PAIR_MOTIVES)[number % 2]
    if kind in ("company", "partner"):
        return "company"
    return _MOTIVE.draw(rng)


def _gender(rng: Random, kind: str, motive: str, seed: int, number: int, pair: int) -> str:
    if kind in ("company", "partner"):
        return ""
    if pair:
        return "m" if number % 2 == 0 else "f"
    return "f" if happens(rng, _FEMALE_PERCENT[motive]) else "m"


def _known_since(rng: Random, today: date, motive: str) -> date:
    """Return the day she was first written down: a sixth before the window, else busier in festive months."""
    start = today - timedelta(days=WINDOW_DAYS)
    if happens(rng, 16):
        return start - timedelta(days=rng.randrange(10, 1000))
    while True:
        passed = 1 + rng.randrange(WINDOW_DAYS - 2)
        day = start + timedelta(days=passed)
        growth = 7 + 3 * passed / WINDOW_DAYS
        if rng.random() * 26 < growth * month_pull(day.year, day.month, motive):
            chosen = day_in_month(rng, day.year, day.month, motive)
            if start < chosen < today:
                return chosen


def _first_sale(rng: Random, today: date, known_since: date) -> date:
    """Return the day of the first purchase inside the window: mostly at once, for some after some weeks."""
    start = today - timedelta(days=WINDOW_DAYS)
    yesterday = today - timedelta(days=1)
    if known_since <= start:
        return open_day(start + timedelta(days=1 + min(rng.randrange(700), rng.randrange(700))))
    wait = 0 if happens(rng, 68) else min(rng.randrange(1, 120), rng.randrange(1, 120))
    day = open_day(known_since + timedelta(days=wait))
    return day if day <= yesterday else known_since


def _couple(household: Random, rng: Random, today: date, motive: str) -> tuple[date, int]:
    """Return the wedding day that both share, and the year in which this one was born."""
    is_old = motive in ("elder", "saver")
    year = today.year - (household.randrange(26, 46) if is_old else household.randrange(2, 15))
    wedding = day_in_month(household, year, household.choice(_WEDDING_MONTHS), "bridal")
    return wedding, year - rng.randrange(23, 31)


def _wedding(rng: Random, motive: str, anchor: date, born: int) -> date | None:
    """Return the wedding day: soon for couples who choose rings, years ago for most others, unknown for many."""
    if motive == "bridal":
        month_start = anchor + timedelta(days=rng.randrange(20, 240))
        day = day_in_month(rng, month_start.year, month_start.month, "bridal")
        return day if day > anchor else anchor + timedelta(days=30)
    year = born + rng.randrange(23, 31)
    if not happens(rng, 34) or year >= anchor.year:
        return None
    return day_in_month(rng, year, rng.choice(_WEDDING_MONTHS), "bridal")


def _baby(rng: Random, motive: str, wedding: date | None, first_sale: date | None, today: date) -> date | None:
    """Return the birthday of a child (or grandchild) that the shop knows of."""
    if motive == "baby" and first_sale:
        return first_sale - timedelta(days=rng.randrange(8, 60))
    if motive == "bridal" and wedding and happens(rng, 46):
        born = wedding + timedelta(days=rng.randrange(240, 900))
        return born if born < today else None
    if wedding and happens(rng, 22):
        born = wedding + timedelta(days=rng.randrange(300, 1600))
        return born if born < today else None
    return None
