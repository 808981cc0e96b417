"""The sheets on which importance and service team of a customer are set."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.customers.operations.importance import set_importance
from zhenke.customers.operations.team import join_team, leave_team, set_hotline
from zhenke.customers.queries import customer_for, seen_name
from zhenke.customers.queries.protection import is_hidden_from
from zhenke.customers.queries.watch import team_of
from zhenke.doors.pages.importance.forms import ImportanceForm, TeamForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of, refuse, told
from zhenke.doors.words.importance import IMPORTANCE_WORDS, PART_WORDS, REASON_WORDS

CHANGED = ("profileChanged",)


def importance(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Say how important she is, and why."""
    customer = customer_for(viewer=request.user, id=customer_id)
    given = request.POST if request.method == "POST" else None
    form = ImportanceForm(given, viewer=request.user, current=customer.importance)
    words = {
        "form": form,
        "chosen": request.POST.get("choice", f"{customer.importance}:{customer.importance_reason}"),
        "now": IMPORTANCE_WORDS[customer.importance],
        "why": REASON_WORDS.get(customer.importance_reason, ""),
    }
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, "importance/_importance.html", words, is_wrong=form.is_bound)
    level, reason = form.chosen()
    row = set_importance(
        customer=customer, importance=level, reason=reason, by=request.user, now=moment_of(request).now
    )
    if is_hidden_from(viewer=request.user, customer=row):
        return gone_to(request, reverse("customers"))
    return told(request, _("Kept."), back=_back(customer), events=CHANGED)


def team(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Say who serves her besides her advisor, and whether she is answered before others."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    act = request.POST.get("act", "")
    form = TeamForm(request.POST if act == "join" else None, viewer=request.user)
    if request.method == "POST" and act == "hotline":
        set_hotline(customer=customer, is_on=request.POST.get("on") == "yes", by=request.user, now=moment.now)
        return told(request, _("Kept."), back=_back(customer), events=CHANGED)
    if request.method == "POST" and act == "leave":
        member = request.POST.get("member", "")
        key = int(member) if member.isascii() and member.isdecimal() and len(member) < 20 else 0
        leave_team(customer=customer, member_id=key, by=request.user, now=moment.now)
        return told(request, _("No longer in the team."), back=_back(customer), events=CHANGED)
    if act == "join" and form.is_valid():
        try:
            join_team(customer=customer, from_date=moment.today, by=request.user, now=moment.now, **form.cleaned_data)
        except NotAllowed as refusal:
            refuse(form, refusal)
        else:
            return told(request, _("Now in the team."), back=_back(customer), events=CHANGED)
    rows = [(one, PART_WORDS[one.part]) for one in team_of(viewer=request.user, customer=customer)]
    words = {"form": form, "team": rows, "today": moment.today}
    return _sheet(request, customer, "importance/_team.html", words, is_wrong=request.method == "POST")


def _back(customer: Customer) -> str:
    return reverse("customer", args=[customer.pk])


def _sheet(
    request: StaffRequest, customer: Customer, template: str, words: dict[str, object], *, is_wrong: bool
) -> HttpResponse:
    name = seen_name(viewer=request.user, customer=customer) or str(customer)
    whole = {"customer": customer, "name": name, "sheet": template, **words}
    status = UNREADABLE if is_wrong else HTTPStatus.OK
    return render(request, template if request.htmx else "today/sheet.html", whole, status=status)
