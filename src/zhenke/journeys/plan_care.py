"""The night's look ahead: occasions that come round, tasks that fall due, tasks that were missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhenke.care.operations import escalate_missed, expand_occasions, plan_inspections, plan_tasks
from zhenke.care.rules import DuePiece
from zhenke.catalogue.queries import pieces_due
from zhenke.staff import SYSTEM

PIECES_AHEAD_DAYS = 10
PIECES_BEHIND_DAYS = 90
"""A piece that has been due for longer was let go by: its page says so, nobody is sent after it."""


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
        tasks=plan_tasks(today=today, now=now) + plan_inspections(due=_due(today), today=today, now=now),
        escalated=escalate_missed(today=today, now=now),
    )


def _due(today: date) -> list[DuePiece]:
    first, last = today - timedelta(days=PIECES_BEHIND_DAYS), today + timedelta(days=PIECES_AHEAD_DAYS)
    return [
        DuePiece(piece.pk, owner.pk, owner.owner_id, owner.shop_id, piece.name, piece.next_inspection_date)
        for piece in pieces_due(viewer=SYSTEM, first=first, last=last).iterator(chunk_size=2_000)
        if (owner := piece.customer) is not None and piece.next_inspection_date is not None
    ]
