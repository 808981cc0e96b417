"""A look at one value: what it asks for is asked, a second person agrees or not, and each step leaves its mark."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import AloneWait, Customer, LookPermit, ProtectedView
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.reveals import count_reveal
from zhenke.customers.queries.permits import alone_wait, is_alone, look_at, may_decide
from zhenke.customers.queries.protection import sees_protected
from zhenke.customers.rules.importance import Importance, Need, needs_of
from zhenke.customers.rules.permits import (
    ALONE,
    LOOK_LASTS,
    WAITS,
    AloneTooSoon,
    NotAlone,
    PermitNotNeeded,
    PermitNotOpen,
    ProofMissing,
    SecondPersonMissing,
    checked_hours,
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
    Writes: RevealTally, LookPermit, ProtectedView; one audit line for an alarm, one for a look that one person alone
            answers for.
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
        if look.permit is not None and look.permit.decided_by_id == viewer.pk:
            _mark("looked_alone", look.permit, viewer, now, alone=True)
    needs = needs_of(level=LEVELS[group], importance=importance)
    if customer is not None and Need.ALERT in needs and not sees_protected(viewer):
        ProtectedView.objects.create(customer_id=customer.pk, by_id=viewer.pk, at=now, place="whole")


@transaction.atomic
def ask_permit(
    *, customer: Customer, group: str, subject: int, reason: str, by: StaffMember, now: datetime
) -> LookPermit:
    """Ask for a second person's word to see one value whole, once.

    Units:  `group` a line of the table of sight, `subject` the key of the contact or piece, `reason` a code.
    Where nobody else in the house could agree it can be used alone once the waiting time is over (`agree_alone`).

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
    wait = alone_wait(member=by) if is_alone(member=by) else None
    alone_from = now + timedelta(hours=wait.hours) if wait else None
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
            "until": (alone_from or now) + WAITS,
            "alone_from": alone_from,
        },
    )
    if is_new:
        facts = {"alone": True, "hours": wait.hours, "wait_version": wait.version} if wait else {}
        _mark("asked", permit, by, now, reason=why, **facts)
    return permit


@transaction.atomic
def agree_alone(*, permit: LookPermit, by: StaffMember, proved_at: datetime | None, now: datetime) -> LookPermit:
    """Let who asked look once, where nobody else in the house could agree and the waiting time is over.

    Errors: NotAllowed without the right; PermitNotOpen if it does not wait for that, or somebody else asked;
            AloneTooSoon; NotAlone once somebody else could agree; ProofMissing.
    Writes: LookPermit, one audit line that says that it was alone.
    Twice:  PermitNotOpen.
    """
    if not by.may(May.SET_IMPORTANCE):
        raise NotAllowed
    if by.pk != permit.asked_by_id or permit.alone_from is None or permit.state != State.WAITING or permit.until <= now:
        raise PermitNotOpen(state=permit.state)
    if permit.alone_from > now:
        raise AloneTooSoon
    if not is_alone(member=by):
        raise NotAlone
    if not is_proof_fresh(proved_at=proved_at, now=now):
        raise ProofMissing
    done = LookPermit.objects.filter(pk=permit.pk, state=State.WAITING, until__gt=now).update(
        state=State.AGREED, until=now + LOOK_LASTS, decided_by=by, decided_at=now, because=ALONE
    )
    permit.refresh_from_db()
    if not done:
        raise PermitNotOpen(state=permit.state)
    _mark(ALONE, permit, by, now, alone=True)
    return permit


@transaction.atomic
def set_alone_wait(*, hours: int, by: StaffMember, now: datetime) -> AloneWait:
    """Publish how long somebody waits from now on who looks alone; what was asked for before keeps its day.

    Errors: NotAllowed; AloneWaitWrong.
    Writes: AloneWait, one audit line.
    Twice:  the version in force; nothing is written.
    """
    require(by, May.EDIT_SETTINGS)
    wanted, last = checked_hours(hours), alone_wait(member=by)
    if last.hours == wanted:
        return last
    made, is_new = AloneWait.objects.get_or_create(
        brand_id=last.brand_id,
        version=last.version + 1,
        defaults={"hours": wanted, "made_at": now, "made_by": by},
    )
    if not is_new:  # another owner was quicker: hers holds
        return made
    facts = {"hours": wanted, "version": made.version}
    record(action="permit.wait_set", by=by, now=now, subject_kind="shop", subject_id=last.brand_id, **facts)
    return made


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


@transaction.atomic
def end_every_permit(*, now: datetime) -> int:
    """Close every permit that waits or can be used; return how many. Writes: LookPermit. Twice: 0."""
    return LookPermit.objects.filter(state__in=_OPEN).update(state=State.OVER, until=now)


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
