"""Somebody leaves: the account, and everything they opened that would still be open without it, end in one step."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.catalogue.operations.shares import end_shares
from zhenke.customers.operations.exports import end_exports_of
from zhenke.customers.operations.sign_up import end_sign_ups
from zhenke.staff import operations
from zhenke.staff.models import StaffMember, Viewer


@transaction.atomic
def let_staff_go(*, member: StaffMember, by: Viewer, now: datetime) -> list[str]:
    """End a person's access at once and return the names of files that are to be deleted.

    What they opened goes with it: exports that wait, are being made or are ready, links by which customers write
    themselves down, links to pieces. Customers and follow-ups are handed over before, by `hand_over_customers`.

    Errors: NotAllowed; NotFound; LastOwner; then nothing ended.
    Writes: the account with sessions, tokens and devices; Export, SignUpLink, PieceShare; lines of the audit trail.
    Twice:  nothing is written.
    """
    member = operations.let_go(member=member, by=by, now=now)
    end_sign_ups(advisor=member, by=by, now=now)
    end_shares(made_by=member, by=by, now=now)
    return end_exports_of(asker=member, by=by, now=now)
