"""Somebody gets another role or shop: what they opened in the old one does not stay open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.catalogue.operations.shares import end_shares
from zhenke.customers.operations.exports import end_exports_of
from zhenke.customers.operations.sign_up import end_sign_ups
from zhenke.staff import operations
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.operations import MemberChanges


@transaction.atomic
def change_staff_member(*, member: StaffMember, changes: MemberChanges, by: Viewer, now: datetime) -> list[str]:
    """Change what is said of one person and return the names of files that are to be deleted.

    A new role or shop ends their sessions, and their exports and links, which reach as far as the old one did.

    Errors: those of `staff.operations.change_staff`; then nothing changed.
    Writes: the StaffMember; with a new role or shop sessions, Export, SignUpLink, PieceShare; lines of the audit trail.
    Twice:  nothing is written.
    """
    before = member.role, member.shop_id
    member = operations.change_staff(member=member, changes=changes, by=by, now=now)
    if (member.role, member.shop_id) == before:
        return []
    end_sign_ups(advisor=member, by=by, now=now)
    end_shares(made_by=member, by=by, now=now)
    return end_exports_of(asker=member, by=by, now=now)
