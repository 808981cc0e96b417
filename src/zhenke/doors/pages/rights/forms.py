"""Forms about the rights of a customer."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.customers.operations.consent import LONGEST_NOTE
from zhenke.doors.words.consent import GIVER_WORDS, PROOF_WORDS, WAY_WORDS

CHECK_WORDS: dict[str, Promise] = {
    "id_card": _("Identity card seen"),
    "known_in_person": _("Known in person, here in the shop"),
    "called_back": _("Called back on the number on file"),
}
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


class CopyForm(forms.Form):
    """How it was checked who asks for the copy, and as what it is wanted."""

    checked = forms.ChoiceField(
        label=_("How was it checked who is asking?"), choices=list(CHECK_WORDS.items()), widget=forms.RadioSelect
    )
    shape = forms.ChoiceField(
        label=pgettext_lazy("copy", "As"),
        choices=[("page", _("A page to read and print")), ("file", _("A file for other programs (JSON)"))],
        widget=forms.RadioSelect,
        initial="page",
    )


class ForgetForm(forms.Form):
    """The name, typed once more, so that nobody is erased by a slip of the hand."""

    typed = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, wanted: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.wanted = wanted
        self.fields["typed"].label = _("Type “%(name)s” to confirm") % {"name": wanted}

    def clean_typed(self) -> str:
        """Refuse anything but the name itself."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self.wanted:
            raise forms.ValidationError(_("This is not the name that stands on top."))
        return typed
