"""A few customers get another advisor: the archive, and what was promised to them, go together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from zhenke.care.operations import reassign
from zhenke.care.queries import tasks_of
from zhenke.customers.models import Customer
from zhenke.customers.operations import assign
from zhenke.customers.queries import visible
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember


@transaction.atomic
def assign_customers(*, customers: Iterable[Customer], owner: StaffMember, by: StaffMember, now: datetime) -> int:
    """Give customers to an advisor with every open follow-up; return how many changed hands.

    Errors: NotAllowed if `by` may not reassign or does not see the advisor; RuleBroken if that person has left.
    Writes: customers, their open tasks, one audit line each; all or nothing.
    Twice:  moves nothing more and returns 0.
    """
    moved = 0
    for customer in customers:
        was_hers = visible(viewer=SYSTEM).filter(pk=customer.pk, owner=owner).exists()
        assign(customer=customer, owner=owner, cover=customer.cover, by=by, now=now)
        moved += not was_hers
        for task in tasks_of(viewer=SYSTEM, customer=customer, size=100):
            if task.state == task.State.OPEN and task.assignee_id != owner.pk:
                reassign(task=task, to=owner, by=by, now=now)
    return moved
