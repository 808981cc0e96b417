"""Views of looks that two people answer for: the list, the second person's word, and asking for it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.catalogue.queries import piece_for
from zhenke.customers.models import Customer
from zhenke.customers.operations.permits import ask_permit, decide_permit
from zhenke.customers.queries import contacts_of, customer_for, traits_of
from zhenke.customers.queries.permits import SeenPermit, permit_for, seen_permits
from zhenke.customers.queries.sealed_traits import GROUP
from zhenke.customers.rules.permits import PermitReasonWrong
from zhenke.doors.pages.permits.forms import DecisionForm
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, told
from zhenke.doors.words.permits import GROUP_WORDS, STATE_WORDS, WORD_WORDS, reason_words, state_of


def permits_page(request: StaffRequest) -> HttpResponse:
    """List the looks that were asked for, those first that wait for the viewer. Two queries whatever there is."""
    return _page(request, moment_of(request))


def _page(request: StaffRequest, moment: Moment, wrong: DecisionForm | None = None, at: int = 0) -> HttpResponse:
    found = seen_permits(viewer=request.user, now=moment.now)
    rows = [_row(one, moment, wrong if one.permit.pk == at else None) for one in found]
    words = {"page_title": _("Looks for two"), "rows": rows, "today": moment.today}
    return render(request, "permits/page.html", words, status=UNREADABLE if wrong else HTTPStatus.OK)


def _row(one: SeenPermit, moment: Moment, wrong: DecisionForm | None) -> dict[str, object]:
    permit = one.permit
    return {
        "permit": permit,
        "name": one.name,
        "what": GROUP_WORDS[permit.group],
        "why": reason_words(permit.group, permit.reason),
        "state": STATE_WORDS[state_of(permit, moment.now)],
        "said": WORD_WORDS.get(permit.because, ""),
        "form": (wrong or DecisionForm(auto_id=f"id_{permit.pk}_%s")) if one.may_decide else None,
    }


def permit_decide(request: StaffRequest, permit_id: int) -> HttpResponse:
    """Agree that somebody looks once, or refuse it."""
    permit, moment = permit_for(viewer=request.user, id=permit_id), moment_of(request)
    form = DecisionForm(request.POST, auto_id=f"id_{permit.pk}_%s")
    if not form.is_valid():
        return _page(request, moment, form, permit.pk)
    agree, because = form.decision()
    decide_permit(permit=permit, agree=agree, because=because, by=request.user, now=moment.now)
    text = _("Agreed: one look within a quarter of an hour.") if agree else _("Refused; nothing is shown.")
    return told(request, text, back=reverse("permits"))


def ask_for_contact(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Ask that a second person agrees to one look at a contact, or at one known thing of level 4 (`trait`)."""
    customer = customer_for(viewer=request.user, id=customer_id)
    group, subject = _asked_value(request, customer)
    ask_permit(
        customer=customer,
        group=group,
        subject=subject,
        reason=request.POST.get("reason", ""),
        by=request.user,
        now=moment_of(request).now,
    )
    return _asked(request, reverse("customer", args=[customer.pk]))


def _asked_value(request: StaffRequest, customer: Customer) -> tuple[str, int]:
    trait, contact = request.POST.get("trait", ""), request.POST.get("contact", "")
    if trait:
        known = traits_of(viewer=request.user, customer=customer)
        rows = (row for values in known.values() for row in values)
        row = next((row for row in rows if row.is_masked and str(row.pk) == trait), None)
        if row is None:
            raise PermitReasonWrong(field="trait")
        return GROUP, row.pk
    seen = contacts_of(viewer=request.user, customer=customer)
    found = next((one for one in seen if one.may_reveal and str(one.id) == contact), None)
    if found is None:
        raise PermitReasonWrong(field="contact")
    return found.kind, found.id


def ask_for_piece(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Ask that a second person agrees to one look at a piece."""
    moment = moment_of(request)
    found = piece_for(viewer=request.user, id=piece_id, today=moment.today)
    if found.customer is None:
        raise PermitReasonWrong(field="piece")
    ask_permit(
        customer=found.customer,
        group="pieces",
        subject=found.pk,
        reason=request.POST.get("reason", ""),
        by=request.user,
        now=moment.now,
    )
    return _asked(request, reverse("piece", args=[found.pk]))


def _asked(request: StaffRequest, back: str) -> HttpResponse:
    return told(request, _("Asked. Once a second person agrees you can look, once."), back=back)
