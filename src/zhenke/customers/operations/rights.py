"""Counts the copies that are made of everything about a customer, and leaves their marks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import BadInput
from zhenke.customers.models import Customer, HandedCopy
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.archive import customer_for
from zhenke.customers.queries.exports import copies_so_far
from zhenke.customers.rules.exports import ExportLimits, is_last_copy
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May

CHECKS = ("id_card", "known_in_person", "called_back", "member_site")


class IdentityUnchecked(BadInput):
    """A copy is made only for somebody whose identity was checked."""

    code = "identity_unchecked"
    message = "Say how it was checked who is asking."


@transaction.atomic
def record_pack(*, customer: Customer, checked: str, limits: ExportLimits, by: Viewer, now: datetime) -> Customer:
    """Write down that a copy is made, for whom, by whom, and how it was checked who asked; return the archive.

    Copies that a person hands out are counted, as rows of exports too; the last that is allowed rings an alarm for
    those who lead. What customers fetch themselves on the member site counts for nobody.

    Errors: NotAllowed; CustomerUnknown unless in sight; IdentityUnchecked; CopiesUsedUp.
    Writes: HandedCopy; one audit line, in the transaction of the copy, and one for an alarm.
    Twice:  a second line: a second copy.
    """
    require(by, May.HONOUR_RIGHTS)
    found = customer_for(viewer=by, id=customer.pk)
    if checked not in CHECKS:
        raise IdentityUnchecked
    if isinstance(by, StaffMember):
        _count(by, limits, now)  # before the mark: as in an export, the person's row is held first, then the trail
    record(action="customer.copied", by=by, now=now, subject_kind="customer", subject_id=found.pk, checked=checked)
    return found


def _count(by: StaffMember, limits: ExportLimits, now: datetime) -> None:
    """Count one copy; one person's copies and exports come one after the other, so that they add up."""
    member = StaffMember.objects.select_for_update(of=("self",)).select_related("shop").get(pk=by.pk)
    a_day, a_month = copies_so_far(by=member, now=now)
    is_last = is_last_copy(copies_a_day=a_day, copies_a_month=a_month, limits=limits)
    today = local_date(now, member.shop.time_zone)
    HandedCopy.objects.create(member=member, at=now, on_date=today, has_alarm=is_last)
    if is_last:
        counted = {"copies_a_day": a_day + 1, "copies_a_month": a_month + 1}
        record(action="copies.alarm", by=by, now=now, subject_kind="staff", subject_id=by.pk, **counted)
