"""An advisor leaves: the customers and what was promised to them go to a colleague, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhenke.care.operations import move_tasks
from zhenke.customers.operations import hand_over
from zhenke.staff.models import StaffMember, Viewer


@dataclass(frozen=True)
class HandedOver:
    """What changed hands."""

    customers: int
    tasks: int


@transaction.atomic
def hand_over_customers(*, from_advisor: StaffMember, to_advisor: StaffMember, by: Viewer, now: datetime) -> HandedOver:
    """Give all customers and all open follow-ups of one advisor to another.

    Errors: NotAllowed, CannotTakeOver; then nothing moved.
    Writes: customers, tasks, one audit line; all or nothing.
    Twice:  moves nothing more and writes no second line.
    """
    tasks = move_tasks(from_advisor=from_advisor, to_advisor=to_advisor, by=by, now=now)
    customers = hand_over(from_advisor=from_advisor, to_advisor=to_advisor, by=by, now=now, tasks_moved=tasks)
    return HandedOver(customers=customers, tasks=tasks)
