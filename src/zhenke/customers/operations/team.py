"""Writes who serves an important customer besides her advisor, and whether her calls come first."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.basics.errors import BadInput, NotAllowed
from zhenke.customers.models import Customer, CustomerTeam
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import staff_within
from zhenke.staff.rules import May, Role

SERVE = frozenset({Role.ADVISOR, Role.SERVICE, Role.SHOP_MANAGER, Role.AREA_MANAGER, Role.OWNER})


class TeamPartWrong(BadInput):
    """Not a part of a service team."""

    code = "team_part_wrong"
    message = "Say what this person does in the team."


@transaction.atomic
def join_team(
    *, customer: Customer, member: StaffMember, part: str, from_date: date, by: Viewer, now: datetime
) -> CustomerTeam:
    """Put somebody into a customer's service team, or change what they do in it; return the row.

    Errors: TeamPartWrong; NotAllowed for the role, for a person out of sight, who left, or who serves nobody;
            CustomerUnknown out of sight.
    Writes: CustomerTeam; one audit line.
    Twice:  the row that is there; nothing is written.
    """
    _claim(customer, by)
    if part not in CustomerTeam.Part.values:
        raise TeamPartWrong
    if not staff_within(viewer=by).filter(pk=member.pk, is_active=True, role__in=SERVE).exists():
        raise NotAllowed(field="member")
    row, is_new = CustomerTeam.objects.get_or_create(
        customer_id=customer.pk, member_id=member.pk, defaults={"part": part, "from_date": from_date}
    )
    if not is_new and row.part == part:
        return row
    if not is_new:
        row.part = part
        row.save(update_fields=["part"])
    _record("customer.team_joined", customer, by, now, member=member.pk, part=part)
    return row


@transaction.atomic
def leave_team(*, customer: Customer, member_id: int, by: Viewer, now: datetime) -> bool:
    """Take somebody out of a customer's service team; return whether they were in it.

    Errors: NotAllowed; CustomerUnknown.
    Writes: deletes CustomerTeam; one audit line.
    Twice:  False, writes nothing.
    """
    _claim(customer, by)
    gone, _ = CustomerTeam.objects.filter(customer_id=customer.pk, member_id=member_id).delete()
    if gone:
        _record("customer.team_left", customer, by, now, member=member_id)
    return bool(gone)


@transaction.atomic
def set_hotline(*, customer: Customer, is_on: bool, by: Viewer, now: datetime) -> bool:
    """Say whether a customer is answered before others; return whether that is new.

    Errors: NotAllowed; CustomerUnknown.
    Writes: Customer; one audit line.
    Twice:  False, writes nothing.
    """
    _claim(customer, by)
    changed = Customer.objects.filter(pk=customer.pk).exclude(has_hotline=is_on).update(has_hotline=is_on)
    if changed:
        _record("customer.hotline_set", customer, by, now, is_on=is_on)
    return bool(changed)


def _claim(customer: Customer, by: Viewer) -> None:
    require(by, May.SET_IMPORTANCE)
    if not visible(viewer=by).filter(pk=customer.pk).exists():
        raise CustomerUnknown


def _record(action: str, customer: Customer, by: Viewer, now: datetime, **facts: object) -> None:
    record(action=action, by=by, now=now, subject_kind="customer", subject_id=customer.pk, **facts)
