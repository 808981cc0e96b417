"""One thing done to everybody chosen in the list."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import tags, visible
from zhenke.doors.pages.staff_request import StaffRequest, moment_of, told
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.assign_customers import assign_customers
from zhenke.journeys.tag_customers import tag_customers
from zhenke.staff.queries import advisors_of, staff_member

MOST_CHOSEN = 200


def _chosen(request: StaffRequest) -> list[Customer]:
    given = request.POST.getlist("chosen") or request.GET.getlist("chosen")
    keys = [int(key) for key in given if key.isdecimal() and len(key) < 19][:MOST_CHOSEN]
    rows = visible(viewer=request.user).filter(pk__in=keys)
    return list(rows.select_related("shop", "owner", "cover").order_by("pk"))


def tag_chosen(request: StaffRequest) -> HttpResponse:
    """Put a tag on everybody chosen."""
    chosen = _chosen(request)
    if request.method == "GET":
        return _sheet(request, chosen, "customers/_bulk_tag.html", tags=tags(viewer=request.user)[:40])
    try:
        count = tag_customers(customers=chosen, name=request.POST.get("name", ""), by=request.user)
    except BadInput as refusal:
        return told(request, sentence_of(refusal), back=reverse("customers"), level="late")
    text = ngettext("%(n)d customer tagged.", "%(n)d customers tagged.", count) % {"n": count}
    return told(request, text, back=reverse("customers"), events=("listChanged",))


def give_chosen(request: StaffRequest) -> HttpResponse:
    """Give everybody chosen to an advisor, with what was promised to them."""
    chosen = _chosen(request)
    if request.method == "GET":
        people = advisors_of(shop=request.user.shop, viewer=request.user)
        return _sheet(request, chosen, "customers/_bulk_give.html", people=people)
    to = request.POST.get("owner", "")
    if not (to.isdecimal() and len(to) < 19):
        return told(request, _("Choose who takes them."), back=reverse("customers"), level="late")
    try:
        owner = staff_member(viewer=request.user, id=int(to))
        moved = assign_customers(customers=chosen, owner=owner, by=request.user, now=moment_of(request).now)
    except RuleBroken as refusal:
        return told(request, sentence_of(refusal), back=reverse("customers"), level="late")
    text = ngettext("%(n)d customer goes to %(name)s.", "%(n)d customers go to %(name)s.", moved)
    return told(request, text % {"n": moved, "name": owner.name}, back=reverse("customers"), events=("listChanged",))


def _sheet(request: StaffRequest, chosen: list[Customer], template: str, **more: object) -> HttpResponse:
    words = {"chosen": chosen, "sheet": template, **more}
    return render(request, template if request.htmx else "today/sheet.html", words)
