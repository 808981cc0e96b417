"""Points given or taken by hand: a few at once, more when a second person agrees; never on one's own archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from zhenke.basics.errors import NotAllowed
from zhenke.basics.prepared import insert_objects
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for
from zhenke.customers.queries.own_record import is_close_to
from zhenke.membership.models import PointsProposal
from zhenke.membership.operations.accounts import MAIN, hold_accounts, open_programme
from zhenke.membership.operations.writing import (
    Kind,
    Movement,
    Why,
    earlier,
    moved_by,
    new_lot,
    write_entry,
    write_legs,
    write_lot,
)
from zhenke.membership.queries.accounts import held_in
from zhenke.membership.queries.proposals import ProposalUnknown, proposals
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.adjusting import (
    AlreadyDecided,
    OwnRecord,
    SecondPersonNeeded,
    check_adjustment,
    needs_second_person,
)
from zhenke.membership.rules.ledger import (
    Cause,
    CauseReused,
    earned_legs,
    end_of_lot,
    spent_legs,
)
from zhenke.membership.rules.programme import ByHand
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

CAUSE = "by_hand"


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What became of an adjustment: a movement, or a proposal that waits for a second person."""

    movement: Movement | None
    proposal: PointsProposal | None = None


@transaction.atomic
def adjust(
    *,
    customer: Customer,
    points: int,
    key: str,
    reason: str,
    months: int,
    on_date: date,
    by: Viewer,
    now: datetime,
    programme: str = MAIN,
) -> Adjusted:
    """Give (above nothing) or take points by hand; from the programme's limit on, propose it to a second person.

    Units:  whole points, signed; `months` that given points live; `key` is the asker's own, for repeats.
    Errors: NotAllowed; CustomerUnknown out of sight; OwnRecord; PointsWrong; PointsReasonUnknown; BalanceTooLow for
            taking more than may be spent; CauseReused if the key gave or took other points.
    Writes: one entry with its legs, or a PointsProposal; one audit line.
    Twice:  the movement or the proposal that is there.
    """
    check_adjustment(points=points, reason=reason, months=months)
    found = _allowed(by, customer)
    opened, held = open_programme(now=now, key=programme), rules_now()
    why = Why(Cause(CAUSE, key), on_date, now, by, reason=reason)
    waiting = PointsProposal.objects.filter(cause_id=key).first()
    by_hand = held.rules.by_hand if held else ByHand()
    is_large = needs_second_person(points=points, second_person_from=by_hand.second_person_from)
    if waiting is None and (not is_large or _moved(key, programme) is not None):
        return Adjusted(_write(found, points, months, why, programme))
    if waiting is None:
        waiting = PointsProposal(
            programme=opened, customer=found, cause_id=key, points=points, months=months, reason=reason,
            asked_by_id=by.id, asked_at=now,
        )  # fmt: skip
        if insert_objects(connection, [waiting], unless_taken="cause_id"):
            _record("points.proposed", found, by, now, points=points, proposal=waiting.pk)
            return Adjusted(None, waiting)
        waiting = PointsProposal.objects.get(cause_id=key)
    if (waiting.customer_id, waiting.points) != (found.pk, points):
        raise CauseReused(cause_kind=CAUSE, cause_id=key)
    return Adjusted(_moved(key, programme), waiting)


@transaction.atomic
def decide_adjustment(*, proposal_id: int, agrees: bool, on_date: date, by: Viewer, now: datetime) -> Adjusted:
    """Agree to a proposed adjustment, which writes it, or refuse it.

    Errors: NotAllowed; ProposalUnknown out of sight; SecondPersonNeeded for who asked; OwnRecord; AlreadyDecided
            otherwise; BalanceTooLow if there is no more so much to take: it stays open then.
    Writes: PointsProposal; one entry with its legs; one audit line.
    Twice:  the same decision again: what is there.
    """
    proposal = proposals(viewer=by).select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalUnknown
    customer = _allowed(by, proposal.customer)
    state = PointsProposal.State.AGREED if agrees else PointsProposal.State.REFUSED
    key, programme = proposal.cause_id, proposal.programme.key
    if proposal.state != PointsProposal.State.OPEN:
        if proposal.state != state:
            raise AlreadyDecided(state=proposal.state)
        return Adjusted(_moved(key, programme), proposal)
    if by.id == proposal.asked_by_id:
        raise SecondPersonNeeded
    movement = None
    if agrees:
        why = Why(Cause(CAUSE, key), on_date, now, _asker(proposal, by), approved_by=by, reason=proposal.reason)
        movement = _write(customer, proposal.points, proposal.months, why, programme)
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, by.id, now
    proposal.entry_id = movement.entry_id if movement else None
    proposal.save(update_fields=["state", "decided_by", "decided_at", "entry"])
    _record(f"points.{state}", customer, by, now, points=proposal.points, proposal=proposal.pk)
    return Adjusted(movement, proposal)


def _asker(proposal: PointsProposal, otherwise: Viewer) -> Viewer:
    return proposal.asked_by or otherwise


def _allowed(by: Viewer, customer: Customer) -> Customer:
    if not by.may(May.ADJUST_POINTS):
        raise NotAllowed(act=May.ADJUST_POINTS.value)
    found = customer_for(viewer=by, id=customer.pk)
    if is_close_to(viewer=by, customer=found):
        raise OwnRecord
    return found


def _moved(key: str, programme: str) -> Movement | None:
    with connection.cursor() as cursor:
        return earlier(cursor, kind=Kind.ADJUST, cause=Cause(CAUSE, key), programme=programme)


def _write(customer: Customer, points: int, months: int, why: Why, programme: str) -> Movement:
    with connection.cursor() as cursor:
        accounts = hold_accounts(cursor, customer_id=customer.pk, programme=programme, now=why.now)
        held, lot = held_in(cursor, accounts), new_lot()
        before = earlier(cursor, kind=Kind.ADJUST, cause=why.cause, programme=programme)
        if before is not None:
            if before.points != points:
                raise CauseReused(cause_kind=why.cause.kind, cause_id=why.cause.id)
            return before
        if points > 0:
            legs = earned_legs(points=points, lot=lot, owed=held.owed, waits=False)
        else:
            legs = spent_legs(held=held, points=-points, on_date=why.on_date)
        entry = write_entry(cursor, kind=Kind.ADJUST, programme=accounts.programme, why=why)
        if entry is None:
            raise CauseReused(cause_kind=why.cause.kind, cause_id=why.cause.id)
        if points > 0:
            ends = end_of_lot(why.on_date, months)
            write_lot(
                cursor, lot=lot, entry=entry, programme=accounts.programme, points=points, active=why.on_date, ends=ends
            )
        write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
    if why.approved_by is None:
        _record("points.adjusted", customer, why.by, why.now, points=points, entry=entry)
    return moved_by(entry, legs)


def _record(action: str, customer: Customer, by: Viewer, now: datetime, **facts: object) -> None:
    record(action=action, by=by, now=now, subject_kind="customer", subject_id=customer.pk, **facts)
