"""Forms of the profile's sheets: note, task, date, grade by hand, the person's own fields, a contact."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.days import DayImpossible, DayOfYear
from zhenke.customers.models import Interaction
from zhenke.customers.operations.archive import LENGTHS
from zhenke.doors.pages.guardian import GuardianFields
from zhenke.doors.pages.notes.fields import NoteExtras
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.words.people import CHANNEL_WORDS, GENDER_WORDS, INTERACTION_WORDS, SOURCE_WORDS
from zhenke.doors.words.why import occasion_name
from zhenke.grading.operations.overrides import LONGEST_DAYS
from zhenke.grading.rules import LETTERS

DATE_KINDS = (
    "birthday",
    "wedding",
    "engagement",
    "met",
    "spouse_birthday",
    "child_birthday",
    "full_month",
    "other",
)


def new_key() -> str:
    """Return a key of one form on one screen: sent twice, it is still one act."""
    return uuid.uuid4().hex


class NoteForm(NoteExtras):
    """What happened or was said."""

    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=[(kind.value, INTERACTION_WORDS[kind.value]) for kind in Interaction.Kind],
        widget=forms.RadioSelect,
        initial="note",
    )
    text = forms.CharField(
        label=_("In a few words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=new_key)

    @classmethod
    def of_kind(cls, kind: str) -> NoteForm:
        """Return an empty form with this kind chosen; a kind that is none leaves it a note."""
        return cls(initial={"kind": kind if kind in Interaction.Kind.values else "note", "key": new_key()})


class TaskForm(forms.Form):
    """What is to be done, and when."""

    note = forms.CharField(
        label=_("What is to be done?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True, "placeholder": _("Show the pearl strand again")}),
    )
    due_date = DayField(label=pgettext_lazy("task", "When"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=new_key)

    @classmethod
    def for_tomorrow(cls, today: date) -> TaskForm:
        """Return an empty form for tomorrow."""
        return cls(initial={"due_date": today + timedelta(days=1), "key": new_key()})


class DayOfYearFields(forms.Form):
    """A day that comes back, in either calendar; the year only if it is known."""

    calendar = forms.ChoiceField(
        label=pgettext_lazy("date", "Calendar"),
        choices=[("solar", pgettext_lazy("calendar", "Solar")), ("lunar", pgettext_lazy("calendar", "Lunar"))],
        widget=forms.RadioSelect,
        initial="solar",
        required=False,
    )
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)
    day = forms.IntegerField(label=pgettext_lazy("date", "Day"), min_value=1, max_value=31)
    year = forms.IntegerField(label=_("Year"), min_value=1850, max_value=2150, required=False)
    is_leap_month = forms.BooleanField(label=_("Leap month"), required=False)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for name in ("month", "day", "year"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def day_of_year(self) -> DayOfYear | None:
        """Return the day that was given, None if none was.

        Errors: DayImpossible.
        """
        given = self.cleaned_data
        if not given.get("month") or not given.get("day"):
            return None
        is_lunar = given.get("calendar") == "lunar"
        return DayOfYear(
            given["month"],
            given["day"],
            "lunar" if is_lunar else "solar",
            bool(given.get("is_leap_month")) and is_lunar,
            given.get("year"),
        )


class DateForm(GuardianFields, DayOfYearFields):
    """One day of a customer's that comes back."""

    kind = forms.ChoiceField(label=_("Which day?"), choices=())
    label = forms.CharField(
        label=_("Whose, or what"), required=False, max_length=60, help_text=_("Tells two of one kind apart.")
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        words = [(kind, occasion_name(kind)) for kind in DATE_KINDS]
        self.fields["kind"].choices = [(kind, word[:1].upper() + word[1:]) for kind, word in words]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Refuse a day that no calendar has, at the day itself."""
        cleaned = super().clean() or self.cleaned_data
        try:
            self.day_of_year()
        except DayImpossible:
            self.add_error("day", _("No calendar has this day; check day, month and year."))
        return cleaned


class OverrideForm(forms.Form):
    """A grade set by hand, why, and until when."""

    letter = forms.ChoiceField(
        label=pgettext_lazy("profile", "Grade"), choices=[(one, one) for one in LETTERS], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Family of our A customer")}),
    )
    until_date = DayField(label=_("Until"))

    def bound_days(self, today: date) -> None:
        """Tell the calendar of the browser which days can be chosen."""
        last = today + timedelta(days=LONGEST_DAYS)
        self.fields["until_date"].widget.attrs.update({"min": today.isoformat(), "max": last.isoformat()})


class PersonForm(forms.Form):
    """The person's own fields."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=LENGTHS["name"], required=False)
    gender = forms.ChoiceField(
        label=_("Addressed as"),
        choices=[("", _("Not known")), *GENDER_WORDS.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    card_number = forms.CharField(label=_("Card number"), max_length=LENGTHS["card_number"], required=False)
    region = forms.CharField(label=_("City or district"), max_length=LENGTHS["region"], required=False)
    source = forms.ChoiceField(label=_("How they came to us"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Not known")), ("zh-hans", "中文"), ("en", "English")], required=False
    )
    channel = forms.ChoiceField(
        label=_("Preferred way to be reached"), choices=[("", _("Not known")), *CHANNEL_WORDS.items()], required=False
    )
    hour_preference = forms.CharField(
        label=_("Preferred hours"), max_length=LENGTHS["hour_preference"], required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Weekdays after six")}),
    )  # fmt: skip
    first_met_date = DayField(label=_("Known since"), required=False)
    caution = forms.CharField(
        label=_("Careful with"),
        max_length=LENGTHS["caution"],
        required=False,
        help_text=_("Stands on top of the profile: an allergy, what not to give."),
    )
    notes = forms.CharField(
        label=_("Remarks"), max_length=LENGTHS["notes"], required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        known = str(self.initial.get("source", ""))
        own = [] if known in SOURCE_WORDS or not known else [(known, known)]
        self.fields["source"].choices = [("", _("Not known")), *SOURCE_WORDS.items(), *own]  # type: ignore[attr-defined]
        for name in ("language", "channel"):  # what a file or a program brought stays choosable
            offered = self.fields[name].choices  # type: ignore[attr-defined]
            kept = str(self.initial.get(name, ""))
            if kept not in {code for code, _word in offered}:
                self.fields[name].choices = [*offered, (kept, kept)]  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """One more way to reach the person."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=list(CHANNEL_WORDS.items()), widget=forms.RadioSelect, initial="phone"
    )
    text = forms.CharField(
        label=_("Number or address"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        kept = [(code, word) for code, word in CHANNEL_WORDS.items() if code != "sms"]
        self.fields["kind"].choices = kept  # type: ignore[attr-defined]
