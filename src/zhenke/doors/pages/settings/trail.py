"""View of the audit trail: who did what to which row, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.queries.protection import hidden_among
from zhenke.doors.anchors import anchor_state
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.doors.words.trail import ACTION_WORDS, fact_words, subject_word
from zhenke.staff.models import AuditEntry
from zhenke.staff.queries import audit_entries

SIZE = 50


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
    key = "" if entry.subject_id is None or entry.subject_id in hidden else str(entry.subject_id)
    return {
        "entry": entry,
        "subject": " ".join(part for part in (subject_word(entry.subject_kind), key) if part),
        "action": ACTION_WORDS.get(entry.action, entry.action),
        "facts": fact_words(entry.facts),
    }
