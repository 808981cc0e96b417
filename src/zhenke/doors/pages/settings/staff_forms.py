"""Forms of people: a new one, changes, and who takes over when somebody leaves."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.operations import MemberChanges
from zhenke.staff.queries import advisors_of, shops_within
from zhenke.staff.rules import Role

_ROLES = [(role.value, ROLE_WORDS[role]) for role in Role if role != Role.INTEGRATION]
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another when read aloud


def first_password() -> str:
    """Return a password to be said once: four groups of four signs, 79 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _sign in range(4)) for _group in range(4))


class MemberForm(forms.Form):
    """What may change about a person."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_ROLES, initial=Role.ADVISOR.value)
    shop: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Shop"), queryset=None, empty_label=None
    )
    capacity_a_day = forms.IntegerField(
        label=gettext_lazy("Follow-ups a day"),
        min_value=0,
        max_value=200,
        initial=12,
        help_text=gettext_lazy("More wait for tomorrow"),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("As the house")), *settings.LANGUAGES],
        required=False,
    )

    def __init__(self, *args: Any, viewer: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        nodes = shops_within(viewer=viewer).filter(closed_at=None)
        self.fields["shop"].queryset = nodes  # type: ignore[attr-defined]
        first = nodes.filter(kind=Shop.Kind.SHOP).first()
        self.fields["shop"].initial = first.pk if first else None

    def changes(self) -> MemberChanges:
        """Return what the form asks for."""
        given = {name: self.cleaned_data[name] for name in MemberForm.base_fields}
        return MemberChanges(**{**given, "role": Role(given["role"])})


class NewMemberForm(MemberForm):
    """A new person: also the name to sign in with."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=40,
        help_text=gettext_lazy("To sign in: small letters, digits, dots or dashes"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("name", "username", "role", "shop", "capacity_a_day", "email", "language")


class LeaveForm(forms.Form):
    """Who takes over."""

    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Who takes over?"), queryset=None, empty_label=gettext_lazy("Choose a colleague")
    )

    def __init__(self, *args: Any, viewer: StaffMember, member: StaffMember, is_needed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        people = advisors_of(shop=viewer.shop, viewer=viewer).exclude(pk=member.pk)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda one: f"{one.name} · {one.shop.name}"  # type: ignore[attr-defined]
        self.fields["to"].required = is_needed
