"""Leaves the mark of a copy that was made of everything about a customer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.errors import BadInput
from zhenke.customers.models import Customer
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.archive import customer_for
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

CHECKS = ("id_card", "known_in_person", "called_back", "member_site")


class IdentityUnchecked(BadInput):
    """A copy is made only for somebody whose identity was checked."""

    code = "identity_unchecked"
    message = "Say how it was checked who is asking."


@transaction.atomic
def record_pack(*, customer: Customer, checked: str, by: Viewer, now: datetime) -> Customer:
    """Write down that a copy is made, for whom, by whom, and how it was checked who asked; return the archive.

    Errors: NotAllowed; CustomerUnknown unless in sight; IdentityUnchecked.
    Writes: one audit line, in the transaction of the copy.
    Twice:  a second line: a second copy.
    """
    require(by, May.HONOUR_RIGHTS)
    found = customer_for(viewer=by, id=customer.pk)
    if checked not in CHECKS:
        raise IdentityUnchecked
    record(action="customer.copied", by=by, now=now, subject_kind="customer", subject_id=found.pk, checked=checked)
    return found
