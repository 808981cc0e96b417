"""Forms of signing in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.errors import BadInput
from zhenke.customers.queries.members import contact_indexes
from zhenke.customers.rules.members import CODE_DIGITS
from zhenke.doors.words_errors import sentence_of

_MONTHS = [("", "–"), *((number, str(number)) for number in range(1, 13))]
_DAYS = [("", "–"), *((number, str(number)) for number in range(1, 32))]


class ContactForm(forms.Form):
    """A phone or an e-mail address."""

    contact = forms.CharField(
        label=_("Phone or e-mail"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )

    indexes: tuple[str, ...] = ()

    def clean_contact(self) -> str:
        """Refuse what is no contact at all; whether anybody has it is told to nobody."""
        text: str = self.cleaned_data["contact"]
        try:
            self.indexes = contact_indexes(kind="email" if "@" in text else "phone", text=text)
        except BadInput as refusal:
            raise forms.ValidationError(sentence_of(refusal)) from None
        return text


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.RegexField(
        label=pgettext_lazy("sign-in", "Code"),
        regex=rf"^\d{{{CODE_DIGITS}}}$",
        max_length=12,
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "pattern": "[0-9]*"}
        ),
    )

    def clean_code(self) -> str:
        """Refuse digits of other scripts, which look like ours and are none."""
        code: str = self.cleaned_data["code"]
        if not code.isascii():
            raise forms.ValidationError(_("The code has six digits."))
        return code


class KnownForm(forms.Form):
    """What a new device has to say: the birthday, or the number of the card."""

    month = forms.IntegerField(label=_("Month"), required=False, widget=forms.Select(choices=_MONTHS))
    day = forms.IntegerField(label=pgettext_lazy("date", "Day"), required=False, widget=forms.Select(choices=_DAYS))
    card = forms.CharField(
        label=_("Card number"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
