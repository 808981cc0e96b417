"""Opens and closes links by which a customer writes herself down."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zhenke.basics.errors import BadInput
from zhenke.customers.models import SignUpLink
from zhenke.customers.operations.permission import require
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import May

SIGN_UP_HOURS = (12, 24 * 7, 24 * 30)
_SECRET_BYTES = 32


class HoursWrong(BadInput):
    """A link is open for one of a few times."""

    code = "hours_wrong"
    message = "Choose how long the link is open."


@transaction.atomic
def open_sign_up(*, advisor: StaffMember, hours: int, now: datetime) -> tuple[SignUpLink, str]:
    """Open a link to the advisor's shop; return it and its token, which is told this once and kept only as a hash.

    Errors: NotAllowed; HoursWrong.
    Writes: one SignUpLink, one audit line.
    Twice:  another link: each is closed by itself.
    """
    require(advisor, May.EDIT_CUSTOMERS)
    if hours not in SIGN_UP_HOURS:
        raise HoursWrong
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    link = SignUpLink.objects.create(
        token_hash=token_hash(secret),
        shop=advisor.shop,
        advisor=advisor,
        expires_at=now + timedelta(hours=hours),
        made_at=now,
    )
    record(action="sign_up.opened", by=advisor, now=now, subject_kind="sign_up", subject_id=link.pk, hours=hours)
    return link, f"{link.pk:x}.{secret}"


@transaction.atomic
def close_sign_ups(*, advisor: StaffMember, now: datetime) -> int:
    """Close all links of an advisor; return how many were open.

    Errors: NotAllowed.
    Writes: SignUpLink, one audit line if any was open.
    Twice:  0.
    """
    require(advisor, May.EDIT_CUSTOMERS)
    rows = SignUpLink.objects.filter(advisor=advisor, closed_at=None, expires_at__gt=now)
    closed = rows.update(closed_at=now)
    if closed:
        record(action="sign_up.closed", by=advisor, now=now, subject_kind="staff", subject_id=advisor.pk, links=closed)
    return closed


@transaction.atomic
def end_sign_ups(*, advisor: StaffMember, by: Viewer, now: datetime) -> int:
    """Close all links of somebody who leaves, or gets another role or shop; return how many were open.

    Errors: NotAllowed for who may not edit people.
    Writes: SignUpLink, one audit line if any was open.
    Twice:  0.
    """
    require(by, May.EDIT_STAFF)
    closed = SignUpLink.objects.filter(advisor=advisor, closed_at=None, expires_at__gt=now).update(closed_at=now)
    if closed:
        record(action="sign_up.closed", by=by, now=now, subject_kind="staff", subject_id=advisor.pk, links=closed)
    return closed


@transaction.atomic
def end_every_sign_up(*, now: datetime) -> int:
    """Close the open links of everybody; return how many. Writes: SignUpLink. Twice: 0."""
    return SignUpLink.objects.filter(closed_at=None, expires_at__gt=now).update(closed_at=now)


def count_sign_up(*, link: SignUpLink) -> None:
    """Count one customer who wrote herself down.

    Writes: the link's counter.
    Twice:  two.
    """
    SignUpLink.objects.filter(pk=link.pk).update(used=F("used") + 1)
