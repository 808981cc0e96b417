"""What is asked before a list becomes a file, and before the file is handed over."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.customers.rules.exports import FIRST, FORMATS, LONGEST_PURPOSE, SENSITIVE, offered_columns
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.words.exports import COLUMN_WORDS
from zhenke.staff.models import StaffMember

FORMAT_WORDS = {"xlsx": gettext_lazy("Excel"), "csv": gettext_lazy("CSV")}


class ExportForm(forms.Form):
    """Columns that the viewer's role is shown, the kind of file, and what it is for."""

    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=LONGEST_PURPOSE,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Invitations to the jade evening")}),
    )
    columns = forms.MultipleChoiceField(
        label=pgettext_lazy("export", "Columns"), initial=list(FIRST), widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[(code, FORMAT_WORDS[code]) for code in FORMATS],
        initial=FORMATS[0],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, viewer: StaffMember, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        offered = offered_columns(sight_of(viewer.role))
        self.fields["columns"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{COLUMN_WORDS[one.code]} *" if one.level >= SENSITIVE else COLUMN_WORDS[one.code])
            for one in offered
        ]


class FetchForm(forms.Form):
    """The password once more: a desk that was left open gives no file away."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DecisionForm(forms.Form):
    """Why somebody agrees or does not."""

    reason = forms.CharField(label=gettext_lazy("Reason"), min_length=2, max_length=200)
