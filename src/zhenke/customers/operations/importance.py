"""Writes how important a customer is, and who looked at a protected one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, ProtectedView
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.queries.protection import sees_protected
from zhenke.customers.rules.importance import BY_SPEND, Importance, checked_importance
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May, Role, SystemViewer

ONE_LOOK = timedelta(minutes=10)
"""Looks of one person at one customer within this time are one: a page with its tabs."""


@transaction.atomic
def set_importance(*, customer: Customer, importance: int, reason: str, by: Viewer, now: datetime) -> Customer:
    """Set how important a customer is, by hand; the night leaves it alone from then on. Return the row as it is.

    Units:  `reason` one of the codes of `rules.importance.REASONS`.
    Errors: ImportanceWrong; NotAllowed for the role, and for lowering by anybody but the owner; CustomerUnknown out of
            the writer's sight.
    Writes: Customer; one audit line.
    Twice:  the same importance and reason write nothing.
    """
    require(by, May.SET_IMPORTANCE)
    wanted = checked_importance(importance=importance, reason=reason)
    row = visible(viewer=by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
    if row is None:
        raise CustomerUnknown
    if (row.importance, row.importance_reason) == (wanted, reason):
        return row
    if wanted < row.importance and not (isinstance(by, SystemViewer) or by.role == Role.OWNER):
        raise NotAllowed(act="lower_importance")
    before, row.importance, row.importance_reason = row.importance, wanted, reason
    row.importance_by_id, row.importance_at = hand_of(by), now
    row.save(update_fields=["importance", "importance_reason", "importance_by", "importance_at"])
    record(
        action="customer.importance_set",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=row.pk,
        importance=int(wanted),
        before=before,
        reason=reason,
    )
    return row


@transaction.atomic
def raise_by_spend(*, customer_ids: Sequence[int], by: Viewer, now: datetime) -> int:
    """Make ordinary customers VIPs because of what they spent; return how many. Nobody is lowered.

    Errors: NotAllowed.
    Writes: Customer of those whose importance nobody has set by hand; one audit line if there were any.
    Twice:  0, writes nothing.
    """
    require(by, May.SET_IMPORTANCE)
    rows = Customer.objects.filter(pk__in=customer_ids, importance=Importance.ORDINARY, importance_reason="")
    raised = rows.update(importance=Importance.VIP, importance_reason=BY_SPEND, importance_at=now)
    if raised:
        record(action="customers.importance_raised", by=by, now=now, customers=raised, importance=int(Importance.VIP))
    return raised


def note_look(*, customer: Customer, place: str, by: Viewer, now: datetime) -> bool:
    """Write down that somebody was shown a protected customer; return whether a line was written.

    Units:  `place` is profile, glance or api.
    Writes: ProtectedView and one audit line; nothing for others, or when the owner of the brand looks herself.
    Twice:  within ten minutes one look.
    """
    hand = hand_of(by)
    if customer.importance != Importance.PROTECTED or sees_protected(by) or hand is None:
        return False  # before the transaction: on SQLite it would hold the only place of a writer at every look
    with transaction.atomic():
        looks = ProtectedView.objects.filter(customer_id=customer.pk, by_id=hand)
        if looks.filter(at__gt=now - ONE_LOOK).exists():
            return False
        ProtectedView.objects.create(customer_id=customer.pk, by_id=hand, at=now, place=place)
        record(action="protected.viewed", by=by, now=now, subject_kind="customer", subject_id=customer.pk, place=place)
    return True
