"""The sheet of consent: where each purpose stands, changed purpose by purpose, and everything taken back at once."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.operations import keep_consent, withdraw_everything
from zhenke.customers.queries import SeenConsent, consent_history, consents_of, current_texts, customer_for, seen_name
from zhenke.customers.rules.consent import PURPOSES
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.doors.pages.rights.forms import ConsentForm
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.consent import GIVER_WORDS, PROOF_WORDS, PURPOSE_WORDS, WAY_WORDS, WHY_WORDS, text_words
from zhenke.doors.words.days import listed
from zhenke.staff.rules import May

CHANGED = ("profileChanged",)
_CHILD = {"child", "guardian_missing"}


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """One purpose as it is shown: its name, and for each answer the channels by which it holds."""

    code: str
    name: Promise
    answers: list[tuple[str, Promise, str]]
    since: object


def consent(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show where every purpose stands, or the form of one; keep what was said."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    if request.method == "POST" and request.POST.get("act") == "nothing":
        withdraw_everything(customer=customer, proof="spoken", by=request.user, now=moment.now)
        return told(request, _("Everything is taken back."), back=_back(customer), events=CHANGED)
    purpose = request.POST.get("purpose") or request.GET.get("purpose", "")
    if purpose in PURPOSES and request.user.may(May.EDIT_CUSTOMERS):
        return _one_purpose(request, customer, moment, purpose)
    seen = consents_of(viewer=request.user, customer=customer, today=moment.today)
    history = [
        {
            "entry": entry,
            "purpose": PURPOSE_WORDS.get(entry.purpose, entry.purpose),
            "way": WAY_WORDS.get(entry.channel, ""),
            "state": WHY_WORDS[entry.state],
            "proof": PROOF_WORDS[entry.proof],
            "guardian": GIVER_WORDS["guardian"] if entry.giver == "guardian" else "",
        }
        for entry in consent_history(viewer=request.user, customer=customer)
    ]
    words = _words(request, customer, moment) | {
        "rows": [_row(code, list(group)) for code, group in groupby(seen, key=lambda one: one.purpose)],
        "history": history,
        "sheet": "rights/_consent.html",
    }
    return render(request, "rights/_consent.html" if request.htmx else "today/sheet.html", words)


def _one_purpose(request: StaffRequest, customer: Customer, moment: Moment, purpose: str) -> HttpResponse:
    seen = [
        one for one in consents_of(viewer=request.user, customer=customer, today=moment.today) if one.purpose == purpose
    ]
    ticked = [one.channel or "all" for one in seen if one.verdict.may]
    form = ConsentForm(request.POST if request.method == "POST" else None, initial={"channels": ticked})
    form.offer([one.channel for one in seen])
    words = _words(request, customer, moment) | {
        "form": form,
        "purpose": purpose,
        "purpose_name": PURPOSE_WORDS[purpose],
        "text": text_words(current_texts().get(purpose)),
        "is_child": any(one.verdict.why in _CHILD for one in seen),
        "sheet": "rights/_consent_form.html",
    }
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keep_consent(
                customer=customer,
                purpose=purpose,
                channels=form.chosen(),
                proof=given["proof"],
                proof_note=given["proof_note"],
                giver=given["giver"],
                by=request.user,
                now=moment.now,
            )
        except (BadInput, RuleBroken) as refusal:
            refuse(form, refusal)
        else:
            return told(request, _("The answer is kept."), back=_back(customer), events=CHANGED)
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, "rights/_consent_form.html" if request.htmx else "today/sheet.html", words, status=status)


def _row(code: str, seen: list[SeenConsent]) -> PurposeRow:
    by_why: dict[str, list[str]] = {}
    for one in seen:
        by_why.setdefault(one.verdict.why, []).append(str(WAY_WORDS.get(one.channel, "")))
    answers = [(why, WHY_WORDS[why], listed(way for way in ways if way)) for why, ways in by_why.items()]
    days = [one.verdict.said.at for one in seen if one.verdict.said is not None]
    return PurposeRow(code, PURPOSE_WORDS[code], answers, max(days, default=None))


def _words(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    return {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "may_edit": request.user.may(May.EDIT_CUSTOMERS),
        "may_honour": request.user.may(May.HONOUR_RIGHTS),
        "sees_looks": sight_of(request.user.role).of("looks") == Shown.FULL,
        "today": moment.today,
    }


def _back(customer: Customer) -> str:
    return reverse("customer", args=[customer.pk])
