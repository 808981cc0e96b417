"""Views of the new customer: the form, and what it hints while it is filled in."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhenke.basics.days import DayImpossible, YearRule, occurrences
from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.queries import likely_same
from zhenke.doors.pages.new_customer.forms import NewCustomerForm
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse
from zhenke.doors.words.days import distance, exact_day, yearly_day
from zhenke.journeys.welcome_customer import welcome_customer
from zhenke.staff.queries import year_rule_of

_FIELDS = {"customer_empty": "name", "card_taken": "name", "child_without_guardian": "guardian_proof"}


def new_customer(request: StaffRequest) -> HttpResponse:
    """Show the form, or open the archive and go to it."""
    if request.method == "GET":
        return _page(request, NewCustomerForm(initial={"key": new_key(), "calendar": "solar", "kind": "person"}))
    form, moment = NewCustomerForm(request.POST), moment_of(request)
    if not form.is_valid():
        return _page(request, form)
    draft = replace(form.draft(), guardian_word=form.guardian_word(request.user))
    if not form.is_valid():
        return _page(request, form)
    if draft.source_key and replace(draft, source_key=None).is_empty:
        form.add_error("name", _("Give at least a name or a phone."))
        return _page(request, form)
    try:
        welcomed = welcome_customer(draft=draft, allowed=form.allowed(), by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        fields = dict(_FIELDS)
        if refusal.code.startswith(("phone", "contact")):
            fields[refusal.code] = "phone"
        refuse(form, refusal, fields)
        return _page(request, form)
    messages.success(request, _("%(name)s is in your book.") % {"name": welcomed.customer})
    return redirect("customer", welcomed.customer.pk)


def _page(request: StaffRequest, form: NewCustomerForm) -> HttpResponse:
    words = {"form": form, "page_title": _("New customer")}
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, "new_customer/page.html", words, status=status)


def hints(request: StaffRequest) -> HttpResponse:
    """Say who this may be already and what the birthday is. By POST: names and phones stay out of addresses."""
    form = NewCustomerForm(request.POST)
    form.is_valid()
    draft = form.draft() if not form.errors.get("day") else None
    twins = likely_same(viewer=request.user, draft=draft) if draft else []
    words = {"twins": twins, "birthday": _birthday_words(form, moment_of(request), year_rule_of(request.user.shop))}
    return render(request, "new_customer/_hints.html", words)


def _birthday_words(form: NewCustomerForm, moment: Moment, rule: YearRule) -> str:
    try:
        day = form.day_of_year()
    except DayImpossible:
        return _("No calendar has this day.")
    if day is None:
        return ""
    coming = occurrences(day, moment.today, moment.today.replace(year=moment.today.year + 2, day=1), rule)
    if not coming:
        return yearly_day(day)
    on = coming[0].on_date
    words = {"day": yearly_day(day), "on": exact_day(on), "when": distance((on - moment.today).days)}
    said = _("%(day)s: next on %(on)s, %(when)s.") % words
    return said[:1].upper() + said[1:]
