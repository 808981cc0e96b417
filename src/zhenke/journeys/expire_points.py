"""The night of the points: what waited may be spent, what is over ends, and balances are written down to be checked."""

from __future__ import annotations

from dataclasses import dataclass

from zhenke.membership.operations import activate_due, check_balances, expire_due
from zhenke.membership.operations.clocks import begin_night, finish_night
from zhenke.membership.rules.clocks import Tick


@dataclass(frozen=True, slots=True)
class PointsNightDone:
    """What one night did, in lots and points; `is_held` when the clock was not believed and nothing ended."""

    activated: int
    activated_points: int
    expired: int
    expired_points: int
    checks: int
    is_held: bool


def expire_points(*, tick: Tick) -> PointsNightDone:
    """Let lots that waited be spent and lots whose last day is over end, and write checks.

    When the clock is more than two hours ahead of what the machine has run, or a day is skipped while it was off,
    nothing ends before somebody confirms the day (`zhenke points expire --confirm`); the first night ends nothing.

    Writes: entries in batches that commit one by one; PointsNight. A night that was cut off is done again by the next.
    Twice:  on one day nothing more.
    """
    ahead = begin_night(tick=tick)
    activated = activate_due(day=tick.day, since=ahead.since, now=tick.at)
    expired = expire_due(day=tick.day, since=ahead.since, now=tick.at) if ahead.may_end else None
    if ahead.may_end or ahead.since is None:
        finish_night(tick=tick)
    return PointsNightDone(
        activated=activated.lots,
        activated_points=activated.points,
        expired=expired.lots if expired else 0,
        expired_points=expired.points if expired else 0,
        checks=check_balances(day=tick.day, now=tick.at),
        is_held=not ahead.may_end and ahead.since is not None,
    )
