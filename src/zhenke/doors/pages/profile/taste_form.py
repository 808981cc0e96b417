"""The form of one group of traits: boxes to tick for what is offered, a line for other words, a measure, a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.catalogue.rules import METALS, STONES
from zhenke.customers.models import CustomField
from zhenke.customers.rules.traits import FINGERS, TraitKind
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.words.people import trait_word, value_word
from zhenke.doors.words.traits import UNIT_NAMES

_BETWEEN = re.compile(r"[,，;；、\n]")
# The catalogue knows these codes; the archive below it takes any word.
_GOODS = {"metal": METALS[:-1], "stone": STONES[:-1]}
_OWN_FORMS = {"choice": "one_of", "date": "day"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the sheet asks: its key, its name, its form, the codes it offers, whether other words are taken."""

    key: str
    name: str
    form: str
    choices: list[tuple[str, str]]
    is_open: bool = False
    help: str = ""

    @classmethod
    def of(cls, kind: TraitKind, *, is_brief: bool = False) -> Asked:
        """Return what is asked of a kind; a brief form has no line for other words."""
        choices = [(code, value_word(code)) for code in _GOODS.get(kind.key, kind.codes)]
        return cls(kind.key, trait_word(kind.key), kind.form, choices, kind.is_open and not is_brief, _help(kind))

    @classmethod
    def own(cls, field: CustomField, name: str, choices: list[tuple[str, str]]) -> Asked:
        """Return what is asked of a field of the shop's own."""
        form = _OWN_FORMS.get(field.kind, field.kind)
        return cls(f"custom.{field.key}", name, form, choices)

    def added_to(self, known: int) -> Asked:
        """Return it as it is asked of who sees masks only: nothing is filled in, and what stands is not taken away."""
        if not known:
            return self
        if self.form == "several":
            words = _("%(n)d kept, not shown here. What you write is added.") % {"n": known}
        else:
            words = _("Something is kept and not shown here. What you write takes its place.")
        return replace(self, help=words)


def _help(kind: TraitKind) -> str:
    if kind.form == "money_band":
        return _("Such as 5000-15000, or 50000+")
    if kind.key in FINGERS:
        return ""  # the first ring size says how all of them are measured
    return " / ".join(str(UNIT_NAMES[unit]) for unit, _least, _most in kind.units)


class TasteForm(forms.Form):
    """One group of what can be known of a customer; an empty answer takes a value away."""

    def __init__(self, given: Any, *, asked: Sequence[Asked], known: Mapping[str, Sequence[str]]) -> None:
        super().__init__(given)
        self._asked, self._known = asked, known
        for one in asked:
            self._ask(one, list(known.get(one.key, ())))

    def _ask(self, one: Asked, texts: list[str]) -> None:
        codes = {code for code, _word in one.choices}
        own = [text for text in texts if text not in codes]
        if one.form == "several" and one.choices:
            self._add(one.key, forms.MultipleChoiceField(
                label=one.name, choices=one.choices, required=False, widget=forms.CheckboxSelectMultiple,
                help_text=one.help, initial=[text for text in texts if text in codes],
            ))  # fmt: skip
            if one.is_open or own:
                self._add(f"{one.key}-more", _line(_("%(what)s, other words") % {"what": one.name}, own))
        elif one.form == "several":
            self._add(one.key, _line(one.name, own, help_text=one.help or _("Several words with a comma between them")))
        elif one.form in ("one_of", "yes_no"):
            choices = one.choices or [("yes", value_word("yes")), ("no", value_word("no"))]
            kept = [(text, text) for text in own] if one.is_open else []
            self._add(one.key, forms.ChoiceField(
                label=one.name, choices=[("", gettext_lazy("Not known")), *choices, *kept], required=False,
                help_text=one.help, initial=texts[0] if texts else "",
            ))  # fmt: skip
        elif one.form == "day":
            first = texts[0] if texts else None
            self._add(one.key, DayField(label=one.name, required=False, help_text=one.help, initial=first))
        else:
            field = _line(one.name, texts[:1], help_text=one.help)
            if one.form == "number":
                field.widget.attrs["inputmode"] = "text" if "/" in one.help or not one.help else "decimal"
            self._add(one.key, field)

    def _add(self, key: str, field: forms.Field) -> None:
        self.fields[key] = field

    def rows(self) -> Iterator[tuple[BoundField, bool]]:
        """Yield each field and whether it is boxes to tick."""
        for bound in self:
            yield bound, isinstance(bound.field, forms.MultipleChoiceField)

    def changes(self) -> dict[str, list[str]]:
        """Return the keys whose answer is another than what is known, with all their values."""
        answers = {one.key: self._answer(one) for one in self._asked}
        return {key: texts for key, texts in answers.items() if texts != list(self._known.get(key, ()))}

    def _answer(self, one: Asked) -> list[str]:
        given = self.cleaned_data.get(one.key)
        if one.form == "several":
            typed = self.cleaned_data.get(f"{one.key}-more", "") if one.choices else given
            texts: list[str] = [
                *((given or []) if one.choices else []),
                *(part.strip() for part in _BETWEEN.split(typed or "")),
            ]
            return list(dict.fromkeys(text for text in texts if text))
        if one.form == "day":
            return [given.isoformat()] if given else []
        return [given] if given else []

    def refuse(self, key: str, sentence: str) -> None:
        """Say at the field what is wrong with its value."""
        self.add_error(key if key in self.fields else None, sentence)


def _line(label: str, texts: Sequence[str], help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=600, initial="、".join(texts), help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
