"""The list of customers, its filters and its saved lists."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.basics.errors import BadInput
from zhenke.customers.models import SavedView
from zhenke.customers.operations import drop_view, save_view
from zhenke.customers.operations.reveals import count_listed
from zhenke.customers.queries import customer_page, regions_in_sight, saved_views, tags
from zhenke.customers.rules.filters import Order
from zhenke.customers.rules.sight import Birthday, Shown, sight_of
from zhenke.doors.pages.customers.forms import (
    ORDER_WORDS,
    Asked,
    FilterForm,
    asked_in,
    chips_of,
    filters_of,
    is_filter,
    within_of,
)
from zhenke.doors.pages.customers.groupings import GroupingFields, own_groups
from zhenke.doors.pages.customers.markup import customer_lines
from zhenke.doors.pages.customers.narrowed import note_narrowed
from zhenke.doors.pages.customers.own_values import own_inputs
from zhenke.doors.pages.customers.rows import row_of
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, is_for, moment_of, told
from zhenke.doors.words_errors import sentence_of
from zhenke.grading.queries import grades_of
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import advisors_of
from zhenke.staff.rules import May, Scope

SIZE = 40


def customers_page(request: StaffRequest) -> HttpResponse:
    """Show the customers that the filters keep, or the next of them."""
    viewer, moment = request.user, moment_of(request)
    asked = asked_in(request.GET)
    rows, shown = _rows(request, asked, moment)
    words: dict[str, object] = {
        "page_title": pgettext("navigation", "Customers"),
        "today": moment.today,
        "asked": asked,
        **rows,
    }
    if request.GET.get("after"):
        count_listed(member=viewer, rows=SIZE, now=moment.now)
    elif asked.is_narrowed:
        note_narrowed(member=viewer, query=asked.query(), rows=shown, moment=moment)
    if is_for(request, "pager"):
        return render(request, "customers/_rows.html", words)
    people = _people(viewer) if "owner" in asked.given else {}
    words |= {
        "chips": chips_of(asked, people=people),
        "views": [] if asked.is_narrowed else [_view_words(view) for view in saved_views(viewer=viewer)],
        "orders": _orders(asked, viewer),
        "may_edit": viewer.may(May.EDIT_CUSTOMERS),
        "may_give": viewer.may(May.REASSIGN),
        "may_export": viewer.may(May.EXPORT),
    }
    return render(
        request, "customers/_list.html" if is_for(request, "customers-list") else "customers/page.html", words
    )


def _rows(request: StaffRequest, asked: Asked, moment: Moment) -> tuple[dict[str, object], int]:
    """Return the lines of a page, and how many they are."""
    viewer = request.user
    order = asked.order if asked.order != Order.NAME or sight_of(viewer.role).names else Order.UPDATED
    filters = filters_of(asked, viewer=viewer, today=moment.today, now=moment.now)
    page = customer_page(
        viewer=viewer,
        filters=filters,
        order=order,
        after=request.GET.get("after", ""),
        size=SIZE,
        within=within_of(asked, viewer=viewer, today=moment.today),
        is_brief=True,
    )
    # These customers are in the viewer's sight, so their grades are: asked for without the scope a second time.
    grades = grades_of(viewer=SYSTEM, customers=page.rows)
    next_url = f"?{asked.query(after=page.after)}" if page.after else ""
    rows = [row_of(one, grades.get(one.pk), viewer=viewer, today=moment.today) for one in page.rows]
    lines = customer_lines(rows, may_choose=viewer.may(May.EDIT_CUSTOMERS), shows_owner=viewer.scope != Scope.OWN)
    return {"lines": lines, "next_url": next_url}, len(rows)


def _orders(asked: Asked, viewer: StaffMember) -> list[tuple[str, str, bool]]:
    offered = [one for one in Order if one != Order.NAME or sight_of(viewer.role).names]
    return [(str(ORDER_WORDS[one]), f"?{asked.query(order=one.value)}", one == asked.order) for one in offered]


def _people(viewer: StaffMember) -> dict[str, str]:
    return {str(one.pk): one.name for one in advisors_of(shop=viewer.shop, viewer=viewer)}


def _view_words(view: SavedView) -> tuple[int, str, str]:
    asked = asked_in(view.filters)
    return view.pk, view.name, f"?{asked.query()}"


def filter_sheet(request: StaffRequest) -> HttpResponse:
    """Offer every filter, with those that are set."""
    asked = asked_in(request.GET)
    people = _people(request.user) if request.user.scope != Scope.OWN else {}
    words = {
        "form": FilterForm(initial=asked.words),
        "asked": asked,
        "people": people,
        "tags": tags(viewer=request.user)[:60],
        "regions": _regions(request.user, asked),
        "own_fields": own_groups(request.user),
        "own_inputs": own_inputs(asked.given, viewer=request.user),
        "sees_ages": sight_of(request.user.role).birthday != Birthday.MASKED,
        "is_grouped": bool(asked.own or set(GroupingFields.base_fields) & set(asked.words) - {"deals", "region"}),
        "sees_birthdays": sight_of(request.user.role).dates,
        "sees_importance": sight_of(request.user.role).of("importance") == Shown.FULL,
        "sheet": "customers/_filters.html",
    }
    return render(request, "customers/_filters.html" if request.htmx else "today/sheet.html", words)


def _regions(viewer: StaffMember, asked: Asked) -> list[str]:
    """The regions on offer, and the one that is asked for."""
    known = regions_in_sight(viewer=viewer)
    return list(dict.fromkeys((*known, *asked.given.get("region", ()))))


def keep_sheet(request: StaffRequest) -> HttpResponse:
    """Ask for the name of the list as it is, and keep it."""
    if request.method == "GET":
        words = {"asked": asked_in(request.GET), "sheet": "customers/_keep.html"}
        return render(request, "customers/_keep.html" if request.htmx else "today/sheet.html", words)
    asked = asked_in({name: values for name, values in request.POST.lists() if is_filter(name)})
    name, filters = request.POST.get("name", ""), dict(asked.given)
    try:
        kept = save_view(name=name, filters=filters, by=request.user, now=moment_of(request).now)
    except BadInput as refusal:
        words = {"asked": asked, "wrong": sentence_of(refusal), "sheet": "customers/_keep.html"}
        template = "customers/_keep.html" if request.htmx else "today/sheet.html"
        return render(request, template, words, status=UNREADABLE)
    text = _("The list “%(name)s” is kept.") % {"name": kept.name}
    return told(request, text, back=f"{reverse('customers')}?{asked.query()}", events=("listChanged",))


def view_drop(request: StaffRequest) -> HttpResponse:
    """Forget one of one's own lists."""
    wanted = request.POST.get("view", "")
    if wanted.isdecimal() and len(wanted) < 19:
        drop_view(id=int(wanted), by=request.user)
    return told(request, _("The list is forgotten."), back=reverse("customers"), events=("listChanged",))
