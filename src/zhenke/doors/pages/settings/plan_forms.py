"""The steps of a care plan as rows of a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from zhenke.care.models import CarePlan
from zhenke.care.rules import LONGEST_OFFSET_DAYS
from zhenke.doors.words.care import STEP_WORDS
from zhenke.grading.rules import LETTERS

TRIGGER_WORDS: dict[str, Promise] = {
    "sale": gettext_lazy("after a purchase"),
    "since": gettext_lazy("as long as nothing is bought"),
    "date": gettext_lazy("around a day of theirs"),
    "festival": gettext_lazy("before a festival"),
    "welcome": gettext_lazy("after the first meeting"),
    "piece": gettext_lazy("when a piece is due an inspection"),
}
DAYS_WORDS: dict[str, Promise] = {
    "sale": gettext_lazy("Days after the purchase"),
    "since": gettext_lazy("Days since the last purchase"),
    "date": gettext_lazy("Days from the day (minus: before)"),
    "festival": gettext_lazy("Days from the festival (minus: before)"),
    "welcome": gettext_lazy("Days after the first meeting"),
    "piece": gettext_lazy("Days from the day it is due"),
}
_CHOOSABLE = [
    (code, word) for code, word in STEP_WORDS.items() if code not in ("occasion", "by_hand", "call_back", "ask_field")
]


class StepForm(forms.Form):
    """One step: when, how long it may wait, for whom, how often, and what to say."""

    code = forms.ChoiceField(label=gettext_lazy("What for"))
    offset_days = forms.IntegerField(
        label=gettext_lazy("Days"), min_value=-LONGEST_OFFSET_DAYS, max_value=LONGEST_OFFSET_DAYS
    )
    window_days = forms.IntegerField(label=gettext_lazy("May wait, days"), min_value=0, max_value=60, initial=3)
    grades = forms.MultipleChoiceField(
        label=gettext_lazy("Only grades"),
        choices=[(letter, letter) for letter in LETTERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    every_days = forms.IntegerField(
        label=gettext_lazy("Again every, days"), min_value=1, max_value=LONGEST_OFFSET_DAYS, required=False
    )
    until_days = forms.IntegerField(
        label=gettext_lazy("until day"), min_value=1, max_value=LONGEST_OFFSET_DAYS, required=False
    )
    script_zh = forms.CharField(
        label=gettext_lazy("What to say, Chinese"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    script_en = forms.CharField(
        label=gettext_lazy("What to say, English"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, trigger: str = "sale", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["offset_days"].label = str(DAYS_WORDS[trigger])
        kept = str(self.initial.get("code", ""))
        own = [] if not kept or kept in STEP_WORDS else [(kept, kept)]
        self.fields["code"].choices = [*own, *_CHOOSABLE]  # type: ignore[attr-defined]

    def plain(self) -> dict[str, object]:
        """Return the step as plain values, without what says nothing."""
        given = self.cleaned_data
        kept = {name: given[name] for name in self.base_fields if given.get(name) not in (None, "", [])}
        return {**kept, "offset_days": given["offset_days"], "window_days": given["window_days"]}


_Steps = forms.formset_factory(StepForm, extra=0, can_delete=True, min_num=1, validate_min=True, max_num=40)


def steps_of(plan: CarePlan) -> forms.BaseFormSet[StepForm]:
    """Return the rows of a plan."""
    return _Steps(initial=plan.steps, prefix="step", form_kwargs={"trigger": plan.trigger})


def steps_from(plan: CarePlan, given: Any) -> forms.BaseFormSet[StepForm]:
    """Return the rows that a form sent."""
    return _Steps(given, initial=plan.steps, prefix="step", form_kwargs={"trigger": plan.trigger})


def with_one_more(given: Any) -> Any:
    """Return what was sent with room for one more row."""
    more = given.copy()
    total = more.get("step-TOTAL_FORMS", "0")
    number = int(total) if total.isdecimal() else 0
    more["step-TOTAL_FORMS"] = str(min(number + 1, 40))
    more.setdefault(f"step-{number}-window_days", "3")
    return more
