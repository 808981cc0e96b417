"""Forms about the rights of a customer."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from zhenke.customers.operations.consent import LONGEST_NOTE
from zhenke.doors.words.consent import GIVER_WORDS, PROOF_WORDS, WAY_WORDS

_BY_HAND = ("paper", "spoken", "message")


class ConsentForm(forms.Form):
    """Where one purpose stands: by which channels the answer is yes, who said it, and how it is proved."""

    channels = forms.MultipleChoiceField(label=_("Yes by"), required=False, widget=forms.CheckboxSelectMultiple)
    giver = forms.ChoiceField(
        label=_("Who said it"), choices=list(GIVER_WORDS.items()), widget=forms.RadioSelect, initial="self"
    )
    proof = forms.ChoiceField(
        label=_("How"), choices=[(code, PROOF_WORDS[code]) for code in _BY_HAND], widget=forms.RadioSelect
    )
    proof_note = forms.CharField(
        label=_("Where the proof is"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("Number of the signed sheet, day of the message."),
    )

    def offer(self, ways: Sequence[str]) -> None:
        """Offer the channels of the purpose; "" alone is one box."""
        words = [(way or "all", WAY_WORDS[way] if way else _("The customer agrees")) for way in ways]
        self.fields["channels"].choices = words  # type: ignore[attr-defined]

    def chosen(self) -> list[str]:
        """Return the channels that were ticked."""
        return ["" if one == "all" else one for one in self.cleaned_data["channels"]]
