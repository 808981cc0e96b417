"""Views of care plans: the list with its rhythm in words, and one plan with its steps as rows."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.care.models import CarePlan
from zhenke.care.operations import save_plan
from zhenke.care.queries import care_plans
from zhenke.doors.pages.settings.plan_forms import TRIGGER_WORDS, StepForm, steps_from, steps_of, with_one_more
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, told
from zhenke.doors.words.care import step_word
from zhenke.doors.words.days import is_chinese
from zhenke.doors.words_errors import sentence_of


def settings_plans(request: StaffRequest) -> HttpResponse:
    """Show all plans, those that are off too."""
    rows = [
        {"plan": plan, "name": _name(plan), "when": TRIGGER_WORDS[plan.trigger], "rhythm": _rhythm(plan)}
        for plan in care_plans(only_active=False)
    ]
    return render(request, "settings/plans.html", {"page_title": _("Care plans"), "rows": rows})


def _name(plan: CarePlan) -> str:
    return str(plan.name_zh if is_chinese() else plan.name_en)


def _rhythm(plan: CarePlan) -> str:
    return " · ".join(f"{step_word(step['code'])} {_days(step['offset_days'])}" for step in plan.steps)


def _days(days: int) -> str:
    if days == 0:
        return _("on the day")
    if days < 0:
        return ngettext("%(n)d day before", "%(n)d days before", -days) % {"n": -days}
    return ngettext("after %(n)d day", "after %(n)d days", days) % {"n": days}


def settings_plan(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show one plan, and put a new version of it in force."""
    plan = next((one for one in care_plans(only_active=False) if one.pk == plan_id), None)
    if plan is None:
        raise NotFound(kind="plan")
    if request.method == "GET":
        return _page(request, plan, steps_of(plan), is_active=plan.is_active)
    is_active = request.POST.get("is_active") == "on"
    if "add" in request.POST:
        rows = steps_from(plan, with_one_more(request.POST))
        return _page(request, plan, rows, is_active=is_active, is_longer=True)
    rows = steps_from(plan, request.POST)
    if not rows.is_valid():
        return _page(request, plan, rows, is_active=is_active)
    steps = [row.plain() for row in rows.forms if isinstance(row, StepForm) and row not in rows.deleted_forms]
    try:
        newer = save_plan(plan=plan, steps=steps, is_active=is_active, by=request.user, now=moment_of(request).now)
    except (BadInput, RuleBroken) as refusal:
        return _page(request, plan, rows, is_active=is_active, wrong=sentence_of(refusal))
    if newer.pk == plan.pk:
        return told(request, _("Nothing was changed."), back=reverse("settings_plans"))
    words = {"name": _name(newer), "version": newer.version}
    return told(request, _("%(name)s: version %(version)d is in force.") % words, back=reverse("settings_plans"))


def _page(
    request: StaffRequest, plan: CarePlan, rows: object, *, is_active: bool, wrong: str = "", is_longer: bool = False
) -> HttpResponse:
    is_refused = request.method == "POST" and not is_longer
    words = {
        "page_title": _name(plan),
        "plan": plan,
        "name": _name(plan),
        "when": TRIGGER_WORDS[plan.trigger],
        "rows": rows,
        "is_active": is_active,
        "wrong": wrong,
        "is_longer": is_longer,
    }
    return render(request, "settings/plan.html", words, status=UNREADABLE if is_refused else HTTPStatus.OK)
