"""Forms of Today: how a follow-up ended, until when it waits, who takes it."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from zhenke.care.operations.tasks import LONGEST_NEXT_DAYS, LONGEST_SNOOZE_DAYS
from zhenke.care.rules import Result, next_date_for
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.words.care import RESULT_WORDS


class DoneForm(forms.Form):
    """How it ended, in the customer's words, and when to be in touch next."""

    result = forms.ChoiceField(
        label=_("How did it end?"),
        widget=forms.RadioSelect,
        choices=[(result.value, RESULT_WORDS[result.value]) for result in Result],
    )
    note = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("What was said, what you promised")}),
    )
    next_date = DayField(label=_("Be in touch next"))

    @classmethod
    def for_result(cls, result: Result, today: date) -> DoneForm:
        """Return an empty form with the day that this result proposes."""
        return cls(initial={"result": result.value, "next_date": next_date_for(result=result, today=today)})

    def bound_days(self, today: date) -> None:
        """Tell the calendar of the browser which days can be chosen."""
        bounds = {"min": today + timedelta(days=1), "max": today + timedelta(days=LONGEST_NEXT_DAYS)}
        self.fields["next_date"].widget.attrs.update({name: day.isoformat() for name, day in bounds.items()})


class SnoozeForm(forms.Form):
    """Until when a follow-up waits."""

    until = DayField(label=_("Another day"))

    def bound_days(self, today: date) -> None:
        """Tell the calendar of the browser which days can be chosen."""
        bounds = {"min": today + timedelta(days=1), "max": today + timedelta(days=LONGEST_SNOOZE_DAYS)}
        self.fields["until"].widget.attrs.update({name: day.isoformat() for name, day in bounds.items()})


class GiveForm(forms.Form):
    """Who takes a follow-up."""

    to = forms.IntegerField()
