"""View of how well the shop knows its customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotFound
from zhenke.customers.queries.claims import conflict_count
from zhenke.customers.queries.freshness import fields_shown, freshness_rules
from zhenke.customers.queries.records import Figures, Group, record_figures
from zhenke.customers.rules.freshness import LETTERS, FieldRule
from zhenke.customers.rules.records import share
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.board.asked import short_name
from zhenke.doors.pages.board.findings import Picture
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.doors.words.days import is_chinese
from zhenke.doors.words.fields import field_word
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import brand_of, shop_for
from zhenke.staff.rules import May, Role, Scope

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: how many lack it and where they are listed, and both shares."""

    word: str
    missing: int
    filled: int | None
    accurate: int | None
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One shop or advisor with both shares, and where a tap leads."""

    name: str
    people: int
    filled: int | None
    accurate: int | None
    url: str


def records_page(request: StaffRequest) -> HttpResponse:
    """Show completeness and accuracy of the viewer's customers, or of one node, with their weeks."""
    viewer, moment = request.user, moment_of(request)
    wanted = request.GET.get("shop", "")
    shop = _shop(viewer, wanted) if wanted else None
    found = record_figures(viewer=viewer, shop=shop)
    may_choose = viewer.may(May.EDIT_CUSTOMERS)
    words: dict[str, object] = {
        "page_title": _("How well we know our customers"),
        "shop": shop,
        "found": found,
        "is_own": viewer.scope == Scope.OWN,
        "today": moment.today,
        "may_set": viewer.may(May.EDIT_SETTINGS),
        "conflicts": conflict_count(viewer=viewer, most=MOST_COUNTED) if may_choose else 0,
        "most": MOST_COUNTED,
        "only_crowds": sight_of(viewer.role).only_crowds or viewer.scope in (Scope.REGION, Scope.BRAND),
    }
    if found is not None:
        words |= {"trend": _trend(found), "fields": _fields(found, viewer), "groups": _groups(found, viewer)}
        words |= {"are_shops": len({one.shop for one in found.groups}) > 1}
    return render(request, "records/page.html", words)


def _shop(viewer: StaffMember, wanted: str) -> Shop:
    if not wanted.isdecimal() or len(wanted) > 19:
        raise NotFound(kind="shop")
    return shop_for(viewer=viewer, id=int(wanted))


def _trend(found: Figures) -> Picture | None:
    """Return the weeks as a chart; None while there is one day only."""
    weeks = [one for one in found.weeks if one.known.filled is not None]
    if len(weeks) < 2:
        return None
    change = (weeks[-1].known.filled or 0) - (weeks[0].known.filled or 0)
    span = {"n": abs(change), "weeks": round((weeks[-1].on_date - weeks[0].on_date).days / 7)}
    if change > 0:
        title = _("%(n)d points more complete than %(weeks)d weeks ago") % span
    elif change < 0:
        title = _("%(n)d points less complete than %(weeks)d weeks ago") % span
    else:
        title = _("As complete as %(weeks)d weeks ago") % span
    chart = {
        "kind": "line",
        "labels": [_day(one.on_date) for one in weeks],
        "series": [
            {"name": _("Complete"), "values": [one.known.filled for one in weeks]},
            {"name": _("Right"), "values": [one.known.accurate or 0 for one in weeks], "dashed": True},
        ],
        "unit": "%",
        "label_title": _("Week of"),
    }
    return Picture("records-trend", title, chart, _("Share of what is asked that is filled, and of that what is right"))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日" if is_chinese() else date_format(day, "j M")


def _fields(found: Figures, viewer: StaffMember) -> list[FieldRow]:
    """Return the fields, those that most people lack first."""
    rules = {rule.field: rule for rule in freshness_rules()}
    shown = fields_shown(viewer=viewer)
    rows = []
    for name, (asked, filled, accurate) in found.fields.fields.items():
        if asked and name in shown:
            url = _lacking(name, rules.get(name), viewer) if asked > filled else ""
            rows.append(FieldRow(field_word(name), asked - filled, share(filled, asked), share(accurate, filled), url))
    return sorted(rows, key=lambda row: -row.missing)


def _lacking(name: str, rule: FieldRule | None, viewer: StaffMember) -> str:
    """Return the list of those who lack a field and are asked for it; crowds have no list of people."""
    if viewer.role == Role.MARKETING:
        return ""
    letters = rule.letters if rule and not {"E"} <= set(rule.letters) else ""
    grades = [("grade", letter) for letter in LETTERS if letter in letters]
    return f"{reverse('customers')}?{urlencode([('lacks', name), *grades])}"


def _groups(found: Figures, viewer: StaffMember) -> list[GroupRow]:
    brand = brand_of(viewer.shop).name if found.groups else ""
    are_shops = len({one.shop for one in found.groups}) > 1
    return [_group(one, brand, are_shops=are_shops) for one in found.groups]


def _group(one: Group, brand: str, *, are_shops: bool) -> GroupRow:
    name = _("Nobody's customers") if one.is_nobodys else short_name(one.name, brand) if are_shops else one.name
    url = f"?shop={one.shop}" if are_shops else f"{reverse('customers')}?owner={one.owner or 'none'}"
    return GroupRow(name, one.known.people, one.known.filled, one.known.accurate, url)
