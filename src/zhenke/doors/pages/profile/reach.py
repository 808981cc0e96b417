"""Reaching a customer: the whole number is shown for a reason, and each look leaves its mark."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.operations import reveal_contact
from zhenke.customers.queries import SeenContact, contacts_of, customer_for, seen_name
from zhenke.customers.queries.permits import look_at
from zhenke.customers.rules.reveals import RevealsUsedUp
from zhenke.doors.pages.permits.asking import look_words, proof_refused
from zhenke.doors.pages.profile.trait_look import looks_left, trait_look
from zhenke.doors.pages.sign_in.proof import proved_at
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of
from zhenke.doors.words.people import CHANNEL_WORDS
from zhenke.doors.words.permits import REVEAL_REASONS
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
            words |= {"phone": phone, "others": phones[1:], "left": looks_left(request, customer, moment)}
    status = UNREADABLE if "wrong" in words else HTTPStatus.OK
    return render(request, "profile/_call.html" if request.htmx else "today/sheet.html", words, status=status)


def reveal(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Ask what a contact, or one known thing of level 4 (`trait`), is needed for, then show it."""
    customer = customer_for(viewer=request.user, id=customer_id)
    if request.POST.get("trait") or request.GET.get("trait"):
        return trait_look(request, customer)
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
    if found is None:
        words["wrong"] = _("This contact is not there any more.")
    else:
        words |= _look(request, customer, found)
    status = UNREADABLE if "wrong" in words else HTTPStatus.OK
    return render(request, "profile/_reveal.html" if request.htmx else "today/sheet.html", words, status=status)


def _look(request: StaffRequest, customer: Customer, found: SeenContact) -> dict[str, object]:
    """Return what the look asks for, and once it is given the whole contact."""
    moment = moment_of(request)
    look = look_at(viewer=request.user, customer=customer, group=found.kind, subject=found.id, now=moment.now)
    if request.method != "POST":
        return look_words(request, look, moment)
    wrong = proof_refused(request, look, moment)
    if wrong:
        return {"wrong": wrong, **look_words(request, look, moment)}
    try:
        whole = reveal_contact(
            viewer=request.user,
            contact=found.id,
            reason=request.POST.get("reason", ""),
            now=moment.now,
            proved_at=proved_at(request),
        )
    except RuleBroken as refusal:
        return {"wrong": sentence_of(refusal), **look_words(request, look, moment)}
    except BadInput:
        return {"wrong": _("Say what the contact is needed for."), **look_words(request, look, moment)}
    return {"whole": whole, "left": looks_left(request, customer, moment)}


def _to_reveal(request: StaffRequest, customer: Customer) -> list[SeenContact]:
    return [one for one in contacts_of(viewer=request.user, customer=customer) if one.may_reveal]
