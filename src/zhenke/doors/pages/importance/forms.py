"""Forms of importance and of the service team."""

from __future__ import annotations

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenke.customers.operations.team import SERVE
from zhenke.customers.rules.importance import REASONS
from zhenke.doors.words.importance import IMPORTANCE_MEANS, IMPORTANCE_WORDS, PART_WORDS, REASON_WORDS
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import staff_within
from zhenke.staff.rules import Role


class ImportanceForm(forms.Form):
    """How important, and why: one choice says both."""

    choice = forms.ChoiceField(label=_("How important, and why"))

    def __init__(self, *args: object, viewer: StaffMember, current: int, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        may_lower = viewer.role == Role.OWNER
        self._offered = {one: reasons for one, reasons in REASONS.items() if may_lower or one >= current}
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (f"{int(one)}:{reason}", REASON_WORDS[reason])
            for one, reasons in self._offered.items()
            for reason in reasons
        ]

    def groups(self) -> list[tuple[Promise, Promise, list[tuple[str, Promise]]]]:
        """Return the choices by importance: its name, what it means, and its reasons."""
        return [
            (
                IMPORTANCE_WORDS[one],
                IMPORTANCE_MEANS[one],
                [(f"{int(one)}:{why}", REASON_WORDS[why]) for why in reasons],
            )
            for one, reasons in self._offered.items()
        ]

    def chosen(self) -> tuple[int, str]:
        """Return importance and reason."""
        importance, _, reason = str(self.cleaned_data["choice"]).partition(":")
        return int(importance), reason


class TeamForm(forms.Form):
    """Somebody for the team, and what for."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=None, empty_label=_("Choose somebody"))  # type: ignore[var-annotated]
    part = forms.ChoiceField(
        label=_("As"), choices=list(PART_WORDS.items()), widget=forms.RadioSelect, initial="stylist"
    )

    def __init__(self, *args: object, viewer: StaffMember, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        people = staff_within(viewer=viewer).filter(is_active=True, role__in=SERVE)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]
