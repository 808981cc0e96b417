"""Views of Today: the list, and what one tap makes of a follow-up."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.basics.errors import BadInput, NotFound
from zhenke.care.models import Task
from zhenke.care.operations import reassign, snooze
from zhenke.care.queries import TodayList, due_counts, task_for, today, unassigned
from zhenke.care.rules import Result
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.permits import waiting_permits
from zhenke.customers.queries.reveals import alarms_of_day
from zhenke.doors.pages.notes.rows import mention_lines
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, is_for, moment_of, refuse, told
from zhenke.doors.pages.today.forms import DoneForm, GiveForm, SnoozeForm
from zhenke.doors.pages.today.markup import brief_lines, full_lines
from zhenke.doors.pages.today.rows import ItemRow, rows_of
from zhenke.doors.words.care import step_word
from zhenke.doors.words.days import day_words
from zhenke.journeys.finish_task import finish_task
from zhenke.journeys.reopen_task import reopen_task
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import advisors_of, staff_member
from zhenke.staff.rules import May, Scope

NOBODY = "nobody"
SNOOZE_DAYS = (1, 3, 7)


def today_page(request: StaffRequest) -> HttpResponse:
    """Show one advisor's day: one's own, or for those who lead the one they choose; or what nobody has taken yet."""
    viewer, moment = request.user, moment_of(request)
    wanted = request.GET.get("advisor", "")
    leads = viewer.may(May.REASSIGN)
    words: dict[str, object] = {
        "page_title": pgettext("navigation", "Today"),
        "today": moment.today,
        "works_here": viewer.may(May.FINISH_TASKS),
        "may_give": leads,
        "asked": wanted,
    }
    if not viewer.may(May.FINISH_TASKS):
        return render(request, "today/page.html", words)
    if leads:
        words |= _people(viewer, moment.today, wanted)
    if leads and wanted == NOBODY:
        items = unassigned(viewer=viewer, day=moment.today)
        rows = rows_of(items, part="unassigned", viewer=viewer)
        sections = [_section("unassigned", _("Taken by nobody"), rows, moment.today)] if rows else []
        words |= {"sections": sections, "is_of_nobody": True}
    else:
        advisor = _advisor(viewer, wanted) if leads and wanted else viewer
        listed = today(viewer=viewer, advisor=advisor, day=moment.today)
        words |= _day(listed, viewer, is_own=advisor.pk == viewer.pk)
        words["mentions"] = mention_lines(viewer) if advisor.pk == viewer.pk and listed.may_be_named else []
        if leads and not wanted:
            words["permits"] = waiting_permits(viewer=viewer, now=moment.now)
            words["alarms"] = " · ".join(alarms_of_day(viewer=viewer, on_date=moment.today))
    words["greeting"] = _greeting(timezone.localtime(moment.now).hour)
    return render(request, "today/_lists.html" if is_for(request, "today-lists") else "today/page.html", words)


def _advisor(viewer: StaffMember, wanted: str) -> StaffMember:
    if not wanted.isdecimal() or len(wanted) > 19:
        raise NotFound(kind="staff")
    return staff_member(viewer=viewer, id=int(wanted))


def _greeting(hour: int) -> str:
    if hour < 5:
        return _("Good evening")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def _people(viewer: StaffMember, day: date, wanted: str) -> dict[str, object]:
    """The people whose lists a leader may open, each with how much is due."""
    counts = due_counts(viewer=viewer, day=day)
    people = [one for one in advisors_of(shop=viewer.shop, viewer=viewer) if one.pk != viewer.pk]
    if viewer.scope == Scope.BRAND:
        people = [one for one in people if counts.get(one.pk)] or people
    chips = [{"label": one.name, "key": str(one.pk), "count": counts.get(one.pk, 0)} for one in people]
    mine = {"label": pgettext("whose list", "Mine"), "key": "", "count": counts.get(viewer.pk, 0)}
    nobody = {"label": _("Nobody's"), "key": NOBODY, "count": counts.get(None, 0)}
    shown = [mine, *chips, *([nobody] if counts.get(None) or wanted == NOBODY else [])]
    return {"people": [{**chip, "is_on": chip["key"] == wanted} for chip in shown]}


def _section(key: str, title: str, rows: list[ItemRow], today: date, total: int | None = None) -> dict[str, object]:
    is_brief = key in ("occasions", "upcoming")
    lines = brief_lines(rows, today=today) if is_brief else full_lines(rows, today=today, is_due=key == "due")
    return {"key": key, "title": title, "lines": lines, "total": len(rows) if total is None else total}


def _day(listed: TodayList, viewer: StaffMember, *, is_own: bool) -> dict[str, object]:
    parts = (
        ("escalated", _("Passed on to you"), listed.escalated, None),
        ("overdue", pgettext("follow-ups", "Overdue"), listed.overdue, listed.overdue_total),
        ("due", _("Due now"), listed.due, None),
        ("occasions", _("Occasions in the next three weeks"), listed.occasions, None),
        ("upcoming", pgettext("follow-ups", "Upcoming"), listed.upcoming, None),
    )
    sections = [
        _section(key, title, rows_of(items, part=key, viewer=viewer), listed.day, total)
        for key, title, items, total in parts
        if items
    ]
    planned = min(listed.capacity, listed.done_today + len(listed.due) + len(listed.overdue))
    return {
        "sections": sections,
        "listed": listed,
        "is_own": is_own,
        "planned": planned,
        "share": min(100, 100 * listed.done_today // planned) if planned else 0,
        "is_all_done": not listed.due and not listed.overdue and not listed.escalated,
    }


def task_done(request: StaffRequest, task_id: int) -> HttpResponse:
    """Ask how a follow-up ended, and close it."""
    task, moment = task_for(viewer=request.user, id=task_id), moment_of(request)
    if request.method == "GET":
        asked = request.GET.get("result", "")
        result = Result(asked) if asked in list(Result) else Result.REACHED
        form = DoneForm.for_result(result, moment.today)
        if is_for(request, "next-date"):
            form.bound_days(moment.today)
            return render(request, "today/_next_date.html", {"form": form, "today": moment.today})
        return _done_sheet(request, task, form)
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _done_sheet(request, task, form)
    given = form.cleaned_data
    try:
        finished = finish_task(
            task=task,
            result=Result(given["result"]),
            note=given["note"],
            next_date=given["next_date"],
            by=request.user,
            today=moment.today,
            now=moment.now,
        )
    except BadInput as refusal:
        refuse(form, refusal, {"date_out_of_reach": "next_date", "next_date_missing": "next_date"})
        return _done_sheet(request, task, form)
    name = seen_name(viewer=request.user, customer=task.customer)
    text = _("%(name)s: done. Next time %(when)s.") % {
        "name": name,
        "when": day_words(finished.task.next_date or given["next_date"], moment.today),
    }
    undo = reverse("task_undo", args=[task.pk])
    return told(request, text, back=reverse("today"), undo_url=undo, events=("tasksChanged",))


def _done_sheet(request: StaffRequest, task: Task, form: DoneForm) -> HttpResponse:
    moment = moment_of(request)
    form.bound_days(moment.today)
    words = {
        "task": task,
        "form": form,
        "name": seen_name(viewer=request.user, customer=task.customer),
        "step": step_word(task.step),
        "today": moment.today,
    }
    template = "today/_done.html" if request.htmx else "today/sheet.html"
    words["sheet"] = "today/_done.html"
    return render(request, template, words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def task_undo(request: StaffRequest, task_id: int) -> HttpResponse:
    """Open a follow-up again that was closed a moment ago."""
    task = task_for(viewer=request.user, id=task_id)
    reopen_task(task=task, by=request.user, now=moment_of(request).now)
    return told(request, _("Taken back; it is on the list again."), back=reverse("today"), events=("tasksChanged",))


def task_more(request: StaffRequest, task_id: int) -> HttpResponse:
    """Offer the rarer acts: put it off, pass it on, open the customer."""
    task, moment = task_for(viewer=request.user, id=task_id), moment_of(request)
    return _more_sheet(request, task, SnoozeForm(), moment.today)


def _more_sheet(request: StaffRequest, task: Task, form: SnoozeForm, day: date) -> HttpResponse:
    form.bound_days(day)
    choices = [(day + timedelta(days=days), days) for days in SNOOZE_DAYS]
    colleagues = []
    if request.user.may(May.REASSIGN):
        people = advisors_of(shop=task.shop, viewer=request.user)
        colleagues = [person for person in people if person.pk != task.assignee_id]
    words = {
        "task": task,
        "form": form,
        "choices": choices,
        "colleagues": colleagues,
        "name": seen_name(viewer=request.user, customer=task.customer),
        "today": day,
        "sheet": "today/_more.html",
    }
    template = "today/_more.html" if request.htmx else "today/sheet.html"
    return render(request, template, words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def task_snooze(request: StaffRequest, task_id: int) -> HttpResponse:
    """Put a follow-up off."""
    task, moment = task_for(viewer=request.user, id=task_id), moment_of(request)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return _more_sheet(request, task, form, moment.today)
    try:
        task = snooze(task=task, until=form.cleaned_data["until"], by=request.user, today=moment.today)
    except BadInput as refusal:
        refuse(form, refusal, {"date_out_of_reach": "until"})
        return _more_sheet(request, task, form, moment.today)
    text = _("Put off: %(when)s.") % {"when": day_words(task.due_date, moment.today)}
    return told(request, text, back=reverse("today"), events=("tasksChanged",))


def task_give(request: StaffRequest, task_id: int) -> HttpResponse:
    """Pass a follow-up on to somebody else."""
    task, moment = task_for(viewer=request.user, id=task_id), moment_of(request)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return _more_sheet(request, task, SnoozeForm(), moment.today)
    to = staff_member(viewer=request.user, id=form.cleaned_data["to"])
    reassign(task=task, to=to, by=request.user, now=moment.now)
    text = _("%(name)s takes it from here.") % {"name": to.name}
    return told(request, text, back=reverse("today"), events=("tasksChanged",))
