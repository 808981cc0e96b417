"""The form by which a member says that something of hers is wrong."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.days import DayImpossible, DayOfYear

_CONTACTS = [
    ("", _("Both are right")),
    ("phone", _("My phone number is another")),
    ("email", _("My e-mail is another")),
]


class CorrectForm(forms.Form):
    """Her name, her birthday, and whether a contact is wrong; what is left empty stays."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    calendar = forms.ChoiceField(
        label=pgettext_lazy("date", "Calendar"),
        choices=[("solar", pgettext_lazy("calendar", "Solar")), ("lunar", pgettext_lazy("calendar", "Lunar"))],
        widget=forms.RadioSelect,
        initial="solar",
        required=False,
    )
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12, required=False)
    day = forms.IntegerField(label=pgettext_lazy("date", "Day"), min_value=1, max_value=31, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1850, max_value=2150, required=False)
    contact = forms.ChoiceField(
        label=_("Phone and e-mail"), choices=_CONTACTS, widget=forms.RadioSelect, initial="", required=False
    )

    birthday: DayOfYear | None = None

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for name in ("month", "day", "year"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, object]:
        """Refuse half a birthday, and a day that no calendar has."""
        cleaned = super().clean() or self.cleaned_data
        parts = [cleaned.get("month"), cleaned.get("day")]
        if any(parts) != all(parts) or (cleaned.get("year") and not all(parts)):
            self.add_error("day", _("A birthday needs its month and its day."))
        elif all(parts):
            try:
                self.birthday = DayOfYear(
                    cleaned["month"],
                    cleaned["day"],
                    "lunar" if cleaned.get("calendar") == "lunar" else "solar",
                    False,
                    cleaned.get("year"),
                )
            except DayImpossible:
                self.add_error("day", _("No calendar has this day; check day, month and year."))
        return cleaned
