"""Views of legal holds: what must not be erased, why and until when; for the owner, and to read for the auditor."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import Customer, LegalHold
from zhenke.customers.operations.holds import lift_hold, set_hold
from zhenke.customers.queries import customer_for, search, seen_name
from zhenke.customers.queries.holds import legal_holds
from zhenke.customers.queries.protection import hidden_among
from zhenke.customers.rules.holds import HELD_KINDS, LONGEST_REASON
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.words.days import exact_day
from zhenke.staff.rules import May

KIND_WORDS: dict[str, Promise] = {
    "prospects": gettext_lazy("Archives of people who never bought"),
    "silent_members": gettext_lazy("Archives of members long silent"),
    "children_asked": gettext_lazy("Archives of children without a guardian's yes"),
    "import_rejects": gettext_lazy("Files that were handed in, and refused rows"),
    "sign_up_links": gettext_lazy("Sign-up codes that have ended"),
}
_ONE = "customer"


class HoldForm(forms.Form):
    """What is held, why, and until which day."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What must be kept"),
        choices=[
            (_ONE, gettext_lazy("The archive of one customer")),
            *((code, KIND_WORDS[code]) for code in HELD_KINDS),
        ],
    )
    who = forms.CharField(
        label=gettext_lazy("The customer's phone or card number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The law, or the number of the case. Name nobody else here."),
    )
    until_date = DayField(label=gettext_lazy("Until, this day included"))


def settings_holds(request: StaffRequest) -> HttpResponse:
    """Show what is held, and hold something more."""
    if request.method == "GET":
        return _page(request, HoldForm(initial={"kind": _ONE, "who": request.GET.get("who", "")[:40]}))
    form, moment = HoldForm(request.POST), moment_of(request)
    if not form.is_valid():
        return _page(request, form)
    given = form.cleaned_data
    customer = _named(request, form) if given["kind"] == _ONE else None
    if not form.is_valid():
        return _page(request, form)
    try:
        hold = set_hold(
            customer=customer,
            kind="" if customer else given["kind"],
            reason=given["reason"],
            until_date=given["until_date"],
            today=moment.today,
            by=request.user,
            now=moment.now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return _page(request, form)
    words = _("Kept until %(day)s.") % {"day": exact_day(hold.until_date)}
    return told(request, words, back=reverse("settings_holds"))


def settings_hold_lift(request: StaffRequest, hold_id: int) -> HttpResponse:
    """End a hold before its day."""
    hold = next((one for one in legal_holds(viewer=request.user) if one.pk == hold_id), None)
    if hold is None:
        raise NotFound(kind="hold")
    lift_hold(hold=hold, by=request.user, now=moment_of(request).now)
    return told(request, _("The hold has ended."), back=reverse("settings_holds"))


def _named(request: StaffRequest, form: HoldForm) -> Customer | None:
    asked = form.cleaned_data["who"].strip()
    hits = [hit for hit in search(viewer=request.user, text=asked) if hit.by in ("card", "phone")] if asked else []
    if len(hits) != 1:
        form.add_error("who", _("Nobody alone is found by this; write the whole phone or the card number."))
        return None
    return customer_for(viewer=request.user, id=hits[0].id)


def _page(request: StaffRequest, form: HoldForm) -> HttpResponse:
    viewer, today = request.user, moment_of(request).today
    holds = legal_holds(viewer=viewer)
    hidden = hidden_among(viewer=viewer, keys={hold.customer_id for hold in holds})
    words = {
        "page_title": _("Kept by law"),
        "rows": [
            {
                "hold": hold,
                "name": _name(request=request, hold=hold, is_hidden=hold.customer_id in hidden),
                "is_over": hold.lifted_at is not None or hold.until_date < today,
                "is_open": hold.customer is not None and hold.customer_id not in hidden,
            }
            for hold in holds
        ],
        "form": form,
        "may_edit": viewer.may(May.EDIT_SETTINGS),
        "today": today,
    }
    return render(request, "settings/holds.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def _name(*, request: StaffRequest, hold: LegalHold, is_hidden: bool) -> str | Promise:
    if hold.customer is None:
        return KIND_WORDS.get(hold.kind, hold.kind)
    if is_hidden:
        return _("A protected customer")
    return seen_name(viewer=request.user, customer=hold.customer) or str(hold.customer_id)
