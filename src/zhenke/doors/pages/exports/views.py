"""Views of exports: each fetches an export within the viewer's sight, does one thing, and shows where it stands."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.basics.tables.sheets import KINDS
from zhenke.customers.models import Export
from zhenke.customers.operations.exports import (
    ask_export,
    decide_export,
    fetch_export,
    may_decide,
    may_withdraw,
    withdraw_export,
)
from zhenke.customers.queries.exports import export_for, exports, keys_to_export
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.exports import drop_files, read_file
from zhenke.doors.jobs.export import export_task
from zhenke.doors.pages.customers.forms import Asked, asked_in, chips_of, filters_of, within_of
from zhenke.doors.pages.exports.forms import DecisionForm, ExportForm, FetchForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of, refuse, told
from zhenke.doors.words.days import listed
from zhenke.doors.words.exports import COLUMN_WORDS, SECOND_WORDS, STATE_WORDS

State = Export.State
SHOWN = 50


def exports_page(request: StaffRequest) -> HttpResponse:
    """List the exports in sight: those that wait for the viewer first. Three queries whatever there is."""
    found = list(exports(viewer=request.user)[:SHOWN])
    found.sort(key=lambda one: not may_decide(export=one, by=request.user))
    moment = moment_of(request)
    words = {
        "page_title": _("Exports"),
        "rows": [{"export": one, "state": _state(one, moment.now)} for one in found],
        "today": moment.today,
        "hours": EXPORT_LIMITS.hours,
    }
    return render(request, "exports/page.html", words)


def export_new(request: StaffRequest) -> HttpResponse:
    """Ask what is to be in the file of the list as it is filtered, and ask for it."""
    moment = moment_of(request)
    given = request.POST if request.method == "POST" else request.GET
    asked = asked_in(given)
    keys = keys_to_export(
        viewer=request.user,
        filters=filters_of(asked, viewer=request.user, today=moment.today, now=moment.now),
        within=within_of(asked, viewer=request.user, today=moment.today),
        most=EXPORT_LIMITS.rows_a_day,
    )
    if request.method == "GET":
        return _sheet(request, asked, len(keys), ExportForm(viewer=request.user))
    form = ExportForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _sheet(request, asked, len(keys), form)
    try:
        export = ask_export(
            by=request.user,
            keys=keys,
            columns=form.cleaned_data["columns"],
            purpose=form.cleaned_data["purpose"],
            told=_sentence(asked),
            format=form.cleaned_data["format"],
            language=get_language() or "en",
            limits=EXPORT_LIMITS,
            now=moment.now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return _sheet(request, asked, len(keys), form)
    if export.state == State.QUEUED:
        export_task.enqueue(str(export.pk))
    return gone_to(request, reverse("export", args=[export.pk]))


def _sheet(request: StaffRequest, asked: Asked, count: int, form: ExportForm) -> HttpResponse:
    words = {
        "form": form,
        "asked": asked,
        "count": count,
        "told": _sentence(asked),
        "most_alone": EXPORT_LIMITS.alone_rows_a_day,
        "hours": EXPORT_LIMITS.hours,
        "sheet": "exports/_ask.html",
    }
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, "exports/_ask.html" if request.htmx else "today/sheet.html", words, status=status)


def _sentence(asked: Asked) -> str:
    return " · ".join(chip.label for chip in chips_of(asked, people={})) or _("Everybody in sight")


def export_page(request: StaffRequest, export_id: int) -> HttpResponse:
    """Show where an export stands: waiting, at work, ready, over."""
    export = export_for(viewer=request.user, id=export_id)
    if export.state in (State.QUEUED, State.MAKING):
        words = {"export": export, "page_title": _("Export")}
        return render(request, "exports/_progress.html" if request.htmx else "exports/working.html", words)
    if request.htmx:  # the look at one that has just ended: on to what it came to
        return gone_to(request, request.path)
    return _page(request, export)


def _page(
    request: StaffRequest, export: Export, *, fetch: FetchForm | None = None, decision: DecisionForm | None = None
) -> HttpResponse:
    moment = moment_of(request)
    is_mine = export.asked_by_id == request.user.pk
    words = {
        "page_title": _("Export"),
        "export": export,
        "state": _state(export, moment.now),
        "is_ready": _is_live(export, moment.now),
        "is_mine": is_mine,
        "may_decide": may_decide(export=export, by=request.user),
        "may_withdraw": may_withdraw(export=export, by=request.user)
        and (export.state == State.WAITING or _is_live(export, moment.now)),
        "second": SECOND_WORDS.get(export.why_second, ""),
        "columns": listed(COLUMN_WORDS[code] for code in export.columns),
        "fetch": fetch or FetchForm(),
        "decision": decision or DecisionForm(),
        "today": moment.today,
    }
    is_wrong = (fetch is not None) or (decision is not None)
    return render(request, "exports/export.html", words, status=UNREADABLE if is_wrong else HTTPStatus.OK)


def _is_live(export: Export, now: datetime) -> bool:
    return export.state == State.READY and export.expires_at is not None and export.expires_at > now


def _state(export: Export, now: datetime) -> tuple[Promise, str]:
    is_over = export.state == State.READY and not _is_live(export, now)
    return STATE_WORDS[State.EXPIRED if is_over else State(export.state)]


def export_decide(request: StaffRequest, export_id: int) -> HttpResponse:
    """Agree to somebody else's export or refuse it."""
    export = export_for(viewer=request.user, id=export_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, export, decision=form)
    agree = request.POST.get("decision") == "agree"
    reason = form.cleaned_data["reason"]
    decide_export(export=export, agree=agree, reason=reason, by=request.user, now=moment_of(request).now)
    if agree:
        export_task.enqueue(str(export.pk))
    text = _("Agreed; the file is being made.") if agree else _("Refused; no file is made.")
    return told(request, text, back=reverse("exports"))


def export_withdraw(request: StaffRequest, export_id: int) -> HttpResponse:
    """Take an export back and delete its file at once."""
    export = export_for(viewer=request.user, id=export_id)
    name = withdraw_export(export=export, by=request.user, now=moment_of(request).now)
    drop_files([name])
    return told(request, _("Taken back; the file is deleted."), back=reverse("export", args=[export.pk]))


def export_download(request: StaffRequest, export_id: int) -> HttpResponse:
    """Hand the file to who asked for it, for the password once more."""
    export = export_for(viewer=request.user, id=export_id)
    form = FetchForm(request.POST)
    if not form.is_valid():
        return _page(request, export, fetch=form)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", _("Too many tries; wait a minute."))
        return _page(request, export, fetch=form)
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("This is not your password."))
        return _page(request, export, fetch=form)
    key = fetch_export(export=export, by=request.user, now=moment_of(request).now)
    answer = HttpResponse(read_file(export, key), content_type=KINDS[export.format])
    name = ngettext("%(n)s customer", "%(n)s customers", export.rows) % {"n": export.rows}
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{export.format}")
    answer["Cache-Control"] = "no-store"
    return answer
