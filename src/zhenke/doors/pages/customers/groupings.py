"""The groupings of customers as filters of the list: their boxes, what they ask the rooms, and their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.models import CustomField
from zhenke.customers.queries import custom_fields, hidden_traits
from zhenke.customers.rules.ages import BAND_CODES
from zhenke.customers.rules.traits import CUSTOM, KINDS
from zhenke.doors.words.people import KIND_WORDS, value_word
from zhenke.doors.words.traits import own_name, own_value
from zhenke.grading.queries import BOUGHT, RANKS, STANDINGS, any_of
from zhenke.staff.models import StaffMember

STANDING_WORDS: dict[str, Promise] = {
    "prospective": pgettext_lazy("customers", "Prospective"),
    "new": pgettext_lazy("customers", "New, bought once"),
    "old": pgettext_lazy("customers", "Came back"),
}
RANK_WORDS: dict[str, Promise] = {
    "key": pgettext_lazy("customers", "Key (A, B)"),
    "general": pgettext_lazy("customers", "General (C, D)"),
    "scattered": pgettext_lazy("customers", "Scattered (E or none)"),
}
DEAL_WORDS: dict[str, Promise] = {
    "past": pgettext_lazy("deals", "Past"),
    "open": pgettext_lazy("deals", "In progress"),
    "coming": pgettext_lazy("deals", "Upcoming, a day is set"),
}
AGE_WORDS: dict[str, Promise] = {
    "under_18": gettext_lazy("under 18"),
    "18_24": gettext_lazy("18 to 24"),
    "25_34": gettext_lazy("25 to 34"),
    "35_44": gettext_lazy("35 to 44"),
    "45_54": gettext_lazy("45 to 54"),
    "55_64": gettext_lazy("55 to 64"),
    "65_up": gettext_lazy("65 and older"),
}
TRAIT_GROUPS = ("occasion", "style", "motive")
_SEPARATOR = "="


def _boxes(label: Any, choices: list[tuple[str, str | Promise]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip


def _of_kind(key: str) -> list[tuple[str, str | Promise]]:
    return [(code, value_word(code)) for code in KINDS[key].codes]


class GroupingFields(forms.Form):
    """The groupings; all of them may be empty. Codes of taste are the offered ones."""

    standing = _boxes(gettext_lazy("New or old"), list(STANDING_WORDS.items()))
    rank = _boxes(pgettext_lazy("customers", "Weight"), list(RANK_WORDS.items()))
    deals = forms.ChoiceField(
        label=gettext_lazy("Deals"), choices=[("", pgettext_lazy("deals", "Any")), *DEAL_WORDS.items()], required=False
    )
    kind = _boxes(gettext_lazy("Kind of customer"), list(KIND_WORDS.items()))
    age = _boxes(gettext_lazy("Age"), [(code, AGE_WORDS[code]) for code in BAND_CODES])
    occasion = _boxes(gettext_lazy("Worn for"), [])
    style = _boxes(gettext_lazy("Style"), [])
    motive = _boxes(gettext_lazy("Buys for"), [])
    region = forms.CharField(label=gettext_lazy("City or district"), max_length=80, required=False)
    own = _boxes(gettext_lazy("Own fields"), [])

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for key in TRAIT_GROUPS:
            self.fields[key].choices = _of_kind(key)  # type: ignore[attr-defined]
        if not self.is_bound or "own" in self.data:
            self.fields["own"].choices = own_choices()  # type: ignore[attr-defined]


def own_choices() -> list[tuple[str, str]]:
    """Return every choice of every own field that has choices: (`key=code`, "Field: choice")."""
    return [
        (f"{field.key}{_SEPARATOR}{code}", f"{own_name(field)}: {own_value(field, code)}")
        for field in custom_fields()
        for code in _codes(field)
    ]


def own_groups(viewer: StaffMember) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the own fields that the viewer may filter by, each with its choices."""
    hidden = hidden_traits(viewer=viewer)
    return [
        (own_name(field), [(f"{field.key}{_SEPARATOR}{code}", own_value(field, code)) for code in _codes(field)])
        for field in custom_fields()
        if _codes(field) and f"{CUSTOM}{field.key}" not in hidden
    ]


def _codes(field: CustomField) -> list[str]:
    return ["yes", "no"] if field.kind == "yes_no" else list(field.choices)


def archive_filters(words: Mapping[str, object], *, viewer: StaffMember, today: date) -> dict[str, object]:
    """Return the groupings that the archive itself knows, as fields of CustomerFilters."""
    asked: dict[str, tuple[str, ...]] = {key: tuple(words.get(key, ())) for key in TRAIT_GROUPS}  # type: ignore[arg-type]
    if words.get("own"):
        hidden = hidden_traits(viewer=viewer)
        for text in words["own"]:  # type: ignore[attr-defined]
            key, _separator, code = text.partition(_SEPARATOR)
            if f"{CUSTOM}{key}" not in hidden:
                asked[f"{CUSTOM}{key}"] = (*asked.get(f"{CUSTOM}{key}", ()), code)
    return {
        "kinds": tuple(words.get("kind", ())),  # type: ignore[arg-type]
        "age_bands": tuple(words.get("age", ())),  # type: ignore[arg-type]
        "region": str(words.get("region", "")),
        "any_traits": tuple((key, codes) for key, codes in asked.items() if codes),
        "wanted_from": today if words.get("deals") == "coming" else None,
    }


def grade_filter(words: Mapping[str, object]) -> Q | None:
    """Return the groupings that grading knows as one filter on grades, None if none is asked."""
    kept = Q()
    if words.get("standing"):
        kept &= any_of(STANDINGS, words["standing"])  # type: ignore[arg-type]
    if words.get("rank"):
        kept &= any_of(RANKS, words["rank"])  # type: ignore[arg-type]
    if words.get("deals") == "past":
        kept &= BOUGHT
    return kept if kept else None


def _either(value: object, named: Mapping[str, object]) -> str:
    return _(" or ").join(str(named.get(code, code)) for code in value)  # type: ignore[attr-defined]


def _values(value: object) -> str:
    return _(" or ").join(value_word(code) for code in value)  # type: ignore[attr-defined]


def _own(value: object) -> str:
    words = dict(own_choices())
    return _(" or ").join(words.get(text, text) for text in value)  # type: ignore[attr-defined]


SENTENCE: dict[str, Callable[[object, Mapping[str, str]], str]] = {
    "standing": lambda value, people: _either(value, STANDING_WORDS),
    "rank": lambda value, people: _either(value, RANK_WORDS),
    "deals": lambda value, people: _("deals: %(what)s") % {"what": DEAL_WORDS[str(value)]},
    "kind": lambda value, people: _either(value, KIND_WORDS),
    "age": lambda value, people: _("age %(bands)s") % {"bands": _either(value, AGE_WORDS)},
    "region": lambda value, people: _("in %(region)s") % {"region": value},
    "occasion": lambda value, people: _("wears it for %(what)s") % {"what": _values(value)},
    "style": lambda value, people: _("style %(what)s") % {"what": _values(value)},
    "motive": lambda value, people: _("buys for %(what)s") % {"what": _values(value)},
    "own": lambda value, people: _own(value),
}
