"""Membership at a glance: members by tier, points by month, rights due and not given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhenke.customers.queries import seen_name
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.doors.words.days import exact_month
from zhenke.doors.words.membership import name_of
from zhenke.membership.queries.members import members_by_tier
from zhenke.membership.queries.proposals import proposals
from zhenke.membership.queries.report import MonthOfPoints, RightDue, points_by_month, rights_report
from zhenke.membership.queries.rules import RulesNow, rules_now
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May

MONTHS = 12


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right as the table shows it; `people` wait for it: key and name."""

    name: str
    entitled: int
    given: int
    due: int | None
    missed: int | None
    people: list[tuple[int, str]]


def membership_page(request: StaffRequest) -> HttpResponse:
    """Show the members, points and rights that the viewer may see."""
    viewer, moment, held = request.user, moment_of(request), rules_now()
    words: dict[str, Any] = {"page_title": _("Membership"), "held": held}
    if viewer.may(May.ADJUST_POINTS):
        words["waiting"] = proposals(viewer=viewer, is_open=True).count()
    if held is None:
        return render(request, "membership/page.html", words)
    only_crowds = sight_of(viewer.role).only_crowds
    counts = members_by_tier(viewer=viewer)
    if only_crowds:
        counts = {tier: crowd(count) for tier, count in counts.items()}
    months = points_by_month(viewer=viewer, until=moment.today, months=MONTHS)
    rights = rights_report(viewer=viewer, on=moment.today)
    words |= {
        "only_crowds": only_crowds,
        "members": sum(counts.values()),
        "tiers_title": _tiers_finding(held, counts),
        "tiers_chart": _tiers_chart(held, counts),
        "points_title": _points_finding(months),
        "points_chart": _points_chart(months),
        "rights": [_row(one, viewer) for one in rights],
        "rights_title": _rights_finding(rights),
    }
    return render(request, "membership/page.html", words)


def _tiers_chart(held: RulesNow, counts: dict[str, int]) -> dict[str, object]:
    levels = list(reversed(held.rules.tiers.levels))
    return {
        "kind": "rows",
        "labels": [name_of(tier) for tier in levels],
        "series": [{"name": _("Members"), "values": [counts.get(tier.key, 0) for tier in levels]}],
        "unit": "",
        "label_title": _("Tier"),
    }


def _tiers_finding(held: RulesNow, counts: dict[str, int]) -> str:
    whole = sum(counts.values())
    if not whole:
        return _("Nobody is a member yet")
    lowest = held.rules.tiers.levels[0]
    above = whole - counts.get(lowest.key, 0)
    words = {"above": f"{above:,}", "all": f"{whole:,}", "tier": name_of(lowest)}
    return (
        ngettext(
            "%(above)s of %(all)s member stands above %(tier)s",
            "%(above)s of %(all)s members stand above %(tier)s",
            whole,
        )
        % words
    )


def _points_chart(months: list[MonthOfPoints]) -> dict[str, object]:
    return {
        "kind": "bar",
        "labels": [exact_month(one.month) for one in months],
        "series": [
            {"name": _("Given"), "values": [one.given for one in months]},
            {"name": pgettext("points", "Spent"), "values": [one.spent for one in months]},
        ],
        "unit": "",
        "label_title": _("Month"),
    }


def _points_finding(months: list[MonthOfPoints]) -> str:
    given, spent = sum(one.given for one in months), sum(one.spent for one in months)
    if not given:
        return _("No points were given yet")
    words = {"given": f"{given:,}", "spent": f"{spent:,}"}
    return _("%(given)s points given in twelve months, %(spent)s spent") % words


def _rights_finding(rights: list[RightDue]) -> str:
    due = sum((one.due or 0) + (one.missed or 0) for one in rights)
    if not due:
        return _("Every right that is due was given")
    return ngettext("%(n)s right is due and not given", "%(n)s rights are due and not given", due) % {"n": f"{due:,}"}


def _row(one: RightDue, viewer: StaffMember) -> RightRow:
    people = [(person.pk, seen_name(viewer=viewer, customer=person) or _("Name not known")) for person in one.people]
    return RightRow(name_of(one.right), one.entitled, one.given, one.due, one.missed, people)
