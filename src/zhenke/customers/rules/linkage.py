"""What two archives are compared by: the record that the archive hands to linkage, in memory and never in a file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from zhenke.basics.days import DayOfYear, solar_date
from zhenke.basics.names import normalise_query, pinyin_readings, split_name

CROWD = 8  # a phone of more archives than this is the shop's own, a placeholder or an agency's: it says nothing

# Name and DuckDB's, Spark's and Arrow's common type. `wechat` and `email` are keyed indexes, the rest is plain.
RECORD_COLUMNS = (
    ("unique_id", "BIGINT"),
    ("name", "VARCHAR"),
    ("family", "VARCHAR"),
    ("given", "VARCHAR"),
    ("gender", "VARCHAR"),
    ("phone", "VARCHAR"),
    ("second_phone", "VARCHAR"),
    ("wechat", "VARCHAR"),
    ("email", "VARCHAR"),
    ("born", "VARCHAR"),
    ("said", "VARCHAR"),
    ("birth_year", "BIGINT"),
)
Spoken = tuple[str | None, str | None, str | None]
Birthday = tuple[str | None, str | None, int | None]


@lru_cache(maxsize=200_000)
def spoken_name(name: str) -> Spoken:
    """Return the name without dress, and its family and given part in pinyin; None for what it does not say.

    Example: 周丽 -> (周丽, zhou, li); 周女士 -> (周女士, zhou, None); Li Wang -> (liwang, wang, li)
    """
    plain = normalise_query(name)
    if not plain:
        return (None, None, None)
    parts = split_name(name)
    whole = pinyin_readings(name)
    family = pinyin_readings(parts.family).pinyin if parts.family else whole.pinyin
    given = pinyin_readings(parts.given).pinyin if parts.family and parts.given else None
    if whole.pinyin.startswith(family) and given is not None:
        given = whole.pinyin.removeprefix(family) or given
    return (plain, family, given)


@lru_cache(maxsize=200_000)
def compared_birthday(calendar: str, month: int, day: int, is_leap_month: bool, year: int | None) -> Birthday:
    """Return the solar day if its year is known, the month and day as they were said, and the year as it was said.

    Example: lunar 1990, 8th month, 15th -> ("1990-10-03", "08-15", 1990)
    """
    said = f"{month:02d}-{day:02d}"
    if year is None:
        return (None, said, None)
    return (solar_date(DayOfYear(month, day, calendar, is_leap_month, year)).isoformat(), said, year)


def as_columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    """Turn records into columns, one per RECORD_COLUMNS, also for no records."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in RECORD_COLUMNS]
