"""What two sources say of one field, in words: the field, the value, and who said it."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.queries.claims import Told
from zhenke.customers.rules.claims import DAY, TRAIT, day_from
from zhenke.doors.words.days import ago, exact_day, yearly_day
from zhenke.doors.words.fields import FIELD_WORDS
from zhenke.doors.words.freshness import SOURCES
from zhenke.doors.words.people import CHANNEL_WORDS, GENDER_WORDS, SOURCE_WORDS, trait_word, value_word
from zhenke.doors.words.traits import trait_value
from zhenke.doors.words.why import occasion_name

_OTHERS: dict[str, Promise] = {
    "name": pgettext_lazy("person", "Name"),
    "gender": gettext_lazy("Title"),
    "first_met_date": gettext_lazy("First met"),
    "caution": gettext_lazy("Careful"),
}


def claim_field_word(field: str) -> str:
    """Return what a field is called of which two sources say different things."""
    if field.startswith(DAY):
        name = occasion_name(field.removeprefix(DAY))
        return name[:1].upper() + name[1:]
    if field.startswith(TRAIT):
        return trait_word(field.removeprefix(TRAIT))
    word = _OTHERS.get(field) or FIELD_WORDS.get(field)
    return str(word) if word else field


def claim_value_words(field: str, text: str, *, currency: str) -> str:
    """Return a value as the reader reads it; "–" for nothing."""
    if not text:
        return "–"
    if field.startswith(DAY):
        return yearly_day(day_from(text))
    if field.startswith(TRAIT):
        return trait_value(field.removeprefix(TRAIT), text, currency=currency)
    if field == "first_met_date":
        return exact_day(date.fromisoformat(text))
    if field == "gender":
        return str(GENDER_WORDS.get(text, text))
    return str(CHANNEL_WORDS.get(text, text)) if field == "channel" else value_word(text)


def said_words(told: Told, today: date) -> str:
    """Return who said it, from where and when: imported file · 3 months ago."""
    word = SOURCES.get(told.source) or SOURCE_WORDS.get(told.source)
    source = str(word) if word else told.source
    when = ago(told.on_date, today) if told.on_date else _("nobody noted when")
    return " · ".join(part for part in (told.by_name, source, when) if part)
