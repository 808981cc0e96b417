"""The rules of what is asked as a form: one row for each field, and how much is asked a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.operations.freshness_rules import MOST_A_DAY, MOST_AGAIN_DAYS
from zhenke.customers.rules.freshness import FIELDS, HEAVIEST, LETTERS, FieldRule
from zhenke.doors.words.fields import field_word

DAYS_A_MONTH = 30.4375
MOST_MONTHS = 119


class FieldForm(forms.Form):
    """One field: whose it matters for, after how many months it is old, and how heavy it is."""

    letters = forms.MultipleChoiceField(
        label=gettext_lazy("Asked of grades"),
        choices=[(letter, letter) for letter in LETTERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    months = forms.IntegerField(
        label=gettext_lazy("Old after, months"), min_value=1, max_value=MOST_MONTHS, required=False
    )
    weight = forms.IntegerField(label=pgettext_lazy("rule", "Weight"), min_value=1, max_value=HEAVIEST, initial=1)

    def __init__(self, given: Mapping[str, Any] | None = None, *, field: str, initial: Any = None) -> None:
        super().__init__(given, prefix=field, initial=initial)
        self.field, self.word = field, field_word(field)
        for name in ("months", "weight"):
            said = _("%(field)s: %(what)s") % {"field": self.word, "what": self.fields[name].label}
            self.fields[name].widget.attrs["aria-label"] = said

    def is_asked(self) -> bool:
        """Return whether the field is asked of anybody."""
        return bool(self.cleaned_data["letters"])

    def plain(self) -> dict[str, object]:
        """Return the rule as plain values; months become days, and none stay none."""
        given = self.cleaned_data
        months = given["months"]
        return {
            "field": self.field,
            "letters": "".join(letter for letter in LETTERS if letter in given["letters"]),
            "days": round(months * DAYS_A_MONTH) if months else None,
            "weight": given["weight"],
        }


class AskingForm(forms.Form):
    """How many small tasks an advisor is given a day, and after how many days the same customer is asked again."""

    a_day = forms.IntegerField(
        label=gettext_lazy("Small tasks a day for each advisor"), min_value=0, max_value=MOST_A_DAY, initial=2
    )
    again_days = forms.IntegerField(
        label=gettext_lazy("The same customer again after, days"),
        min_value=1,
        max_value=MOST_AGAIN_DAYS,
        initial=90,
    )


def fields_form(given: Mapping[str, Any] | None, known: Iterable[FieldRule] = ()) -> list[FieldForm]:
    """Return one form for each field; those in force first, in their order, then those that are not asked."""
    rules = {rule.field: rule for rule in known}
    names = [*rules, *(field for field in FIELDS if field not in rules)]
    if given is not None:
        asked = [name for name in FIELDS if f"{name}-weight" in given]
        return [FieldForm(given, field=name) for name in sorted(asked, key=lambda name: _place(given, name))]
    return [FieldForm(field=name, initial=_initial(rules.get(name))) for name in names]


def _place(given: Mapping[str, Any], name: str) -> int:
    return list(given).index(f"{name}-weight")


def _initial(rule: FieldRule | None) -> dict[str, object]:
    if rule is None:
        return {"letters": [], "months": 24, "weight": 1}
    months = max(1, round(rule.days / DAYS_A_MONTH)) if rule.days else None
    return {"letters": list(rule.letters), "months": months, "weight": rule.weight}
