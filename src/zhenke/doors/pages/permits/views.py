"""Views of looks that two people answer for: the list, the second person's word, and asking for it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.catalogue.queries import piece_for
from zhenke.customers.models import Customer
from zhenke.customers.operations.permits import agree_alone, ask_permit, decide_permit, set_alone_wait
from zhenke.customers.queries import contacts_of, customer_for, traits_of
from zhenke.customers.queries.permits import SeenPermit, alone_wait, is_wait_over, permit_for, seen_permits
from zhenke.customers.queries.sealed_traits import GROUP
from zhenke.customers.rules.permits import PermitReasonWrong
from zhenke.doors.pages.permits.asking import is_proved
from zhenke.doors.pages.permits.forms import DecisionForm, WaitForm
from zhenke.doors.pages.sign_in.proof import prove_by_password, proved_at
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, told
from zhenke.doors.words.days import exact_moment
from zhenke.doors.words.permits import GROUP_WORDS, WORD_WORDS, reason_words, state_words
from zhenke.staff.rules import May


def permits_page(request: StaffRequest) -> HttpResponse:
    """List the looks that were asked for, those first that wait for the viewer. Two queries whatever there is."""
    return _page(request, moment_of(request))


def _page(
    request: StaffRequest,
    moment: Moment,
    wrong: DecisionForm | None = None,
    at: int = 0,
    hours: WaitForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    found = seen_permits(viewer=request.user, now=moment.now)
    rows = [_row(one, moment, wrong if one.permit.pk == at else None) for one in found]
    words = {
        "page_title": _("Looks for two"),
        "rows": rows,
        "today": moment.today,
        "asks_proof": any(one.may_look_alone for one in found) and not is_proved(request, moment),
        "refusal": refusal,
        **_waiting(request, hours),
    }
    status = UNREADABLE if wrong or hours or refusal else HTTPStatus.OK
    return render(request, "permits/page.html", words, status=status)


def _waiting(request: StaffRequest, wrong: WaitForm | None) -> dict[str, object]:
    """Return the waiting time of who looks alone, for who sets the rules of the house."""
    if not request.user.may(May.EDIT_SETTINGS):
        return {}
    wait = alone_wait(member=request.user)
    return {"wait": wait, "wait_form": wrong or WaitForm(initial={"hours": wait.hours})}


def _row(one: SeenPermit, moment: Moment, wrong: DecisionForm | None) -> dict[str, object]:
    permit = one.permit
    return {
        "permit": permit,
        "name": one.name,
        "what": GROUP_WORDS[permit.group],
        "why": reason_words(permit.group, permit.reason),
        "state": state_words(permit, moment.now),
        "said": WORD_WORDS.get(permit.because, ""),
        "may_look_alone": one.may_look_alone,
        "alone_from": exact_moment(permit.alone_from) if permit.alone_from and permit.state == "waiting" else "",
        "is_own_word": permit.decided_by_id == permit.asked_by_id,
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


def permit_alone(request: StaffRequest, permit_id: int) -> HttpResponse:
    """Let who asked look once, nobody else being there who could agree, after proving once more who it is."""
    permit, moment = permit_for(viewer=request.user, id=permit_id), moment_of(request)
    if not is_proved(request, moment) and is_wait_over(permit=permit, by=request.user, now=moment.now):
        refusal = prove_by_password(request, request.POST.get("password", ""))
        if refusal:
            return _page(request, moment, refusal=refusal)
    agree_alone(permit=permit, by=request.user, proved_at=proved_at(request), now=moment.now)
    is_piece = permit.group == "pieces"
    back = reverse("piece", args=[permit.subject_id]) if is_piece else reverse("customer", args=[permit.customer_id])
    return told(request, _("You can look once within a quarter of an hour; it is written down as alone."), back=back)


def permit_wait(request: StaffRequest) -> HttpResponse:
    """Set how long somebody waits who looks alone."""
    form, moment = WaitForm(request.POST), moment_of(request)
    if not form.is_valid():
        return _page(request, moment, hours=form)
    set_alone_wait(hours=form.cleaned_data["hours"], by=request.user, now=moment.now)
    return told(request, _("The waiting time holds from now on."), back=reverse("permits"))


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
