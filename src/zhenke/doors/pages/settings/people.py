"""Views of people: the list, a new person with a password shown once, changes, and leaving."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.care.models import Task
from zhenke.care.queries import visible_tasks
from zhenke.customers.queries import visible
from zhenke.doors.exports import drop_files
from zhenke.doors.pages.settings.staff_forms import LeaveForm, MemberForm, NewMemberForm, first_password
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.journeys.change_staff_member import change_staff_member
from zhenke.journeys.hand_over_customers import hand_over_customers
from zhenke.journeys.let_staff_go import let_staff_go
from zhenke.staff.models import StaffMember
from zhenke.staff.operations import add_staff, set_password
from zhenke.staff.queries import staff_member, staff_within
from zhenke.staff.rules import Role

_AT = {"username_taken": "username", "bad_username": "username", "role_needs_shop": "shop", "last_owner": "role"}


def settings_staff(request: StaffRequest) -> HttpResponse:
    """Show the people who work here, and those who left."""
    people = list(staff_within(viewer=request.user).exclude(role=Role.INTEGRATION).order_by("shop__path", "name"))
    rows = [{"person": one, "role": ROLE_WORDS[one.role]} for one in people]
    words = {
        "page_title": _("Staff"),
        "rows": [row for row in rows if row["person"].is_active],  # type: ignore[attr-defined]
        "left": [row for row in rows if not row["person"].is_active],  # type: ignore[attr-defined]
        "today": moment_of(request).today,
    }
    return render(request, "settings/staff.html", words)


def settings_staff_new(request: StaffRequest) -> HttpResponse:
    """Ask for a new person, add them, and show the first password this one time."""
    if request.method == "GET":
        return _new(request, NewMemberForm(viewer=request.user))
    form = NewMemberForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _new(request, form)
    given, password = form.cleaned_data, first_password()
    try:
        member = add_staff(
            username=given["username"],
            name=given["name"],
            role=Role(given["role"]),
            shop=given["shop"],
            password=password,
            email=given["email"],
            language=given["language"],
            capacity_a_day=given["capacity_a_day"],
            by=request.user,
            now=moment_of(request).now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _AT)
        return _new(request, form)
    return _password(request, member, password)


def _new(request: StaffRequest, form: NewMemberForm) -> HttpResponse:
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, "settings/member.html", {"page_title": _("New person"), "form": form}, status=status)


def _password(request: StaffRequest, member: StaffMember, password: str) -> HttpResponse:
    words = {"page_title": member.name, "member": member, "password": password}
    return render(request, "settings/password.html", words)


def settings_staff_member(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Show one person, and change what is said of them."""
    member = staff_member(viewer=request.user, id=staff_id)
    kept = {name: getattr(member, name) for name in MemberForm.base_fields}
    if request.method == "GET":
        return _change(request, member, MemberForm(viewer=request.user, initial={**kept, "shop": member.shop_id}))
    form = MemberForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _change(request, member, form)
    try:
        changes, at = form.changes(), moment_of(request).now
        drop_files(change_staff_member(member=member, changes=changes, by=request.user, now=at))
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _AT)
        return _change(request, member, form)
    return told(request, _("Saved."), back=reverse("settings_staff"))


def _change(request: StaffRequest, member: StaffMember, form: MemberForm) -> HttpResponse:
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    words = {"page_title": member.name, "member": member, "form": form, "today": moment_of(request).today}
    return render(request, "settings/member.html", words, status=status)


def settings_staff_password(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Give a person a new password, end their sessions, and show it this one time."""
    member, password = staff_member(viewer=request.user, id=staff_id), first_password()
    if not member.is_active:
        raise RuleBroken
    set_password(member=member, password=password, by=request.user, now=moment_of(request).now)
    return _password(request, member, password)


def settings_staff_leave(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Say what happens when somebody leaves, hand over what is theirs, and end their access at once."""
    member, moment = staff_member(viewer=request.user, id=staff_id), moment_of(request)
    customers = visible(viewer=request.user).filter(owner=member).count()
    tasks = visible_tasks(viewer=request.user).filter(assignee=member, state=Task.State.OPEN).count()
    is_needed = bool(customers or tasks)
    words = {"page_title": member.name, "member": member, "customers": customers, "tasks": tasks}
    if request.method == "GET":
        form = LeaveForm(viewer=request.user, member=member, is_needed=is_needed)
        return render(request, "settings/leave.html", {**words, "form": form})
    form = LeaveForm(request.POST, viewer=request.user, member=member, is_needed=is_needed)
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            if to is not None:
                hand_over_customers(from_advisor=member, to_advisor=to, by=request.user, now=moment.now)
            drop_files(let_staff_go(member=member, by=request.user, now=moment.now))
        except (BadInput, RuleBroken) as refusal:
            refuse(form, refusal, {"cannot_take_over": "to"})
        else:
            text = _("%(name)s has left; access ended just now.") % {"name": member.name}
            return told(request, text, back=reverse("settings_staff"))
    return render(request, "settings/leave.html", {**words, "form": form}, status=UNREADABLE)
