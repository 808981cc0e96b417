"""The page of a customer's rights: a copy of everything, who looked, and to be forgotten."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.catalogue.queries.access_pack import piece_keys_of
from zhenke.customers.models import Customer, LegalHold
from zhenke.customers.queries import customer_for, seen_name
from zhenke.customers.queries.holds import hold_on
from zhenke.customers.queries.looks import looks_at
from zhenke.customers.queries.members import erasure_asked
from zhenke.customers.rules.exports import CopiesUsedUp
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.forgetting import forget as erase
from zhenke.doors.pages.rights.forms import CopyForm, ForgetForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of
from zhenke.doors.words.days import exact_day
from zhenke.doors.words.pack import pack_words
from zhenke.doors.words.trail import ACTION_WORDS
from zhenke.doors.words.why import between_sentences
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.staff.rules import May

ON_A_PAGE = 50


def rights(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show what a customer may ask for."""
    return _page(request, customer_for(viewer=request.user, id=customer_id))


def copy(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Hand out everything about a customer, as a page or as a file; neither is kept here."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, copy_form=form)
    try:
        pack = gather_access_pack(
            customer=customer,
            checked=form.cleaned_data["checked"],
            limits=EXPORT_LIMITS,
            by=request.user,
            now=moment.now,
        )
    except CopiesUsedUp as refusal:
        form.add_error(None, sentence_of(refusal))
        return _page(request, customer, copy_form=form)
    if form.cleaned_data["shape"] == "file":
        text = json.dumps({"made_at": moment.now, **pack}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="zhenke-{customer.pk}.json"'
        return answer
    sections = pack_words(pack, ACTION_WORDS)
    words = {
        "page_title": _("Copy of everything"),
        "customer": customer,
        "name": customer.name or str(customer),
        "sections": [section for section in sections if section["rows"]],
        "empty": [section["name"] for section in sections if not section["rows"]],
        "today": moment.today,
    }
    return render(request, "rights/pack.html", words)


def looks(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show who looked at a customer, changed her or handed something of hers on, page by page."""
    viewer, customer = request.user, customer_for(viewer=request.user, id=customer_id)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    pieces = piece_keys_of(viewer=viewer, customer=customer)
    seen = looks_at(viewer=viewer, customer=customer, pieces=pieces, before=before, size=ON_A_PAGE + 1)
    shown = seen[:ON_A_PAGE]
    words = {
        "page_title": _("Who saw this archive"),
        "customer": customer,
        "name": seen_name(viewer=viewer, customer=customer) or str(customer),
        "rows": [{"look": one, "action": ACTION_WORDS.get(one.entry.action, one.entry.action)} for one in shown],
        "next_url": f"?before={shown[-1].entry.position}" if len(seen) > ON_A_PAGE else "",
        "today": moment_of(request).today,
    }
    return render(request, "rights/_looks.html" if request.htmx and before else "rights/looks.html", words)


def forget(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Erase a customer for ever, once the name was typed."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = ForgetForm(request.POST, wanted=_wanted(customer))
    if not form.is_valid():
        return _page(request, customer, forget_form=form)
    kept_by = erase(customer_id=customer.pk, by=request.user, now=moment.now).kept_by
    if kept_by is not None:
        messages.warning(request, _kept_words(request, kept_by))
    return gone_to(request, reverse("customers"))


def _kept_words(request: StaffRequest, hold: LegalHold) -> str:
    """Say what is kept, until when, and (to whoever stands for the law) why."""
    until = {"day": exact_day(hold.until_date)}
    words = _(
        "The whole archive has to be kept by law until %(day)s. It is locked away: nobody but the owner meets it, and "
        "the night after that day erases it."
    )
    if not request.user.may(May.SEE_AUDIT):
        return words % until
    return between_sentences().join([words % until, _("Reason: %(reason)s.") % {"reason": hold.reason}])


def _wanted(customer: Customer) -> str:
    return customer.name.strip() or customer.card_number or str(customer.pk)


def _page(
    request: StaffRequest, customer: Customer, copy_form: Form | None = None, forget_form: Form | None = None
) -> HttpResponse:
    sees_holds = request.user.may(May.SEE_AUDIT)
    words = {
        "page_title": _("Rights"),
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "copy_form": copy_form or CopyForm(),
        "forget_form": forget_form or ForgetForm(wanted=_wanted(customer)),
        "hold": hold_on(customer_id=customer.pk, today=moment_of(request).today) if sees_holds else None,
        "sees_holds": sees_holds,
        "erasure_asked": erasure_asked(customer=customer),
        "may_see_looks": request.user.may(May.HONOUR_RIGHTS),
    }
    status = UNREADABLE if copy_form or forget_form else HTTPStatus.OK
    return render(request, "rights/page.html", words, status=status)
