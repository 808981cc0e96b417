"""The form of the self sign-up: little is asked, and every box begins without its tick."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.days import DayImpossible
from zhenke.customers.models import ConsentText, SignUpLink
from zhenke.customers.operations.sign_up import SIGN_UP_HOURS
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.consent import PURPOSES
from zhenke.doors.pages.profile.forms import DayOfYearFields, new_key
from zhenke.doors.words.consent import PURPOSE_WORDS, WAY_WORDS, text_words

ASKED = tuple(purpose for purpose in PURPOSES.values() if purpose.is_at_sign_up)
WAYS = ("wechat", "sms", "phone")
_KEY = re.compile(r"[0-9a-f]{32}")
_HOURS = {12: _("Today"), 24 * 7: _("One week"), 24 * 30: _("One month")}


class LinkForm(forms.Form):
    """How long the link is open."""

    hours = forms.TypedChoiceField(
        label=_("Open for"),
        choices=[(hours, _HOURS[hours]) for hours in SIGN_UP_HOURS],
        coerce=int,
        widget=forms.RadioSelect,
        initial=SIGN_UP_HOURS[0],
    )


class JoinForm(DayOfYearFields):
    """Name, phone, birthday if she likes, and what she allows: each purpose by each channel a box of its own."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=32, initial=new_key)

    def __init__(self, *args: object, texts: Mapping[str, ConsentText], **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["month"].required = self.fields["day"].required = False
        self.asked = [purpose for purpose in ASKED if purpose.code in texts]
        self.texts = texts
        for purpose in self.asked:
            ways = [(way, WAY_WORDS[way]) for way in WAYS] if purpose.by_channel else [("all", _("I agree"))]
            self.fields[f"allow_{purpose.code}"] = forms.MultipleChoiceField(
                label=str(PURPOSE_WORDS[purpose.code]),
                choices=ways,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=text_words(texts[purpose.code]),
            )
            self.fields[f"version_{purpose.code}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=texts[purpose.code].version
            )

    def clean(self) -> dict[str, object]:
        """Refuse half a birthday, a day that no calendar has, and a yes to a text that has just been changed."""
        cleaned = super().clean() or self.cleaned_data
        given = [bool(cleaned.get(name)) for name in ("month", "day")]
        if any(given) != all(given) or (cleaned.get("year") and not all(given)):
            self.add_error("day", _("A birthday needs its month and its day."))
            return cleaned
        try:
            self.day_of_year()
        except DayImpossible:
            self.add_error("day", _("No calendar has this day; check day, month and year."))
        if not _KEY.fullmatch(str(cleaned.get("key", ""))):
            self.add_error(None, _("This page is too old. Open the link again."))
        for purpose in self.asked:
            if cleaned.get(f"version_{purpose.code}") != self.texts[purpose.code].version:
                self.add_error(None, _("This page is too old. Open the link again."))
        return cleaned

    def draft(self, link: SignUpLink, *, language: str) -> CustomerDraft:
        """Return what was given as a draft of the archive."""
        given = self.cleaned_data
        return CustomerDraft(
            name=given["name"],
            phones=(given["phone"],),
            birthday=self.day_of_year(),
            language=language,
            source="walk_in",
            source_key=f"join:{link.pk:x}:{given['key']}",
            shop=link.shop,
            owner=link.advisor,
        )

    def allowed(self) -> dict[str, tuple[str, ...]]:
        """Return the channels of each purpose that was ticked."""
        ticked = {purpose.code: self.cleaned_data[f"allow_{purpose.code}"] for purpose in self.asked}
        return {code: tuple("" if way == "all" else way for way in ways) for code, ways in ticked.items() if ways}

    def consent_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the boxes of each purpose with the version of its text, in order."""
        return [(self[f"allow_{one.code}"], self[f"version_{one.code}"]) for one in self.asked]
