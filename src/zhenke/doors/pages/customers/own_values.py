"""Own fields of text, number and day as filters of the list: their names in the address, what is asked, their words.

Of the field `car` the address has `own-car-has` and `own-car-is`, of a number or day `own-age-from` and `own-age-to`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhenke.customers.models import CustomField
from zhenke.customers.queries import custom_fields, hidden_traits
from zhenke.customers.rules.filters import OwnAsked
from zhenke.customers.rules.traits import CUSTOM
from zhenke.doors.words.traits import own_name, own_value
from zhenke.staff.models import StaffMember

BEGINS = "own-"
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_LONGEST = 200
_RANGE = {"from": "least", "to": "most"}
_PARTS: dict[str, dict[str, str]] = {"text": {"has": "has", "is": "equals"}, "number": _RANGE, "date": _RANGE}


@dataclass(frozen=True, slots=True)
class OwnInput:
    """One field of the sheet: what it is called, its form, and each of its boxes: (name, word, what is set)."""

    name: str
    form: str
    boxes: list[tuple[str, str, str]]


def own_values_in(query: QueryDict) -> tuple[dict[str, list[str]], tuple[OwnAsked, ...]]:
    """Return what an address asks of own fields, as it stands there and as rooms ask it; what cannot be is left out.

    No SQL query where nothing is asked, else one.
    """
    names = [name for name in query if name.startswith(BEGINS)]
    fields = {field.key: field for field in custom_fields() if field.kind in _PARTS} if names else {}
    given: dict[str, list[str]] = {}
    asked: dict[str, OwnAsked] = {}
    for name in names:
        key, _dash, part = name.removeprefix(BEGINS).rpartition("-")
        field, text = fields.get(key), str(query[name]).strip()
        if field is None or part not in _PARTS[field.kind] or not _fits(field.kind, text):
            continue
        given[name] = [text]
        one = asked.get(key) or OwnAsked(f"{CUSTOM}{key}", field.kind)
        asked[key] = replace(one, **{_PARTS[field.kind][part]: text})
    return given, tuple(asked.values())


def _fits(kind: str, text: str) -> bool:
    if kind == "number":
        return _NUMBER.fullmatch(text) is not None
    if kind == "date":
        try:
            return date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False
    return 0 < len(text) <= _LONGEST and "\x00" not in text


def shown_own(asked: tuple[OwnAsked, ...], *, viewer: StaffMember) -> tuple[OwnAsked, ...]:
    """Return what is asked of fields whose values the viewer is shown; over others a filter does nothing."""
    hidden = hidden_traits(viewer=viewer) if asked else frozenset()
    return tuple(one for one in asked if one.key not in hidden)


def own_inputs(given: Mapping[str, list[str]], *, viewer: StaffMember) -> list[OwnInput]:
    """Return the own fields of text, number and day that the viewer may filter by, with what is set."""
    hidden = hidden_traits(viewer=viewer)
    words = {"has": _("contains"), "is": _("is exactly"), "from": _("from"), "to": _("to")}
    return [
        OwnInput(
            own_name(field),
            field.kind,
            [
                (name, words[part], given.get(name, [""])[0])
                for part in _PARTS[field.kind]
                for name in [f"{BEGINS}{field.key}-{part}"]
            ],
        )
        for field in custom_fields()
        if field.kind in _PARTS and f"{CUSTOM}{field.key}" not in hidden
    ]


def own_chips(asked: tuple[OwnAsked, ...]) -> Iterator[tuple[list[str], str]]:
    """Yield for each own field the names in the address and the words of what is asked of it."""
    fields = {f"{CUSTOM}{field.key}": field for field in custom_fields()} if asked else {}
    for one in asked:
        field = fields.get(one.key)
        if field is not None:
            yield [f"{BEGINS}{field.key}-{part}" for part in _PARTS[field.kind]], _sentence(field, one)


def _sentence(field: CustomField, one: OwnAsked) -> str:
    facts = {"field": own_name(field), "first": own_value(field, one.least), "last": own_value(field, one.most)}
    if one.least and one.most:
        return _("%(field)s from %(first)s to %(last)s") % facts
    if one.least or one.most:
        return (_("%(field)s from %(first)s") if one.least else _("%(field)s up to %(last)s")) % facts
    parts = [_("contains “%(text)s”") % {"text": one.has}] if one.has else []
    parts += [_("is “%(text)s”") % {"text": one.equals}] if one.equals else []
    return f"{facts['field']} {_(' and ').join(parts)}"
