"""Views of the shop's own fields: the list, a new one, changes, and retiring one."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import CustomField
from zhenke.customers.operations import save_custom_field
from zhenke.customers.operations.own_fields import OWN_GROUP
from zhenke.customers.queries import custom_fields
from zhenke.customers.rules.traits import GROUPS
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.days import is_chinese
from zhenke.doors.words.traits import GROUP_WORDS, own_value

KIND_WORDS: dict[str, Promise] = {
    "text": pgettext_lazy("kind of field", "Text"),
    "number": pgettext_lazy("kind of field", "Number"),
    "date": pgettext_lazy("kind of field", "Day"),
    "choice": pgettext_lazy("kind of field", "One of several"),
    "several": pgettext_lazy("kind of field", "Several of them"),
    "yes_no": pgettext_lazy("kind of field", "Yes or no"),
}
LEVEL_WORDS: dict[int, Promise] = {
    1: gettext_lazy("1 · open to everybody in the house"),
    2: gettext_lazy("2 · whoever looks after them"),
    3: gettext_lazy("3 · personal"),
    4: gettext_lazy("4 · sensitive, such as health"),
}


class FieldForm(forms.Form):
    """One field of the shop's own."""

    name_zh = forms.CharField(label=gettext_lazy("Name, Chinese"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name, English"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=list(KIND_WORDS.items()))
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("One a line, English = Chinese: Golf = 高尔夫. Only where there is a choice."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Who may know"), choices=list(LEVEL_WORDS.items()), coerce=int, initial=2
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Stands under"),
        choices=[(code, GROUP_WORDS[code]) for code in (OWN_GROUP, *GROUPS)],
        initial=OWN_GROUP,
    )
    position = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=0, max_value=999, initial=0)

    def plain(self) -> dict[str, Any]:
        """Return the definition; of a line `code = English = Chinese` the code may be left out."""
        words: dict[str, list[str]] = {}
        for line in self.cleaned_data["choices"].splitlines():
            parts = [part.strip() for part in re.split("[=＝]", line, maxsplit=2) if part.strip()]
            if parts:
                words[parts[0]] = [parts[-2] if len(parts) > 1 else parts[0], parts[-1]]
        told = {code: names for code, names in words.items() if names != [code, code]}
        return {**self.cleaned_data, "choices": list(words), "choice_words": told}


def _lines_of(field: CustomField) -> str:
    """The choices as the form writes them."""
    lines = []
    for code in field.choices:
        english, chinese = field.choice_words.get(code, (code, code))
        parts = [code] if english == chinese == code else [english, chinese] if english == code else [
            code, english, chinese
        ]  # fmt: skip
        lines.append(" = ".join(parts))
    return "\n".join(lines)


def settings_fields(request: StaffRequest) -> HttpResponse:
    """Show the fields, and add one."""
    if request.method == "GET":
        return _list(request, FieldForm())
    form = FieldForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    there = list(custom_fields(with_retired=True))
    if {form.cleaned_data["name_en"], form.cleaned_data["name_zh"]} & {
        n for f in there for n in (f.name_en, f.name_zh)
    }:
        form.add_error("name_zh", _("There is a field of this name already."))
        return _list(request, form)
    known = {one.key for one in there}
    try:
        field = save_custom_field(
            key=_key(form.cleaned_data["name_en"], known), by=request.user, now=moment_of(request).now, **form.plain()
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return _list(request, form)
    text = _("“%(name)s” is asked from now on.") % {"name": _name(field)}
    return told(request, text, back=reverse("settings_fields"))


def _key(name: str, known: set[str]) -> str:
    """Return a short code for a name that no other field has."""
    bare = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:36]
    if not re.search("[a-z]", bare):  # digits alone might be somebody's number, which the audit trail never keeps
        bare = f"field_{bare}"[:36].strip("_")
    number = next(n for n in range(1, len(known) + 2) if (bare if n == 1 else f"{bare}_{n}") not in known)
    return bare if number == 1 else f"{bare}_{number}"


def _name(field: CustomField) -> str:
    return str(field.name_zh if is_chinese() else field.name_en)


def _list(request: StaffRequest, form: FieldForm) -> HttpResponse:
    rows = [
        {
            "field": one,
            "name": _name(one),
            "kind": KIND_WORDS.get(one.kind, one.kind),
            "level": LEVEL_WORDS[one.level],
            "group": GROUP_WORDS.get(one.group, one.group),
            "choices": [own_value(one, code) for code in one.choices],
        }
        for one in custom_fields(with_retired=True)
    ]
    words = {"page_title": _("Own fields"), "rows": rows, "form": form}
    return render(request, "settings/fields.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def settings_field(request: StaffRequest, field_id: int) -> HttpResponse:
    """Show one field, and change it; "retired" in the form takes it out of use, or back into it."""
    field = custom_fields(with_retired=True).filter(pk=field_id).first()
    if field is None:
        raise NotFound(kind="field")
    names = ("name_zh", "name_en", "kind", "level", "group", "position")
    kept = {**{name: getattr(field, name) for name in names}, "choices": _lines_of(field)}
    if request.method == "GET":
        return _one(request, field, FieldForm(initial=kept))
    is_switch = "retired" in request.POST
    form = FieldForm(kept if is_switch else request.POST)
    if not form.is_valid():
        return _one(request, field, form)
    is_retired = request.POST["retired"] == "yes" if is_switch else field.retired_at is not None
    try:
        save_custom_field(
            key=field.key, is_retired=is_retired, by=request.user, now=moment_of(request).now, **form.plain()
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {"field_kind_in_use": "kind", "choice_in_use": "choices"})
        return _one(request, field, form)
    return told(request, _("Saved."), back=reverse("settings_fields"))


def _one(request: StaffRequest, field: CustomField, form: FieldForm) -> HttpResponse:
    words = {"page_title": _name(field), "field": field, "name": _name(field), "form": form}
    return render(request, "settings/field.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)
