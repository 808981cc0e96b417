"""View of the audit trail: who did what to which row, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.customers.queries.protection import hidden_among
from zhenke.doors.anchors import anchor_state
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.staff.models import AuditEntry
from zhenke.staff.queries import audit_entries

SIZE = 50
ACTION_WORDS: dict[str, Promise] = {
    "care_plan_saved": gettext_lazy("Care plan changed"),
    "consent.given": gettext_lazy("Consent given"),
    "consent.text_published": gettext_lazy("Text of consent changed"),
    "consent.withdrawn": gettext_lazy("Consent taken back"),
    "contact.added": gettext_lazy("Contact added"),
    "contact.dropped": gettext_lazy("Contact removed"),
    "contact.revealed": gettext_lazy("Contact shown in full"),
    "custom_field.saved": gettext_lazy("Own field changed"),
    "customer.added": gettext_lazy("Customer added"),
    "customer.assigned": gettext_lazy("Customer given to somebody"),
    "customer.changed": gettext_lazy("Customer changed"),
    "customer.copied": gettext_lazy("Copy of everything handed out"),
    "customer.forgotten": gettext_lazy("Customer forgotten"),
    "customer.merge_undone": gettext_lazy("Merge of archives undone"),
    "customer.merged": gettext_lazy("Archives merged"),
    "customer.not_same": gettext_lazy("Marked as two people"),
    "customer.pair_reopened": gettext_lazy("Marked as possibly one person again"),
    "customer.hotline_set": gettext_lazy("Hotline given or ended"),
    "customer.importance_set": gettext_lazy("Importance set"),
    "customer.team_joined": gettext_lazy("Somebody joined a service team"),
    "customer.team_left": gettext_lazy("Somebody left a service team"),
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
    "customers.importance_raised": gettext_lazy("Made VIPs by what they spent"),
    "hold.lifted": gettext_lazy("Hold by law ended"),
    "hold.locked_away": gettext_lazy("Archive locked away, kept by law"),
    "hold.set": gettext_lazy("Hold by law set"),
    "import_started": gettext_lazy("Import started"),
    "import_undone": gettext_lazy("Import undone"),
    "keys.resealed": gettext_lazy("Values sealed with the new key"),
    "keys.retired": gettext_lazy("Old key retired"),
    "keys.rotated": gettext_lazy("New key made"),
    "gift_named": gettext_lazy("Said whom a gift is for"),
    "link_added": gettext_lazy("Family or friend linked"),
    "link_dropped": gettext_lazy("Link taken away"),
    "link_restored": gettext_lazy("Link brought back"),
    "lists.alarm": gettext_lazy("Very many rows of the list shown"),
    "permit.agreed": gettext_lazy("Look agreed to by a second person"),
    "permit.asked": gettext_lazy("Look asked for"),
    "permit.refused": gettext_lazy("Look refused by a second person"),
    "piece.added": gettext_lazy("Piece added"),
    "piece.changed": gettext_lazy("Piece changed"),
    "piece.handed_on": gettext_lazy("Piece handed on"),
    "piece.inspected": gettext_lazy("Piece inspected"),
    "trait.revealed": gettext_lazy("Private detail shown in full"),
    "piece.revealed": gettext_lazy("Piece shown in full"),
    "piece.share_closed": gettext_lazy("Link to a piece closed"),
    "piece.shared": gettext_lazy("Piece shared by a link"),
    "pieces_returned": gettext_lazy("Pieces taken back"),
    "protected.viewed": gettext_lazy("A protected customer was looked at"),
    "retention.kept": gettext_lazy("Taken away after its time"),
    "reveals.alarm": gettext_lazy("Many whole contacts shown"),
    "reveals.quota_set": gettext_lazy("Limit of whole contacts set"),
    "shop.added": gettext_lazy("Shop added"),
    "shop.changed": gettext_lazy("Shop changed"),
    "sign_up.closed": gettext_lazy("Sign-up links closed"),
    "sign_up.opened": gettext_lazy("Sign-up link made"),
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
    hidden = hidden_among(
        viewer=request.user, keys=[one.subject_id for one in entries if one.subject_kind == "customer"]
    )
    rows = [_row(entry, hidden) for entry in entries[:SIZE]]
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


def _row(entry: AuditEntry, hidden: set[int]) -> dict[str, object]:
    facts = ", ".join(f"{name} {value}" for name, value in entry.facts.items() if value not in (None, "", []))
    subject = "" if entry.subject_id in hidden else entry.subject_id
    return {"entry": entry, "subject": subject, "action": ACTION_WORDS.get(entry.action, entry.action), "facts": facts}
