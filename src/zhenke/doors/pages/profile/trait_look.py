"""One known thing of level 4 is shown whole: for a reason, with a proof of who looks, and where it must be by two."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import Customer, Trait
from zhenke.customers.operations import reveal_trait
from zhenke.customers.queries import custom_fields, seen_name, traits_of
from zhenke.customers.queries.permits import look_at
from zhenke.customers.queries.reveals import used_by
from zhenke.customers.queries.sealed_traits import GROUP
from zhenke.customers.rules.traits import CUSTOM
from zhenke.doors.pages.permits.asking import look_words, proof_refused
from zhenke.doors.pages.sign_in.proof import proved_at
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of
from zhenke.doors.words.people import trait_word
from zhenke.doors.words.permits import TRAIT_REASONS
from zhenke.doors.words.traits import own_name, own_value, trait_value
from zhenke.doors.words_errors import sentence_of


def trait_look(request: StaffRequest, customer: Customer) -> HttpResponse:
    """Ask what it is needed for, then show it."""
    asked = request.POST.get("trait") or request.GET.get("trait", "")
    known = traits_of(viewer=request.user, customer=customer)
    rows = (row for values in known.values() for row in values)
    found = next((row for row in rows if row.is_masked and str(row.pk) == asked), None)
    words: dict[str, object] = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer),
        "trait": found,
        "word": _name(found) if found else "",
        "reasons": TRAIT_REASONS,
        "sheet": "profile/_trait_look.html",
    }
    if found is None:
        words["wrong"] = _("This is not there any more.")
    else:
        words |= _look(request, customer, found)
    status = UNREADABLE if "wrong" in words else HTTPStatus.OK
    return render(request, "profile/_trait_look.html" if request.htmx else "today/sheet.html", words, status=status)


def _name(row: Trait) -> str:
    if not row.key.startswith(CUSTOM):
        return trait_word(row.key)
    fields = (field for field in custom_fields(with_retired=True) if f"{CUSTOM}{field.key}" == row.key)
    return next((own_name(field) for field in fields), row.key)


def _look(request: StaffRequest, customer: Customer, found: Trait) -> dict[str, object]:
    """Return what the look asks for, and once it is given the value in words."""
    moment = moment_of(request)
    look = look_at(viewer=request.user, customer=customer, group=GROUP, subject=found.pk, now=moment.now)
    if request.method != "POST":
        return look_words(request, look, moment)
    wrong = proof_refused(request, look, moment)
    if wrong:
        return {"wrong": wrong, **look_words(request, look, moment)}
    try:
        text = reveal_trait(
            viewer=request.user,
            trait=found.pk,
            reason=request.POST.get("reason", ""),
            now=moment.now,
            proved_at=proved_at(request),
        )
    except RuleBroken as refusal:
        return {"wrong": sentence_of(refusal), **look_words(request, look, moment)}
    except BadInput:
        return {"wrong": _("Say what it is needed for."), **look_words(request, look, moment)}
    return {"whole": _in_words(found, text, customer), "left": looks_left(request, customer, moment)}


def _in_words(row: Trait, text: str, customer: Customer) -> str:
    fields = {f"{CUSTOM}{field.key}": field for field in custom_fields(with_retired=True)}
    if row.key in fields:
        return str(own_value(fields[row.key], text))
    return str(trait_value(row.key, text, currency=customer.shop.currency))


def looks_left(request: StaffRequest, customer: Customer, moment: Moment) -> str:
    """Say how many more may be shown today, once 80% of the limit are used; "" before."""
    used = used_by(member=request.user, importance=customer.importance, on_date=moment.today)
    if not used.is_nearly_used:
        return ""
    return ngettext("%(n)d more may be shown to you today.", "%(n)d more may be shown to you today.", used.left) % {
        "n": used.left
    }
