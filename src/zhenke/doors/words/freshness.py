"""Words about what is known of a customer: fields, and when and from where they were confirmed."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.queries.freshness import FieldState
from zhenke.customers.rules.freshness import State
from zhenke.doors.words.days import ago
from zhenke.doors.words.people import SOURCE_WORDS

FIELD_WORDS: dict[str, Promise] = {
    "phone": gettext_lazy("Phone"),
    "wechat": gettext_lazy("WeChat"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "birthday": gettext_lazy("Birthday"),
    "ring_size": gettext_lazy("Ring size"),
    "bangle": pgettext_lazy("field", "Bangle or wrist size"),
    "metal": pgettext_lazy("field", "Favourite metal"),
    "stone": pgettext_lazy("field", "Favourite stone"),
    "style": pgettext_lazy("field", "Style"),
    "budget": gettext_lazy("Budget"),
    "channel": pgettext_lazy("field", "How to reach her best"),
    "region": gettext_lazy("Region"),
    "hour_preference": gettext_lazy("Best hour"),
    "language": gettext_lazy("Language"),
}
_SOURCES: dict[str, Promise] = {
    "asked": pgettext_lazy("source of a field", "asked"),
    "desk": pgettext_lazy("source of a field", "written at the desk"),
    "api": pgettext_lazy("source of a field", "till"),
    "import": pgettext_lazy("source of a field", "imported file"),
}


def field_word(field: str) -> str:
    """Return what a field is called."""
    return str(FIELD_WORDS.get(field, field))


def standing_words(one: FieldState, today: date) -> str:
    """Return when a field was confirmed, by whom and from where, as far as anybody noted it."""
    if one.state == State.MISSING:
        return _("not known yet")
    source = str(_SOURCES.get(one.source) or SOURCE_WORDS.get(one.source) or "")
    when = ago(one.on_date, today) if one.on_date else _("nobody noted when")
    return " · ".join(part for part in (when, one.by_name, source) if part)
