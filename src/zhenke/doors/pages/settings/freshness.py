"""Views of what is asked of customers and when it is old: the rules in force, what others would ask, and going back."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.operations.freshness_rules import publish_freshness, roll_back_freshness
from zhenke.customers.queries.freshness import freshness_versions
from zhenke.customers.rules.freshness import FreshnessInvalid, rules_from_plain
from zhenke.doors.pages.settings.freshness_forms import AskingForm, FieldForm, fields_form
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, told
from zhenke.doors.words.days import moment_words
from zhenke.doors.words_errors import sentence_of
from zhenke.grading.queries.records import preview_asking

SAMPLE = 20_000


def settings_freshness(request: StaffRequest) -> HttpResponse:
    """Show the rules, or (asked by htmx) what other rules would ask; by POST, put them in force."""
    if request.method == "POST":
        return _publish(request)
    if request.htmx and "a_day" in request.GET:
        return render(request, "settings/_freshness_preview.html", {"preview": _preview(request, request.GET)})
    return _page(request, None)


def _publish(request: StaffRequest) -> HttpResponse:
    rows, asking = fields_form(request.POST), AskingForm(request.POST)
    is_valid = asking.is_valid()
    if any(row.errors for row in rows) or not is_valid:
        return _page(request, rows, asking=asking, wrong=_("Look at the numbers: something cannot be so."))
    before = freshness_versions(size=1)
    try:
        made = publish_freshness(
            fields=[row.plain() for row in rows if row.is_asked()],
            by=request.user,
            now=moment_of(request).now,
            **asking.cleaned_data,
        )
    except (BadInput, RuleBroken) as refusal:
        return _page(request, rows, asking=asking, wrong=sentence_of(refusal))
    return _after(request, made.version, is_new=not before or before[0].version != made.version)


def _after(request: StaffRequest, version: int, *, is_new: bool) -> HttpResponse:
    back = reverse("settings_freshness")
    if not is_new:
        return told(request, _("These rules are in force already."), back=back)
    text = _("Version %(version)d holds from tonight on.") % {"version": version}
    undo = reverse("settings_freshness_back", args=[version - 1]) if version > 1 else ""
    return told(request, text, back=back, undo_url=undo)


def settings_freshness_back(request: StaffRequest, version: int) -> HttpResponse:
    """Put a former version in force again."""
    before = freshness_versions(size=1)
    made = roll_back_freshness(version=version, by=request.user, now=moment_of(request).now)
    return _after(request, made.version, is_new=not before or before[0].version != made.version)


def _page(
    request: StaffRequest, rows: list[FieldForm] | None, *, asking: AskingForm | None = None, wrong: str = ""
) -> HttpResponse:
    versions, today = freshness_versions(), moment_of(request).today
    current = versions[0] if versions else None
    known = rules_from_plain(current.fields) if current else ()
    rows = rows if rows is not None else fields_form(None, known)
    starting = {"a_day": current.a_day, "again_days": current.again_days} if current else None
    words = {
        "page_title": _("What is asked of customers"),
        "rows": rows,
        "asking": asking or AskingForm(initial=starting),
        "version": current.version if current else 0,
        "next_version": current.version + 1 if current else 1,
        "versions": [
            {
                "version": one.version,
                "when": moment_words(one.made_at, today),
                "who": one.made_by.name if one.made_by else "Zhenke",
                "is_current": one is current,
                "why": _fields_words(len(one.fields)),
            }
            for one in versions
        ],
        "wrong": wrong,
    }
    return render(request, "settings/freshness.html", words, status=UNREADABLE if wrong else HTTPStatus.OK)


def _fields_words(count: int) -> str:
    return ngettext("%(n)d field is asked", "%(n)d fields are asked", count) % {"n": count}


def _preview(request: StaffRequest, given: QueryDict) -> dict[str, object]:
    rows, asking = fields_form(given), AskingForm(given)
    is_valid = asking.is_valid()
    if any(row.errors for row in rows) or not is_valid:
        return {"wrong": _("Look at the numbers: something cannot be so.")}
    try:
        rules = rules_from_plain(row.plain() for row in rows if row.is_asked())
    except FreshnessInvalid as refusal:
        return {"wrong": sentence_of(refusal)}
    today = moment_of(request).today
    found = preview_asking(
        viewer=request.user, rules=rules, a_day=asking.cleaned_data["a_day"], today=today, sample=SAMPLE
    )
    return {"tonight": found.tonight, "people": found.people, "gaps": found.gaps, "is_about": found.is_about}
