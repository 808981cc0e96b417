"""The form of a new customer: what can be asked in a minute, nothing of it needed but a name, a phone or a card."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.days import DayImpossible
from zhenke.catalogue.rules import METALS, STONES
from zhenke.customers.rules import CustomerDraft
from zhenke.doors.pages.guardian import GuardianFields
from zhenke.doors.pages.profile.forms import DayOfYearFields, new_key
from zhenke.doors.words.consent import WAY_WORDS
from zhenke.doors.words.goods import METAL_WORDS, STONE_WORDS
from zhenke.doors.words.people import GENDER_WORDS, KIND_WORDS, SOURCE_WORDS

_TASTES = (*METALS[:8], *STONES[:6])
_WAYS = [(code, word) for code, word in WAY_WORDS.items() if code != "address"]
_WANTED = (
    ("", _("Nothing yet")),
    ("engagement", _("An engagement")),
    ("wedding", _("A wedding")),
    ("gift", _("A gift")),
    ("self", _("Something for oneself")),
    ("saving", _("Gold to keep")),
    ("repair", _("A repair")),
)


class NewCustomerForm(GuardianFields, DayOfYearFields):
    """The person in front of the counter."""

    kind = forms.ChoiceField(
        label=_("Kind of customer"),
        choices=list(KIND_WORDS.items()),
        required=False,
        initial="person",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    gender = forms.ChoiceField(
        label=_("Addressed as"), choices=list(GENDER_WORDS.items()), required=False, widget=forms.RadioSelect
    )
    likes = forms.MultipleChoiceField(
        label=_("Likes"),
        choices=[(code, METAL_WORDS.get(code) or STONE_WORDS[code]) for code in _TASTES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    intent = forms.ChoiceField(label=_("Looking for"), choices=_WANTED, required=False)
    source = forms.ChoiceField(
        label=_("How they came to us"), choices=[("", _("Not known")), *SOURCE_WORDS.items()], required=False
    )
    allow_care = forms.MultipleChoiceField(
        label=_("Greetings and reminders"), choices=_WAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    allow_marketing = forms.MultipleChoiceField(
        label=_("New pieces and offers"),
        choices=_WAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ask, and tick only what the customer says yes to. Care for a piece needs no tick."),
    )
    notes = forms.CharField(
        label=_("What you want to remember"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=new_key)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["month"].required = self.fields["day"].required = False

    def clean(self) -> dict[str, object]:
        """Refuse half a birthday, and one that no calendar has, at the day itself."""
        cleaned = super().clean() or self.cleaned_data
        given = [bool(cleaned.get(name)) for name in ("month", "day")]
        if any(given) != all(given) or (cleaned.get("year") and not all(given)):
            self.add_error("day", _("A birthday needs its month and its day."))
            return cleaned
        try:
            self.day_of_year()
        except DayImpossible:
            self.add_error("day", _("No calendar has this day; check day, month and year."))
        return cleaned

    def draft(self) -> CustomerDraft:
        """Return what was given as a draft of the archive."""
        given = self.cleaned_data
        likes: dict[str, list[str]] = {}
        for code in given.get("likes", ()):
            likes.setdefault("metal" if code in METALS else "stone", []).append(code)
        if given.get("intent"):
            likes["intent"] = [given["intent"]]
        return CustomerDraft(
            name=given.get("name", ""),
            kind=given.get("kind") or "person",
            gender=given.get("gender", ""),
            phones=(given["phone"],) if given.get("phone") else (),
            birthday=self.day_of_year(),
            traits=likes,
            source=given.get("source", ""),
            notes=given.get("notes", ""),
            source_key=f"desk:{given['key']}" if given.get("key") else None,
        )

    def allowed(self) -> dict[str, tuple[str, ...]]:
        """Return the channels of each purpose that the customer said yes to."""
        ticked = {code: tuple(self.cleaned_data.get(f"allow_{code}", ())) for code in ("care", "marketing")}
        return {code: ways for code, ways in ticked.items() if ways}
