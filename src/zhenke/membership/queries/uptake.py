"""What rewards cost and how they are taken up, reward by reward and campaign by campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from zhenke.customers.rules.crowds import crowd, rounded_minor
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import Redemption
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope

State = Redemption.State


@dataclass(frozen=True, slots=True)
class Uptake:
    """One reward, or one campaign of it: how often it waits, was handed over, was called off; points and cost.

    `points` and `cost_minor` count what waits and what was handed over; `people` are different members.
    """

    waiting: int = 0
    handed_over: int = 0
    called_off: int = 0
    people: int = 0
    points: int = 0
    cost_minor: int = 0

    @property
    def taken(self) -> int:
        """How often it was taken: what waits and what was handed over."""
        return self.waiting + self.handed_over


def uptake_by_reward(*, viewer: Viewer, since: date) -> dict[int, Uptake]:
    """Return the uptake of each reward since a day, by its key; rewards that nobody took are missing.

    Shape:  one SQL query.
    Sees:   what was taken in the shops within the viewer's sight. Who is shown crowds only is told of rewards that ten
            people or more took, with round sums.
    """
    return _uptake("reward", viewer, since)


def uptake_by_offer(*, viewer: Viewer, since: date) -> dict[int, Uptake]:
    """Return the uptake of each campaign since a day, by its key.

    Shape:  one SQL query.
    Sees:   as `uptake_by_reward`.
    """
    return _uptake("offer", viewer, since)


def _uptake(by: str, viewer: Viewer, since: date) -> dict[int, Uptake]:
    rows = Redemption.objects.filter(on_date__gte=since, **{f"{by}__isnull": False})
    if viewer is not SYSTEM:
        rows = rows.filter(within_scope(viewer, "shop", ("by",)))
    standing = ~Q(state=State.CANCELLED)
    found = (
        rows.order_by()
        .values_list(by)
        .annotate(
            waiting=Count("pk", filter=Q(state=State.RESERVED)),
            handed=Count("pk", filter=Q(state=State.HANDED_OVER)),
            off=Count("pk", filter=Q(state=State.CANCELLED)),
            people=Count("customer", distinct=True, filter=standing),
            points=Sum("points", filter=standing),
            cost=Sum("cost_minor", filter=standing),
        )
    )
    told = {
        key: Uptake(waiting, handed, off, people, points or 0, cost or 0)
        for key, waiting, handed, off, people, points, cost in found
    }
    if viewer is SYSTEM or not sight_of(viewer.role).only_crowds:
        return told
    return {
        key: Uptake(crowd(one.waiting), crowd(one.handed_over), crowd(one.called_off), one.people, one.points,
                    rounded_minor(one.cost_minor))
        for key, one in told.items()
        if crowd(one.people)
    }  # fmt: skip
