"""The owner's page of protected people: who they are, who is named for them, and who looked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.customers.queries.watch import looks_at_protected, protected_customers
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.doors.words.importance import LOOK_WORDS, REASON_WORDS


def settings_protected(request: StaffRequest) -> HttpResponse:
    """Show protected people and the latest looks at them."""
    people = protected_customers(viewer=request.user)
    looks = looks_at_protected(viewer=request.user)
    words = {
        "page_title": _("Protected people"),
        "people": [(one, REASON_WORDS.get(one.importance_reason, "")) for one in people],
        "looks": [(look, LOOK_WORDS.get(look.place, look.place)) for look in looks],
        "today": moment_of(request).today,
    }
    return render(request, "importance/protected.html", words)
