"""The room at a glance: points given and spent by month, and which rights are due and were not given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from zhenke.customers.models import Customer, CustomerDate
from zhenke.customers.queries.birthdays import falling_between
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import Membership, PointsAccount, PointsEntry, PointsLeg, RightUse
from zhenke.membership.queries.members import members_within
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.programme import Right
from zhenke.membership.rules.rights import GIFT_DAYS_BEFORE, MISSED_AFTER_DAYS
from zhenke.sales.rules.periods import periods_until
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope, year_rule_of

MISSED_DAYS = 60
"""How far back a birthday may lie for its gift to stand in the report as missed."""
ADVISOR = "advisor"
"""The right to an advisor by name: due to who has none."""
_KINDS = PointsEntry.Kind


@dataclass(frozen=True, slots=True)
class MonthOfPoints:
    """Points of one month: given, less what returns took back; spent, less what was given back."""

    month: date
    given: int
    spent: int


@dataclass(frozen=True, slots=True)
class RightDue:
    """One right in the report. None where it is not counted: nobody waits for a discount.

    `entitled` members have it, `given` times this year, `due` wait for it now, `missed` did not get it in time.
    """

    right: Right
    entitled: int
    given: int
    due: int | None
    missed: int | None
    people: tuple[Customer, ...] = ()


def points_by_month(*, viewer: Viewer, until: date, months: int = 12) -> list[MonthOfPoints]:
    """Return the points of the last months, oldest first.

    Shape:  one row per month, zeros included. One SQL query.
    Sees:   sums of what the shops within the viewer's sight gave and took.
    """
    periods = periods_until(until, count=months)
    span = (periods[0].since, until)
    rows = PointsLeg.objects.filter(account__kind=PointsAccount.Kind.PROGRAMME, entry__on_date__range=span)
    rows = rows.filter(within_scope(viewer, "entry__shop", ("entry__by",)))
    found = rows.order_by().values_list("entry__on_date", "entry__kind").annotate(points=Sum("points"))
    sums: dict[tuple[date, str], int] = {}
    for on_date, kind, points in found:
        place = (on_date.replace(day=1), kind)
        sums[place] = sums.get(place, 0) + points

    def sum_of(month: date, *wanted: str) -> int:
        return sum(sums.get((month, kind), 0) for kind in wanted)

    return [
        MonthOfPoints(
            month=month,
            given=-sum_of(month, _KINDS.EARN, _KINDS.REVERSE, _KINDS.ADJUST),
            spent=sum_of(month, _KINDS.SPEND, _KINDS.CANCEL),
        )
        for month in (period.since.replace(day=1) for period in periods)
    ]


def rights_report(*, viewer: Viewer, on: date, people: int = 6) -> list[RightDue]:
    """Return each right with who has it, how often it was given this year, and who waits for it.

    A gift is due around the birthday and missed when it was not given 30 days after it (birthdays of the last three
    months); an advisor by name is due to who has none; a service is due to nobody before she comes.

    Shape:  one row per right of the rules in force, in their order; at most `people` of those who wait.
    Sees:   members within the viewer's sight; who is shown crowds only gets no count below ten and no names.
    """
    held = rules_now()
    if held is None:
        return []
    uses = RightUse.objects.filter(undone_at=None, on_date__range=(date(on.year, 1, 1), on))
    if viewer is not SYSTEM:
        uses = uses.filter(within_scope(viewer, "shop", ("by",)), unless_hidden(viewer, "customer"))
    given = dict(uses.order_by().values_list("right").annotate(times=Count("*")))
    return [_due(viewer, right, given.get(right.key, 0), on, people) for right in held.rules.rights]


def _due(viewer: Viewer, right: Right, given: int, on: date, people: int) -> RightDue:
    tiers = [tier for tier, share in right.tiers if share]
    members = members_within(viewer=viewer).filter(tier__in=tiers)
    due, missed = _waiting(viewer, right, members, on)
    only_crowds = sight_of(viewer.role).only_crowds
    counts: list[int | None] = [members.count(), *(None if one is None else one.count() for one in (due, missed))]
    entitled, waits, late = (None if n is None else n if not only_crowds or crowd(n) else 0 for n in counts)
    named: tuple[Customer, ...] = ()
    if due is not None and waits and not only_crowds:
        named = tuple(row.customer for row in due.select_related("customer").order_by("since_date", "pk")[:people])
    return RightDue(right, entitled or 0, given, waits, late, named)


def _waiting(
    viewer: Viewer, right: Right, members: QuerySet[Membership], on: date
) -> tuple[QuerySet[Membership] | None, QuerySet[Membership] | None]:
    if right.kind == "standing" and right.key == ADVISOR:
        return members.filter(customer__owner=None), None
    if right.kind != "gift":
        return None, None
    first, last = on - timedelta(days=MISSED_AFTER_DAYS), on + timedelta(days=GIFT_DAYS_BEFORE)
    gone = first - timedelta(days=1)
    return (
        _not_given(viewer, right, members, first, last),
        _not_given(viewer, right, members, gone - timedelta(days=MISSED_DAYS), gone),
    )


def _not_given(
    viewer: Viewer, right: Right, members: QuerySet[Membership], first: date, last: date
) -> QuerySet[Membership]:
    """Members whose birthday falls between two days and who did not get a gift in the year around it."""
    rule = {} if viewer is SYSTEM else {"rule": year_rule_of(viewer.shop)}  # type: ignore[union-attr]
    days = CustomerDate.objects.filter(falling_between(first, last, **rule), kind="birthday")
    got = RightUse.objects.filter(
        customer=OuterRef("pk"), right=right.key, undone_at=None, on_date__gte=first - timedelta(days=GIFT_DAYS_BEFORE)
    )
    wanted = Q(Exists(days.filter(customer=OuterRef("pk"))))
    return members.filter(wanted, ~Exists(got), customer__kind=Customer.Kind.PERSON)
