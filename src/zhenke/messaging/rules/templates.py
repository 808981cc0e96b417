"""Templates: plain text with allow-listed fields. No attribute, no method, no expression is ever looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from zhenke.basics.errors import BadInput
from zhenke.messaging.rules.intents import CHANNELS, KINDS

LANGUAGES = ("en", "zh-hans")
LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}
Value = str | int | date

# Worked out by the house when the message goes, from the archive as it is then; never kept with the message.
HOUSE_FIELDS = ("salutation", "first_name", "shop_name")
# Given with the message. Nothing that tells who somebody is.
GIVEN_FIELDS: Mapping[str, type] = {"points": int, "balance": int, "expires_on": date, "tier": str}
FIELDS = (*HOUSE_FIELDS, *GIVEN_FIELDS)
SAMPLE: Mapping[str, Mapping[str, Value]] = {
    "en": {"salutation": "Ms Zhou", "first_name": "Li", "shop_name": "Shuibei", "tier": "Gold"},
    "zh-hans": {"salutation": "周女士", "first_name": "丽", "shop_name": "水贝店", "tier": "金卡"},
}
SAMPLE_GIVEN: Mapping[str, Value] = {"points": 1_280, "balance": 5_600, "expires_on": date(2026, 12, 31)}
LONGEST = {"sms": 500, "email": 4_000}
LONGEST_SUBJECT, LONGEST_VALUE, LONGEST_CODE = 120, 60, 40
# How a customer is told to stop, in the text of each promotional SMS.
_OPT_OUT = {"en": re.compile(r"\b(?:stop|unsubscribe|opt out|TD?)\b"), "zh-hans": re.compile(r"退订|拒收")}
_FIELD = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


class TemplateWrong(BadInput):
    """A template that cannot be published. Facts: `field`."""

    code = "template_wrong"
    message = "The template cannot be published as it is: check the {field}."


class TemplateFieldUnknown(BadInput):
    """The text asks for a field that templates have not. Facts: `name`, `known`."""

    code = "template_field_unknown"
    message = "There is no field {{{name}}}. Fields are: {known}."


class OptOutMissing(BadInput):
    """A promotional SMS says how to stop it."""

    code = "opt_out_missing"
    message = "A promotional SMS has to say how to stop it, such as: Reply T to unsubscribe."


class FieldWrong(BadInput):
    """A value that does not fit its field. Facts: `name`."""

    code = "message_field_wrong"
    message = "The field {name} is unknown, or its value does not fit."


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of one template, in one language for one channel."""

    key: str
    kind: str
    channel: str
    language: str
    words: str
    subject: str = ""
    provider_code: str = ""


def checked_wording(wording: Wording) -> Wording:
    """Return a wording as it is kept: one kind of line end, nothing around it.

    Errors: TemplateWrong, TemplateFieldUnknown, OptOutMissing.
    """
    words = "\n".join(wording.words.replace("\x00", "").split("\r\n")).strip()
    subject = " ".join(wording.subject.replace("\x00", "").split())
    code = wording.provider_code.strip()
    wrong = {
        "key": not _KEY.fullmatch(wording.key),
        "kind": wording.kind not in KINDS,
        "channel": wording.channel not in CHANNELS,
        "language": wording.language not in LANGUAGES,
        "words": not 0 < len(words) <= LONGEST.get(wording.channel, 0),
        "subject": not _subject_fits(wording.channel, subject),
        "provider_code": len(code) > LONGEST_CODE or not (code == "" or code.replace("_", "").isalnum()),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise TemplateWrong(field=field)
    fields_in(words)
    fields_in(subject)
    if (wording.kind, wording.channel) == ("marketing", "sms") and not _OPT_OUT[wording.language].search(words):
        raise OptOutMissing
    return Wording(wording.key, wording.kind, wording.channel, wording.language, words, subject, code)


def _subject_fits(channel: str, subject: str) -> bool:
    return 0 < len(subject) <= LONGEST_SUBJECT if channel == "email" else subject == ""


def fields_in(text: str) -> tuple[str, ...]:
    """Return the fields that a text asks for, each once.

    Errors: TemplateFieldUnknown; TemplateWrong for a bracket that is no field.
    Example: "Dear {salutation}" -> ("salutation",)
    """
    if set(_FIELD.sub("", text)) & {"{", "}"}:
        raise TemplateWrong(field="words")
    found = tuple(dict.fromkeys(_FIELD.findall(text)))
    for name in found:
        if name not in FIELDS:
            raise TemplateFieldUnknown(name=name[:LONGEST_VALUE], known=", ".join(FIELDS))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields put in, once: what stands in a value is never read as a field.

    Errors: KeyError for a field without a value.
    """
    return _FIELD.sub(lambda field: values[field[1]], text)


def kept_fields(fields: Mapping[str, Value]) -> dict[str, str | int]:
    """Return the values that are kept with a message, as plain JSON; those that the house works out are left out.

    Errors: FieldWrong.
    """
    kept: dict[str, str | int] = {}
    for name, value in fields.items():
        if name in HOUSE_FIELDS:
            continue
        wanted = GIVEN_FIELDS.get(name)
        if wanted is None or type(value) is not wanted:
            raise FieldWrong(name=name[:LONGEST_VALUE])
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise FieldWrong(name=name)
        kept[name] = value.isoformat() if isinstance(value, date) else value
    return kept


def spoken(kept: Mapping[str, str | int], *, language: str) -> dict[str, str]:
    """Return kept values as they are read in a language.

    Example: {"points": 1280, "expires_on": "2026-12-31"}, zh-hans -> 1,280 and 2026年12月31日
    """
    return {name: _word(name, value, language) for name, value in kept.items()}


def _word(name: str, value: str | int, language: str) -> str:
    locale = LOCALES[language]
    if GIVEN_FIELDS[name] is date:
        return str(format_date(date.fromisoformat(str(value)), "long", locale=locale))
    if isinstance(value, int):
        return str(format_decimal(value, locale=locale))
    return plain_value(value)


def plain_value(text: str) -> str:
    """Return a value on one line: it can neither break a header nor begin a line of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def preview(wording: Wording) -> tuple[str, str]:
    """Return subject and words as a customer would read them, with made-up values.

    Errors: as `checked_wording`.
    """
    checked = checked_wording(wording)
    given = {**SAMPLE_GIVEN, "tier": SAMPLE[wording.language]["tier"]}
    values = spoken(kept_fields(given), language=wording.language)
    values |= {name: str(SAMPLE[wording.language][name]) for name in HOUSE_FIELDS}
    return filled(checked.subject, values), filled(checked.words, values)
