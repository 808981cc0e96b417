"""The limits of a day: one number for each role and importance."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from zhenke.customers.rules.reveals import MOST, STARTING
from zhenke.doors.words.importance import IMPORTANCE_WORDS
from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.staff.rules import Role

Quotas = Mapping[tuple[str, int], int]


class QuotaForm(forms.Form):
    """The limits of all roles that are shown whole contacts."""

    def __init__(self, *args: object, quotas: Quotas, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for (role, importance), a_day in quotas.items():
            said = _("%(role)s, %(importance)s customers") % {
                "role": ROLE_WORDS[Role(role)],
                "importance": str(IMPORTANCE_WORDS[importance]).lower(),
            }
            self.fields[f"{role}-{importance}"] = forms.IntegerField(
                label=said,
                min_value=0,
                max_value=MOST,
                initial=a_day,
                widget=forms.NumberInput(attrs={"aria-label": said}),
            )

    def rows(self) -> list[tuple[object, list[forms.BoundField]]]:
        """Return the roles with their three fields."""
        return [(ROLE_WORDS[Role(role)], [self[f"{role}-{one}"] for one in (1, 2, 3)]) for role in STARTING]

    def plain(self) -> dict[tuple[str, int], int]:
        """Return the limits by role and importance."""
        parts = ((*name.split("-"), a_day) for name, a_day in self.cleaned_data.items())
        return {(role, int(importance)): a_day for role, importance, a_day in parts}
