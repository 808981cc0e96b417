"""Holds what a law or a court forbids to erase, and lifts the hold."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.customers.models import Customer, CustomerTeam, LegalHold
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.archive import customer_for
from zhenke.customers.queries.holds import hold_on
from zhenke.customers.rules.holds import checked_hold
from zhenke.customers.rules.importance import Importance
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

LOCKED = "law"
"""The reason of importance of an archive that is kept for the law alone."""


@transaction.atomic
def set_hold(
    *,
    customer: Customer | None,
    kind: str = "",
    reason: str,
    until_date: date,
    today: date,
    by: Viewer,
    now: datetime,
) -> LegalHold:
    """Hold one archive, or one kind of what the night takes away, until a day.

    Errors: NotAllowed; HoldWrong; CustomerUnknown out of sight.
    Writes: LegalHold, one audit line without the reason, which may name people.
    Twice:  the same hold that stands is returned, nothing is written.
    """
    require(by, May.EDIT_SETTINGS)
    kept = checked_hold(has_customer=customer is not None, kind=kind, reason=reason, until_date=until_date, today=today)
    if customer is not None:
        customer = customer_for(viewer=by, id=customer.pk)
        Customer.objects.select_for_update().get(pk=customer.pk)
    same = {"customer": customer, "kind": kind, "reason": kept, "until_date": until_date, "lifted_at": None}
    known = LegalHold.objects.filter(**same).first()
    if known is not None:
        return known
    hold = LegalHold.objects.create(**same, made_at=now, made_by_id=hand_of(by))
    _record("hold.set", hold, by, now)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: Viewer, now: datetime) -> bool:
    """End a hold before its day; return whether it stood.

    Errors: NotAllowed.
    Writes: LegalHold, one audit line.
    Twice:  False.
    """
    require(by, May.EDIT_SETTINGS)
    if not LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=now):
        return False
    _record("hold.lifted", hold, by, now)
    return True


@transaction.atomic
def lock_away(*, customer: Customer, by: Viewer, now: datetime) -> LegalHold | None:
    """Lock a held archive away when its person asks to be forgotten; return the hold, None if nothing holds it.

    The archive has no advisor, cover or team any more and is protected: nobody but the owner of the brand meets it. It
    is erased by the night once the last hold is over.

    Errors: NotAllowed.
    Writes: LegalHold, Customer, deletes CustomerTeam; one audit line.
    Twice:  the hold again, nothing is written.
    """
    require(by, May.HONOUR_RIGHTS)
    today = local_date(now, customer.shop.time_zone)
    hold = hold_on(customer_id=customer.pk, today=today)
    if hold is None or hold.erase_asked_at is not None:
        return hold
    LegalHold.objects.filter(customer=customer.pk, lifted_at=None, erase_asked_at=None).update(erase_asked_at=now)
    CustomerTeam.objects.filter(customer=customer.pk).delete()
    Customer.objects.filter(pk=customer.pk).update(
        owner=None,
        cover=None,
        importance=Importance.PROTECTED,
        importance_reason=LOCKED,
        importance_by=hand_of(by),
        importance_at=now,
        updated_at=now,
    )
    _record("hold.locked_away", hold, by, now)
    hold.refresh_from_db()
    return hold


def _record(action: str, hold: LegalHold, by: Viewer, now: datetime) -> None:
    kind, key = ("customer", hold.customer_id) if hold.customer_id else ("house", None)
    record(
        action=action,
        by=by,
        now=now,
        subject_kind=kind,
        subject_id=key,
        hold=hold.pk,
        until=hold.until_date.isoformat(),
        kind=hold.kind,
    )
