"""When, by whom and from where a field of an archive was confirmed."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from zhenke.customers.queries.freshness import FieldState
from zhenke.customers.rules.freshness import State
from zhenke.doors.words.days import ago
from zhenke.doors.words.people import SOURCE_WORDS

SOURCES: dict[str, Promise] = {
    "asked": pgettext_lazy("source of a field", "asked"),
    "desk": pgettext_lazy("source of a field", "written at the desk"),
    "api": pgettext_lazy("source of a field", "till"),
    "import": pgettext_lazy("source of a field", "imported file"),
    "sign_up": pgettext_lazy("source of a field", "written down by herself"),
    "merge": pgettext_lazy("source of a field", "merged archive"),
    "member": pgettext_lazy("source of a field", "said on the member site"),
}


def standing_words(one: FieldState, today: date) -> str:
    """Return when a field was confirmed, by whom and from where, as far as anybody noted it."""
    if one.state == State.MISSING:
        return _("not known yet")
    source = str(SOURCES.get(one.source) or SOURCE_WORDS.get(one.source) or "")
    when = ago(one.on_date, today) if one.on_date else _("nobody noted when")
    return " · ".join(part for part in (when, one.by_name, source) if part)
