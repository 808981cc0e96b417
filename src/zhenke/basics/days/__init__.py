"""Days without a time of day: read from text, solar and lunar, and when they come round again."""

from zhenke.basics.days.coming import Occurrence, age_on, day_in_year, lunar_day_of, occurrences, solar_date
from zhenke.basics.days.day_of_year import NEW_YEARS_EVE, DayImpossible, DayOfYear, RuleUnknown, YearRule
from zhenke.basics.days.lunar import lunar_months
from zhenke.basics.days.reading import (
    CalendarAmbiguous,
    DateAmbiguous,
    DateEmpty,
    DateHasTime,
    DateIsLunar,
    DateLooksSerial,
    DateRefused,
    DateUnreadable,
    DateYearMissing,
    DateYearShort,
    parse_date,
    parse_day_of_year,
)
from zhenke.basics.days.solar import ZoneUnknown, local_date
from zhenke.basics.days.words import RelativeDays, day_text, lunar_day_name, relative_days

__all__ = [
    "NEW_YEARS_EVE",
    "CalendarAmbiguous",
    "DateAmbiguous",
    "DateEmpty",
    "DateHasTime",
    "DateIsLunar",
    "DateLooksSerial",
    "DateRefused",
    "DateUnreadable",
    "DateYearMissing",
    "DateYearShort",
    "DayImpossible",
    "DayOfYear",
    "Occurrence",
    "RelativeDays",
    "RuleUnknown",
    "YearRule",
    "ZoneUnknown",
    "age_on",
    "day_in_year",
    "day_text",
    "local_date",
    "lunar_day_name",
    "lunar_day_of",
    "lunar_months",
    "occurrences",
    "parse_date",
    "parse_day_of_year",
    "relative_days",
    "solar_date",
]
