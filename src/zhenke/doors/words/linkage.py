"""Words for what speaks for two archives being one person, and for how sure it is."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

EVIDENCE_WORDS: dict[str, Promise] = {
    "name": gettext_lazy("same name"),
    "pinyin": gettext_lazy("name sounds the same"),
    "pinyin_turned": gettext_lazy("name the other way round"),
    "surname_title": gettext_lazy("same surname"),
    "name_shorter": gettext_lazy("one name is part of the other"),
    "name_near": gettext_lazy("similar name"),
    "phone": gettext_lazy("same phone"),
    "phone_second": gettext_lazy("phone of one is the second of the other"),
    "phone_turned": gettext_lazy("phone with two digits swapped"),
    "phone_typo": gettext_lazy("phone one digit apart"),
    "phone_tail": gettext_lazy("same last four digits"),
    "birthday": gettext_lazy("same birthday"),
    "birthday_calendar": gettext_lazy("birthday solar here, lunar there"),
    "birthday_turned": gettext_lazy("birthday with day and month swapped"),
    "birthday_day": gettext_lazy("same birthday, without the year"),
    "birthday_year_off": gettext_lazy("same birthday, another year"),
    "birthday_typo": gettext_lazy("birthday one digit apart"),
    "wechat": gettext_lazy("same WeChat"),
    "email": gettext_lazy("same e-mail"),
}
_SURE, _LIKELY = 990, 960
SURENESS_WORDS: dict[str, Promise] = {
    "sure": pgettext_lazy("duplicate", "Almost certain"),
    "likely": pgettext_lazy("duplicate", "Likely"),
    "maybe": pgettext_lazy("duplicate", "Possible"),
}


def evidence_words(codes: Iterable[str]) -> list[str]:
    """Return what agrees, in words; what says nothing by itself (the same gender) is left out."""
    return [str(EVIDENCE_WORDS[code]) for code in codes if code in EVIDENCE_WORDS]


def sureness_word(permille: int) -> str:
    """Return how sure it is that two are one: almost certain, likely, possible."""
    return str(SURENESS_WORDS["sure" if permille >= _SURE else "likely" if permille >= _LIKELY else "maybe"])
