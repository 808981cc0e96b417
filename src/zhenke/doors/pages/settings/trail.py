"""View of the audit trail: who did what to which row, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.doors.anchors import anchor_state
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.staff.models import AuditEntry
from zhenke.staff.queries import audit_entries

SIZE = 50
ACTION_WORDS: dict[str, Promise] = {
    "care_plan_saved": gettext_lazy("Care plan changed"),
    "contact.added": gettext_lazy("Contact added"),
    "contact.dropped": gettext_lazy("Contact removed"),
    "contact.revealed": gettext_lazy("Contact shown in full"),
    "custom_field.saved": gettext_lazy("Own field changed"),
    "customer.added": gettext_lazy("Customer added"),
    "customer.assigned": gettext_lazy("Customer given to somebody"),
    "customer.changed": gettext_lazy("Customer changed"),
    "customer.merge_undone": gettext_lazy("Merge of archives undone"),
    "customer.merged": gettext_lazy("Archives merged"),
    "customer.not_same": gettext_lazy("Marked as two people"),
    "customer.pair_reopened": gettext_lazy("Marked as possibly one person again"),
    "customers.handed_over": gettext_lazy("Customers handed over"),
    "export.approved": gettext_lazy("Export agreed to"),
    "export.asked": gettext_lazy("Export asked for"),
    "export.downloaded": gettext_lazy("Export fetched"),
    "export.made": gettext_lazy("Export made"),
    "export.refused": gettext_lazy("Export refused"),
    "export.withdrawn": gettext_lazy("Export taken back"),
    "grading.end_override": gettext_lazy("Grade by hand ended"),
    "grading.override": gettext_lazy("Grade set by hand"),
    "grading.publish": gettext_lazy("Rules of grading published"),
    "grading.roll_back": gettext_lazy("Rules of grading put back"),
    "import_started": gettext_lazy("Import started"),
    "import_undone": gettext_lazy("Import undone"),
    "keys.resealed": gettext_lazy("Values sealed with the new key"),
    "keys.retired": gettext_lazy("Old key retired"),
    "keys.rotated": gettext_lazy("New key made"),
    "pieces_returned": gettext_lazy("Pieces taken back"),
    "shop.added": gettext_lazy("Shop added"),
    "shop.changed": gettext_lazy("Shop changed"),
    "staff.added": gettext_lazy("Person added"),
    "staff.changed": gettext_lazy("Person changed"),
    "staff.let_go": gettext_lazy("Person left"),
    "staff.password_set": gettext_lazy("Password given"),
    "task_reassigned": gettext_lazy("Follow-up passed on"),
    "token.issued": gettext_lazy("Token made"),
    "token.revoked": gettext_lazy("Token ended"),
}


def settings_trail(request: StaffRequest) -> HttpResponse:
    """Show a page of the trail; the next one begins before a position."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    action = request.GET.get("action", "")
    action = action if action in ACTION_WORDS else ""
    entries = audit_entries(viewer=request.user, action=action, before=before, size=SIZE + 1)
    rows = [_row(entry) for entry in entries[:SIZE]]
    more = f"&action={action}" if action else ""
    next_url = f"{reverse('settings_trail')}?before={entries[SIZE - 1].position}{more}" if len(entries) > SIZE else ""
    is_next = bool(request.htmx and before)
    words = {
        "page_title": _("Audit trail"),
        "rows": rows,
        "next_url": next_url,
        "today": moment_of(request).today,
        "actions": list(ACTION_WORDS.items()),
        "action": action,
        "anchors": None if is_next else anchor_state(),
    }
    return render(request, "settings/_trail.html" if is_next else "settings/trail.html", words)


def _row(entry: AuditEntry) -> dict[str, object]:
    facts = ", ".join(f"{name} {value}" for name, value in entry.facts.items() if value not in (None, "", []))
    return {"entry": entry, "action": ACTION_WORDS.get(entry.action, entry.action), "facts": facts}
