"""Reaching a customer: the whole number is shown for a reason, and each look leaves its mark."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput
from zhenke.customers.models import Customer
from zhenke.customers.operations import reveal_contact
from zhenke.customers.queries import SeenContact, contacts_of, customer_for, seen_name
from zhenke.customers.queries.reveals import used_by
from zhenke.customers.rules.reveals import RevealsUsedUp
from zhenke.doors.pages.profile.forms import REVEAL_REASONS
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of
from zhenke.doors.words.people import CHANNEL_WORDS
from zhenke.doors.words_errors import sentence_of


def call(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show the phone to call now."""
    customer = customer_for(viewer=request.user, id=customer_id)
    phones = [one for one in _to_reveal(request, customer) if one.kind == "phone"]
    words = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer),
        "sheet": "profile/_call.html",
    }
    if phones:
        moment = moment_of(request)
        try:
            phone = reveal_contact(viewer=request.user, contact=phones[0].id, reason="call", now=moment.now)
        except RevealsUsedUp as refusal:
            words |= {"wrong": sentence_of(refusal)}
        else:
            words |= {"phone": phone, "others": phones[1:], "left": _left(request, customer, moment)}
    status = UNREADABLE if "wrong" in words else HTTPStatus.OK
    return render(request, "profile/_call.html" if request.htmx else "today/sheet.html", words, status=status)


def reveal(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Ask what a contact is needed for, then show it."""
    customer = customer_for(viewer=request.user, id=customer_id)
    asked = request.POST.get("contact") or request.GET.get("contact", "")
    found = next((one for one in _to_reveal(request, customer) if str(one.id) == asked), None)
    words: dict[str, object] = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer),
        "contact": found,
        "word": CHANNEL_WORDS.get(found.kind, "") if found else "",
        "reasons": REVEAL_REASONS,
        "sheet": "profile/_reveal.html",
    }
    status = HTTPStatus.OK
    if found is None:
        words["wrong"], status = _("This contact is not there any more."), UNREADABLE
    elif request.method == "POST":
        moment, reason = moment_of(request), request.POST.get("reason", "")
        try:
            words["whole"] = reveal_contact(viewer=request.user, contact=found.id, reason=reason, now=moment.now)
            words["left"] = _left(request, customer, moment)
        except RevealsUsedUp as refusal:
            words["wrong"], status = sentence_of(refusal), UNREADABLE
        except BadInput:
            words["wrong"], status = _("Say what the contact is needed for."), UNREADABLE
    return render(request, "profile/_reveal.html" if request.htmx else "today/sheet.html", words, status=status)


def _left(request: StaffRequest, customer: Customer, moment: Moment) -> str:
    """Say how many more may be shown today, once 80% of the limit are used; "" before."""
    used = used_by(member=request.user, importance=customer.importance, on_date=moment.today)
    if not used.is_nearly_used:
        return ""
    return ngettext("%(n)d more may be shown to you today.", "%(n)d more may be shown to you today.", used.left) % {
        "n": used.left
    }


def _to_reveal(request: StaffRequest, customer: Customer) -> list[SeenContact]:
    return [one for one in contacts_of(viewer=request.user, customer=customer) if one.may_reveal]
