"""Words about what is known of a customer: kinds, groups, values, units, and what to ask where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import ZhenkeError
from zhenke.customers.models import CustomField
from zhenke.customers.rules.traits import KINDS, money_bounds
from zhenke.doors.templatetags.words import money
from zhenke.doors.words.days import exact_day, is_chinese
from zhenke.doors.words.people import value_word

GROUP_WORDS: dict[str, Promise] = {
    "often": gettext_lazy("Taste and sizes"),
    "taste": pgettext_lazy("traits", "More of her taste"),
    "sizes": pgettext_lazy("traits", "Sizes"),
    "wearing": pgettext_lazy("traits", "When she wears it and what for"),
    "person": pgettext_lazy("traits", "The person"),
    "care": pgettext_lazy("traits", "What she cannot wear"),
    "organisation": pgettext_lazy("traits", "The organisation"),
    "own": gettext_lazy("Own fields"),
}
# What to ask, in the words of the counter.
ASK_WORDS: dict[str, Promise] = {
    "taste": gettext_lazy("Ask while she looks: which colour, which motif, whose designs does she like?"),
    "sizes": gettext_lazy("Measure when she tries one on: every finger, wrist, neck, bangle."),
    "wearing": gettext_lazy("Ask when she will wear it, and what she is looking for next."),
    "person": gettext_lazy("Listen: what she does, what she drinks, what others call her."),
    "care": gettext_lazy("Ask before the first fitting whether a metal ever troubled her skin."),
    "organisation": gettext_lazy("Ask for the name on the invoice and the tax number."),
    "own": gettext_lazy("Fields that the shop asks for stand here."),
}
UNIT_WORDS: dict[str, Promise] = {
    "hk": pgettext_lazy("unit", "HK %(number)s"),
    "us": pgettext_lazy("unit", "US %(number)s"),
    "mm": pgettext_lazy("unit", "%(number)s mm"),
    "cm": pgettext_lazy("unit", "%(number)s cm"),
}
UNIT_NAMES: dict[str, Promise] = {
    "hk": pgettext_lazy("unit", "Hong Kong number"),
    "us": pgettext_lazy("unit", "US number"),
    "mm": pgettext_lazy("unit", "millimetres"),
    "cm": pgettext_lazy("unit", "centimetres"),
}
UNFIT_WORDS: dict[str, Promise] = {
    "number": gettext_lazy("This is not a measure; write a number, such as 14 or 15.5."),
    "unit": gettext_lazy("This is not measured so; give it in %(unit)s."),
    "range": gettext_lazy("That cannot be: it lies between %(least)s and %(most)s (%(unit)s)."),
    "choice": gettext_lazy("This is none of the choices."),
    "day": gettext_lazy("This is not a day; write it as 2026-05-20."),
    "yes_no": gettext_lazy("Say yes or no."),
    "tax_number": gettext_lazy("This tax number cannot be right: check its length and its last sign."),
    "one": gettext_lazy("Only one value can be kept here."),
    "text": gettext_lazy("Write 1 to 200 signs."),
    "field": gettext_lazy("This field is no longer asked."),
}


def trait_value(key: str, text: str, *, currency: str = "CNY") -> str:
    """Return a kept value in the reader's words: HK 14, ¥5,000–¥15,000, 20 May 2026, Jadeite."""
    kind = KINDS.get(key)
    if kind is None:
        return value_word(text)
    if kind.form == "number":
        number, _space, unit = text.partition(" ")
        words = UNIT_WORDS.get(unit or kind.units[0][0])
        return str(words) % {"number": number} if words else text
    if kind.form == "money_band":
        return band_words(text, currency=currency)
    if kind.form == "day":
        return _day_words(text)
    return value_word(text)


def band_words(text: str, *, currency: str) -> str:
    """Return a band of money in words; a band in the house's own words stays as it is."""
    bounds = money_bounds(text)
    if bounds is None:
        return text
    least, most = (None if end is None else money(end * 100, currency) for end in bounds)
    return f"{least}–{most}" if most else _("%(least)s and more") % {"least": least}


def _day_words(text: str) -> str:
    try:
        return exact_day(date.fromisoformat(text))
    except ValueError:
        return text


def own_name(field: CustomField) -> str:
    """Return what a field of the shop's own is called, in the reader's language."""
    return str(field.name_zh if is_chinese() else field.name_en)


def own_value(field: CustomField, text: str) -> str:
    """Return a value of a field of the shop's own in the reader's language."""
    if field.kind == "yes_no":
        return value_word(text)
    if field.kind == "date":
        return _day_words(text)
    words = field.choice_words.get(text, ())
    return str(words[is_chinese()]) if len(words) > 1 else text


def unfit_words(refusal: ZhenkeError) -> str:
    """Return why a value cannot be taken."""
    facts = refusal.facts
    words = UNFIT_WORDS.get(str(facts.get("reason")), UNFIT_WORDS["choice"])
    return str(words) % _told(facts)


def _told(facts: Mapping[str, object]) -> dict[str, object]:
    unit = str(facts.get("unit", ""))
    return {"least": facts.get("least", ""), "most": facts.get("most", ""), "unit": UNIT_NAMES.get(unit, unit)}
