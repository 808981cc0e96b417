"""View of the anchors of the audit trail: what to print and keep, and whether the trail still agrees with them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.doors.anchors import anchor_state
from zhenke.doors.pages.staff_request import StaffRequest, moment_of

_SHOWN = 31


def settings_anchors(request: StaffRequest) -> HttpResponse:
    """Show the last anchors, newest first, for printing. One query whatever there is."""
    state = anchor_state()
    words = {
        "page_title": _("Anchors of the audit trail"),
        "state": state,
        "rows": state.kept[: -_SHOWN - 1 : -1],
        "today": moment_of(request).today,
    }
    return render(request, "settings/anchors.html", words)
