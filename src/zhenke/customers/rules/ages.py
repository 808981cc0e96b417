"""Ages, age bands and the animal of the year, from a year of birth."""

from __future__ import annotations

from datetime import date

# First age of each band and its code; the last one is open.
BANDS: tuple[tuple[int, str], ...] = (
    (0, "under_18"),
    (18, "18_24"),
    (25, "25_34"),
    (35, "35_44"),
    (45, "45_54"),
    (55, "55_64"),
    (65, "65_up"),
)
BAND_CODES = tuple(code for _, code in BANDS)
ANIMALS = ("rat", "ox", "tiger", "rabbit", "dragon", "snake", "horse", "goat", "monkey", "rooster", "dog", "pig")
_SIGNS: tuple[tuple[tuple[int, int], str], ...] = (
    ((1, 20), "aquarius"),
    ((2, 19), "pisces"),
    ((3, 21), "aries"),
    ((4, 20), "taurus"),
    ((5, 21), "gemini"),
    ((6, 22), "cancer"),
    ((7, 23), "leo"),
    ((8, 23), "virgo"),
    ((9, 23), "libra"),
    ((10, 24), "scorpio"),
    ((11, 23), "sagittarius"),
    ((12, 22), "capricorn"),
)


def age_on(*, today: date, year: int, month: int = 1, day: int = 1) -> int:
    """Return the full years somebody has lived on a day.

    Units:  years; a person born on 29 February is a year older on 1 March of other years.
    """
    return today.year - year - ((today.month, today.day) < (month, day))


def age_band(*, today: date, year: int) -> str:
    """Return the band of the age reached in this calendar year.

    By year only, so that a list and a profile agree even where the day is hidden.
    Example: born 1990, today in 2026 -> "35_44"
    """
    age = max(0, today.year - year)
    return next(code for first, code in reversed(BANDS) if age >= first)


def birth_years(*, today: date, band: str) -> tuple[int, int]:
    """Return the first and last year of birth of a band, the inverse of `age_band`.

    Errors: KeyError for an unknown band.
    """
    firsts = {code: first for first, code in BANDS}
    later = [first for first in firsts.values() if first > firsts[band]]
    oldest = min(later) - 1 if later else 200
    return today.year - oldest, today.year - firsts[band] if firsts[band] else 9999


def decade(year: int) -> str:
    """Return the generation by decade of birth, as it is said in Chinese (90后).

    Example: 1994 -> "90"
    """
    return f"{year % 100 // 10 * 10:02d}"


def animal(lunar_year: int) -> str:
    """Return the animal of a lunar year. The caller turns a solar birthday into its lunar year first.

    Example: 2026 -> "horse"
    """
    return ANIMALS[(lunar_year - 4) % 12]


def is_own_year(*, lunar_year_of_birth: int, lunar_year: int) -> bool:
    """Return whether it is the customer's own animal's year (本命年), for which gold and red are given."""
    return lunar_year > lunar_year_of_birth and animal(lunar_year) == animal(lunar_year_of_birth)


def sun_sign(*, month: int, day: int) -> str:
    """Return the western sign of a solar birthday.

    Example: 20 May -> "taurus"
    """
    return next((sign for first, sign in reversed(_SIGNS) if (month, day) >= first), "capricorn")
