"""Writes who belongs to whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.archive import customer_for
from zhenke.customers.rules.drafts import FieldWrong
from zhenke.customers.rules.household import WORK, pair_of
from zhenke.staff import audit
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

LONGEST_JOB = 60


@transaction.atomic
def add_link(
    *, customer: Customer, other: Customer, kind: str, by: Viewer, now: datetime, job: str | None = None
) -> CustomerLink:
    """Write that `other` is the `kind` of `customer`: her spouse, child, friend; a company's contact with a `job`.

    A job is kept of links of work only; None leaves the one that is there.

    Errors: LinkKindWrong, LinkToSelf; FieldWrong for a job of more than 60 signs; NotAllowed; CustomerUnknown if
            either is out of sight of `by`.
    Writes: CustomerLink; one audit line.
    Twice:  the link that is there, also from the other end; nothing is written. Another kind or job for the same two
            changes the word.
    """
    require(by, May.EDIT_CUSTOMERS)
    pair = pair_of(customer=customer.pk, other=other.pk, kind=kind)
    for end in (pair.first, pair.second):
        customer_for(viewer=by, id=end)
    given = None if job is None else " ".join(job.replace("\x00", "").split())
    if given is not None and len(given) > LONGEST_JOB:
        raise FieldWrong(field="job")
    kept = (given or "") if pair.kind in WORK else ""
    link, is_new = CustomerLink.objects.get_or_create(
        first_id=pair.first,
        second_id=pair.second,
        defaults={"kind": pair.kind, "made_at": now, "made_by_id": hand_of(by), "job": kept},
    )
    if not is_new:
        kept = kept if given is not None or pair.kind not in WORK else link.job
        if (link.kind, link.dropped_at, link.job) == (pair.kind, None, kept):
            return link
        link.kind, link.dropped_at, link.job = pair.kind, None, kept
        link.save(update_fields=["kind", "dropped_at", "job"])
    _record("link_added", customer=customer, link=link, by=by, now=now)
    return link


@transaction.atomic
def drop_link(*, customer: Customer, link: CustomerLink, by: Viewer, now: datetime) -> bool:
    """Take a link of a customer away; return whether it stood.

    Errors: NotAllowed.
    Writes: CustomerLink (`dropped_at`, so that it can come back); one audit line.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    if not CustomerLink.objects.filter(pk=link.pk, dropped_at=None).update(dropped_at=now):
        return False
    _record("link_dropped", customer=customer, link=link, by=by, now=now)
    return True


@transaction.atomic
def restore_link(*, customer: Customer, link: CustomerLink, by: Viewer, now: datetime) -> bool:
    """Let a dropped link stand again; return whether it was dropped.

    Errors: NotAllowed.
    Writes: CustomerLink; one audit line.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    if not CustomerLink.objects.filter(pk=link.pk).exclude(dropped_at=None).update(dropped_at=None):
        return False
    _record("link_restored", customer=customer, link=link, by=by, now=now)
    return True


def _record(action: str, *, customer: Customer, link: CustomerLink, by: Viewer, now: datetime) -> None:
    audit.record(action=action, by=by, now=now, subject_kind="customer", subject_id=customer.pk, link=link.pk)
