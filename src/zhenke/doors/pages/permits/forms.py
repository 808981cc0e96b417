"""The word of the second person, yes or no and why as one choice; and how long who is alone waits."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.rules.permits import ALONE_LEAST, ALONE_MOST
from zhenke.doors.words.permits import AGREED_WORDS, REFUSED_WORDS


class DecisionForm(forms.Form):
    """One choice; its code says yes or no and the reason."""

    word = forms.ChoiceField(
        label=gettext_lazy("Your word"),
        choices=[
            ("", gettext_lazy("Choose")),
            (pgettext_lazy("permit", "Agree"), [(f"agree:{code}", said) for code, said in AGREED_WORDS.items()]),
            (pgettext_lazy("permit", "Refuse"), [(f"refuse:{code}", said) for code, said in REFUSED_WORDS.items()]),
        ],
    )

    def decision(self) -> tuple[bool, str]:
        """Return whether it is a yes, and why."""
        word, _, because = self.cleaned_data["word"].partition(":")
        return word == "agree", because


class WaitForm(forms.Form):
    """How long somebody waits who looks alone."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hours to wait"),
        min_value=ALONE_LEAST,
        max_value=ALONE_MOST,
        help_text=gettext_lazy("12 to 168. What was asked for before keeps its time."),
    )
