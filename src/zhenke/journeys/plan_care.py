"""The night's look ahead: occasions that come round, tasks that fall due, tasks that were missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhenke.care.operations import escalate_missed, expand_occasions, plan_tasks


@dataclass(frozen=True)
class PlannedCare:
    """What one night wrote."""

    occasions: int
    tasks: int
    escalated: int


def plan_care(*, today: date, now: datetime) -> PlannedCare:
    """Prepare the advisors' lists for a day.

    Writes: occasions and tasks in batches of their own; missed tasks counted and passed on.
    Twice:  on the same day writes nothing more.
    """
    return PlannedCare(
        occasions=expand_occasions(today=today),
        tasks=plan_tasks(today=today, now=now),
        escalated=escalate_missed(today=today, now=now),
    )
