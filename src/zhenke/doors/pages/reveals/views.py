"""View of whole contacts that were shown today, for those who lead; the owner also sets the limits there."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.operations.reveals import set_quotas
from zhenke.customers.queries.reveals import Used, brand_key, copied_on, listed_on, quotas_of, reveals_of_day
from zhenke.doors.pages.reveals.forms import QuotaForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, told
from zhenke.doors.words.importance import IMPORTANCE_WORDS
from zhenke.staff.rules import May


def reveals_page(request: StaffRequest) -> HttpResponse:
    """Show who was shown whole contacts today; keep new limits."""
    moment, form = moment_of(request), None
    if request.user.may(May.EDIT_SETTINGS):
        quotas = quotas_of(brand_id=brand_key(request.user))
        form = QuotaForm(request.POST if request.method == "POST" else None, quotas=quotas)
        if form.is_bound and form.is_valid():
            set_quotas(quotas=form.plain(), by=request.user, now=moment.now)
            return told(request, _("The limits hold from now on."), back=reverse("reveals"))
    days = reveals_of_day(viewer=request.user, on_date=moment.today)
    words = {
        "page_title": _("Contacts shown today"),
        "rows": [(day, [_part(one) for one in day.used]) for day in days],
        "listed": listed_on(viewer=request.user, on_date=moment.today),
        "copied": copied_on(viewer=request.user, on_date=moment.today),
        "form": form,
        "heads": [IMPORTANCE_WORDS[one] for one in (1, 2, 3)],
    }
    status = UNREADABLE if form is not None and form.is_bound else HTTPStatus.OK
    return render(request, "reveals/page.html", words, status=status)


def _part(one: Used) -> str:
    said = {"importance": IMPORTANCE_WORDS[one.importance], "shown": one.shown, "quota": one.quota}
    return _("%(importance)s %(shown)d of %(quota)d") % said
