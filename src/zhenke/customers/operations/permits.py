"""A look at one value: what it asks for is asked, a second person agrees or not, and each step leaves its mark."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, LookPermit, ProtectedView
from zhenke.customers.operations.reveals import count_reveal
from zhenke.customers.queries.permits import look_at, may_decide
from zhenke.customers.queries.protection import sees_protected
from zhenke.customers.rules.importance import Importance, Need, needs_of
from zhenke.customers.rules.permits import (
    LOOK_LASTS,
    WAITS,
    PermitNotNeeded,
    PermitNotOpen,
    ProofMissing,
    SecondPersonMissing,
    checked_reason,
    checked_word,
    is_proof_fresh,
)
from zhenke.customers.rules.sight import LEVELS, Shown, sight_of
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May

State = LookPermit.State
_OPEN = (State.WAITING, State.AGREED)


def allow_look(
    *, viewer: Viewer, customer: Customer | None, group: str, subject: int, proved_at: datetime | None, now: datetime
) -> None:
    """Let one look at one whole value happen, or refuse it; the caller shows it and writes its mark in one transaction.

    What the class of the value asks for (`needs_of`) is asked here: a second person's permit, which is used up by
    this; a proof of who looks of the last minutes, `proved_at`; the limit of the day. The owner is told of a look where
    the class says so. The house itself looks without.

    Errors: SecondPersonMissing, ProofMissing, RevealsUsedUp.
    Writes: RevealTally, LookPermit, ProtectedView; one audit line for an alarm.
    Twice:  counts again, and a permit is good for one look.
    """
    if not isinstance(viewer, StaffMember):
        return
    look = look_at(viewer=viewer, customer=customer, group=group, subject=subject, now=now)
    if not look.is_open:
        raise SecondPersonMissing
    if look.needs_proof and not is_proof_fresh(proved_at=proved_at, now=now):
        raise ProofMissing
    importance = Importance(customer.importance) if customer else Importance.ORDINARY
    count_reveal(member=viewer, importance=importance, now=now)
    if look.needs_second:
        # Of two looks at once with one permit, one finds it used.
        mine = LookPermit.objects.filter(pk=look.permit.pk if look.permit else 0, state=State.AGREED, until__gt=now)
        if not mine.update(state=State.USED):
            raise SecondPersonMissing
    needs = needs_of(level=LEVELS[group], importance=importance)
    if customer is not None and Need.ALERT in needs and not sees_protected(viewer):
        ProtectedView.objects.create(customer_id=customer.pk, by_id=viewer.pk, at=now, place="whole")


@transaction.atomic
def ask_permit(
    *, customer: Customer, group: str, subject: int, reason: str, by: StaffMember, now: datetime
) -> LookPermit:
    """Ask for a second person's word to see one value whole, once.

    Units:  `group` a line of the table of sight, `subject` the key of the contact or piece, `reason` a code.
    Errors: NotAllowed if the role is never shown the group whole; PermitNotNeeded; PermitReasonWrong.
    Writes: LookPermit, one audit line; permits whose time is over are closed.
    Twice:  the one that waits, or was agreed to and not used yet, is returned; nothing is written.
    """
    if sight_of(by.role).of(group) not in (Shown.REVEAL, Shown.FULL):
        raise NotAllowed
    why = checked_reason(reason)
    end_permits(now=now)
    look = look_at(viewer=by, customer=customer, group=group, subject=subject, now=now)
    if not look.needs_second:
        raise PermitNotNeeded
    permit, is_new = LookPermit.objects.get_or_create(
        asked_by=by,
        group=group,
        subject_id=subject,
        state__in=_OPEN,
        defaults={
            "customer": customer,
            "shop_id": by.shop_id,
            "reason": why,
            "asked_at": now,
            "state": State.WAITING,
            "until": now + WAITS,
        },
    )
    if is_new:
        _mark("asked", permit, by, now, reason=why)
    return permit


@transaction.atomic
def decide_permit(*, permit: LookPermit, agree: bool, because: str, by: StaffMember, now: datetime) -> LookPermit:
    """Agree that somebody else looks once within a quarter of an hour, or refuse it, for a reason.

    Errors: NotAllowed without the right, for who asked, and for a colleague of the same shop; PermitReasonWrong;
            PermitNotOpen if it waits for nobody.
    Writes: LookPermit, one audit line.
    Twice:  PermitNotOpen.
    """
    word = checked_word(agree=agree, because=because)
    is_waiting = permit.state == State.WAITING and permit.until > now
    if not by.may(May.SET_IMPORTANCE) or (is_waiting and not may_decide(permit=permit, by=by, now=now)):
        raise NotAllowed
    done = LookPermit.objects.filter(pk=permit.pk, state=State.WAITING, until__gt=now).update(
        state=State.AGREED if agree else State.REFUSED,
        until=now + LOOK_LASTS if agree else now,
        decided_by=by,
        decided_at=now,
        because=word,
    )
    permit.refresh_from_db()
    if not done:
        raise PermitNotOpen(state=permit.state)
    _mark("agreed" if agree else "refused", permit, by, now, because=word)
    return permit


def end_permits(*, now: datetime) -> int:
    """Close the permits whose time is over. Writes: LookPermit. Twice: 0."""
    return LookPermit.objects.filter(state__in=_OPEN, until__lte=now).update(state=State.OVER)


def _mark(what: str, permit: LookPermit, by: Viewer, now: datetime, **facts: object) -> None:
    record(
        action=f"permit.{what}",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=permit.customer_id,
        permit=permit.pk,
        group=permit.group,
        **facts,
    )
