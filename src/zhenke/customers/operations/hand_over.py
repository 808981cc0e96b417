"""Gives all customers of one advisor to another, when the advisor leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.operations.permission import require
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import staff_within
from zhenke.staff.rules import May, Role

KEEPERS = frozenset({Role.ADVISOR, Role.SHOP_MANAGER, Role.AREA_MANAGER, Role.OWNER})


class CannotTakeOver(RuleBroken):
    """Customers go to somebody else, who still works here and serves customers."""

    code = "cannot_take_over"
    message = "This person cannot take over the customers."


@transaction.atomic
def hand_over(
    *, from_advisor: StaffMember, to_advisor: StaffMember, by: Viewer, now: datetime, tasks_moved: int = 0
) -> int:
    """Make `to_advisor` owner of every customer of `from_advisor`, and cover where that one covered; return how many.

    `tasks_moved` is what a journey moved beside it, so that one line of the audit trail tells the whole.

    Errors: NotAllowed if `by` may not reassign or does not see both people; CannotTakeOver.
    Writes: Customer rows, one audit line if anything moved.
    Twice:  0, and no audit line.
    """
    require(by, May.REASSIGN)
    if staff_within(viewer=by).filter(pk__in=[from_advisor.pk, to_advisor.pk]).count() != 2:
        raise CannotTakeOver if from_advisor.pk == to_advisor.pk else NotAllowed
    if not to_advisor.is_active or to_advisor.role not in KEEPERS:
        raise CannotTakeOver
    owned = Customer.objects.filter(owner_id=from_advisor.pk)
    covered = Customer.objects.filter(Q(cover_id=from_advisor.pk) & ~Q(owner_id=from_advisor.pk))
    moved = covered.update(cover_id=to_advisor.pk, updated_at=now)
    moved += owned.update(owner_id=to_advisor.pk, updated_at=now)
    # Nobody covers for themselves.
    Customer.objects.filter(owner_id=to_advisor.pk, cover_id=F("owner_id")).update(cover_id=None)
    Customer.objects.filter(owner_id=to_advisor.pk, cover_id=from_advisor.pk).update(cover_id=None)
    if moved or tasks_moved:
        record(
            action="customers.handed_over",
            by=by,
            now=now,
            subject_kind="staff",
            subject_id=from_advisor.pk,
            to=to_advisor.pk,
            customers=moved,
            tasks=tasks_moved,
        )
    return moved
