"""Views of connected programs: who holds a token, a new one whose secret is shown once, ending one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.permissions import SCOPES
from zhenke.staff.models import StaffMember
from zhenke.staff.operations import connect_program, revoke_token
from zhenke.staff.queries import shops_within, tokens

SUBJECT_WORDS: dict[str, Promise] = {
    "customers": gettext_lazy("Customers"),
    "sales": gettext_lazy("Sales and returns"),
    "pieces": gettext_lazy("Pieces"),
    "tasks": gettext_lazy("Follow-ups"),
    "grades": gettext_lazy("Grades"),
    "membership": gettext_lazy("Membership"),
    "imports": gettext_lazy("Imports"),
}
ACT_WORDS: dict[str, Promise] = {"read": gettext_lazy("read"), "write": gettext_lazy("write")}


def scope_word(scope: str) -> str:
    """Return what a scope opens, in words."""
    subject, _colon, act = scope.partition(":")
    return f"{SUBJECT_WORDS.get(subject, subject)}: {ACT_WORDS.get(act, act)}"


class ProgramForm(forms.Form):
    """A program, where it stands, what it may do, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Till of the first floor")}),
    )
    shop: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Sees"),
        queryset=None,
        empty_label=None,
        help_text=gettext_lazy("This shop, or all shops below it"),
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("program", "May"),
        choices=lambda: [(scope, scope_word(scope)) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    valid_days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        choices=((90, gettext_lazy("90 days")), (365, gettext_lazy("a year")), (1095, gettext_lazy("three years"))),
        coerce=int,
        initial=365,
    )

    def __init__(self, *args: Any, viewer: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["shop"].queryset = shops_within(viewer=viewer).filter(closed_at=None)  # type: ignore[attr-defined]


def settings_programs(request: StaffRequest) -> HttpResponse:
    """Show the tokens, and make one; its secret is in this one answer and nowhere else."""
    if request.method == "GET":
        return _list(request, ProgramForm(viewer=request.user, initial={"scopes": ["sales:write"]}))
    form = ProgramForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _list(request, form)
    try:
        token, secret = connect_program(**form.cleaned_data, by=request.user, now=moment_of(request).now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return _list(request, form)
    return render(request, "settings/secret.html", {"page_title": token.name, "token": token, "secret": secret})


def _list(request: StaffRequest, form: ProgramForm) -> HttpResponse:
    moment = moment_of(request)
    rows = [
        {
            "token": one,
            "scopes": ", ".join(scope_word(scope) for scope in one.scopes),
            "is_open": one.revoked_at is None and one.expires_at > moment.now,
        }
        for one in tokens(viewer=request.user)[:100]
    ]
    words = {"page_title": _("Connected programs"), "rows": rows, "form": form, "today": moment.today}
    return render(request, "settings/programs.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def settings_program_revoke(request: StaffRequest, token_id: int) -> HttpResponse:
    """End one token at once."""
    token = tokens(viewer=request.user).filter(pk=token_id).first()
    if token is None:
        raise NotFound(kind="token")
    revoke_token(token=token, by=request.user, now=moment_of(request).now)
    text = _("%(name)s is shut out from this moment.") % {"name": token.name}
    return told(request, text, back=reverse("settings_programs"))
