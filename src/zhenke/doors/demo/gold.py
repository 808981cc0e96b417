"""The gold board: invented prices that move as a real board does, the same for a day whatever the seed.

The anchors are prices at the start of each quarter. Between them the price runs straight, with waves of six weeks and
of one, and a little daily noise. After the last anchor it rises by a fixed step each month, so that a shop made years
later works too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from .dice import dice
from .rows import MetalPriceRow

GOLD = "au999"
PLATINUM = "pt950"
SILVER = "ag999"
BOARD_METALS = (GOLD, PLATINUM, SILVER)

_FIRST_YEAR = 2021
_GOLD_YUAN = (
    488, 471, 486, 480,
    492, 512, 502, 510,
    538, 562, 578, 592,
    622, 706, 728, 775,
    812, 946, 1002, 1108,
    1346, 1402, 1388, 1425,
)  # fmt: skip
_GOLD_STEP_YUAN = 5
_PLATINUM_YUAN = (
    398,
    402,
    392,
    388,
    396,
    404,
    390,
    386,
    402,
    396,
    384,
    380,
    378,
    392,
    398,
    402,
    408,
    426,
    512,
    548,
    640,
    668,
    655,
    662,
)
_PLATINUM_STEP_YUAN = 2
_SILVER_YUAN = (14, 14, 14, 13, 13, 13, 12, 13, 14, 14, 14, 15, 15, 17, 18, 19, 20, 21, 23, 26, 34, 36, 35, 36)
_CURVES = {
    GOLD: (_GOLD_YUAN, _GOLD_STEP_YUAN),
    PLATINUM: (_PLATINUM_YUAN, _PLATINUM_STEP_YUAN),
    SILVER: (_SILVER_YUAN, 0),
}


@lru_cache(maxsize=8192)
def board_price(metal: str, day: date) -> int:
    """Return the board price of a metal.

    Units:  fen per gram; whole yuan, as a shop board shows it.
    Errors: KeyError for a metal that has no board.
    Example: board_price("au999", date(2026, 1, 1)) is near 134600
    """
    week, weekday = divmod(day.toordinal(), 7)
    season, in_season = divmod(day.toordinal(), 42)
    swing = _wave(metal, "week", week, 16) * (7 - weekday) + _wave(metal, "week", week + 1, 16) * weekday
    tide = _wave(metal, "season", season, 45) * (42 - in_season) + _wave(metal, "season", season + 1, 45) * in_season
    noise = dice(0, "board", metal, day.toordinal()).randrange(-4, 5)
    permille = 1000 + swing // 7 + tide // 42 + noise
    return max(100, _trend(metal, day) * permille // 1000 // 100 * 100)


def is_low(metal: str, day: date) -> bool:
    """Return True when the price stands below its mean of the last four weeks: then savers buy."""
    before = [board_price(metal, day - timedelta(days=7 * back)) for back in range(1, 5)]
    return board_price(metal, day) * len(before) < sum(before)


def metal_prices(*, first: date, last: date) -> Iterator[MetalPriceRow]:
    """Yield the board of every day from `first` to `last`, day by day."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for metal in BOARD_METALS:
            yield MetalPriceRow(metal, day, board_price(metal, day))


def _trend(metal: str, day: date) -> int:
    """Return the price without its swings, in fen."""
    anchors, step = _CURVES[metal]
    months = (day.year - _FIRST_YEAR) * 12 + day.month - 1
    quarter, in_quarter = divmod(months, 3)
    if quarter >= len(anchors) - 1:
        return (anchors[-1] + step * (months - 3 * (len(anchors) - 1))) * 100
    if quarter < 0:
        return anchors[0] * 100
    passed = in_quarter * 30 + min(day.day, 30)
    return (anchors[quarter] * (90 - passed) + anchors[quarter + 1] * passed) * 100 // 90


def _wave(metal: str, pace: str, number: int, height: int) -> int:
    """Return the height of one wave in thousandths, up or down."""
    return dice(0, "wave", metal, pace, number).randrange(-height, height + 1)
