"""What the fields of an archive are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

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
    "channel": pgettext_lazy("field", "Best way to get in touch"),
    "region": gettext_lazy("Region"),
    "hour_preference": gettext_lazy("Best hour"),
    "language": gettext_lazy("Language"),
}


def field_word(field: str) -> str:
    """Return what a field is called."""
    return str(FIELD_WORDS.get(field, field))
