"""What comes back: receipts of the provider, and the word of a person on what nobody else knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.messaging.models import Attempt, Message, ProviderNotice
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_STATE = Message.State
DELIVERED, UNDELIVERED = "delivered", "undelivered"
AGAIN_LASTS = timedelta(days=1)


class MessageNotHeld(RuleBroken):
    """Only a message of which nobody knows is decided by a person. Facts: `state`."""

    code = "message_not_held"
    message = "It is known by now what became of this message."


@transaction.atomic
def take_notice(*, channel: str, notice_key: str, now: datetime) -> bool:
    """Remember one notice of a provider by its key; return whether it is new. Whoever acts on it does so in the same
    transaction.

    Writes: ProviderNotice.
    Twice:  False, writes nothing.
    """
    try:
        with transaction.atomic():
            ProviderNotice(channel=channel, notice_key=notice_key, taken_at=now).save(force_insert=True)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def take_receipt(
    *, channel: str, attempt_id: int | None, provider_key: str, is_delivered: bool, at: datetime, now: datetime
) -> Message | None:
    """Write down what the provider says of one message; return it, None if it is none of ours.

    A receipt settles what is held. One that says delivered ends a second try before it is made. Of several the latest
    by the provider's time counts, in whichever order they come.

    Writes: Message.
    Twice:  as it was.
    """
    rows = Attempt.objects.filter(channel=channel).exclude(message=None)
    found = rows.filter(pk=attempt_id).first() if attempt_id else None
    if found is None and provider_key:
        found = rows.filter(provider_key=provider_key).order_by("-id").first()
    row = Message.objects.select_for_update().filter(pk=found.message_id).first() if found else None
    if row is None or (row.receipt_at is not None and row.receipt_at >= at):
        return row
    row.receipt, row.receipt_at = DELIVERED if is_delivered else UNDELIVERED, at
    if row.state in (_STATE.SENT, _STATE.HELD_UNKNOWN, _STATE.FAILED):
        row.state = _STATE.SENT if is_delivered else _STATE.FAILED
        row.reason = "" if is_delivered else UNDELIVERED
    elif row.state == _STATE.QUEUED and is_delivered:
        row.state, row.reason = _STATE.SENT, ""
    row.save(update_fields=["receipt", "receipt_at", "state", "reason"])
    return row


@transaction.atomic
def settle_held(*, message: Message, was_delivered: bool, by: Viewer, now: datetime) -> Message:
    """Decide a message of which nobody knows: it was delivered, or it was not and goes again.

    Errors: NotAllowed; MessageNotHeld.
    Writes: Message, one audit line.
    Twice:  the same word again changes nothing.
    """
    if not by.may(May.SEE_MESSAGES):
        raise NotAllowed(act=May.SEE_MESSAGES.value)
    row = Message.objects.select_for_update().get(pk=message.pk)
    wanted = _STATE.SENT if was_delivered else _STATE.QUEUED
    if row.state != _STATE.HELD_UNKNOWN:
        if row.decided_at is not None and row.state == wanted:
            return row
        raise MessageNotHeld(state=row.state)
    row.state, row.reason, row.decided_by_id, row.decided_at = wanted, "", by.id, now
    if not was_delivered:
        row.due_at, row.called_at, row.use_by = now, None, max(row.use_by, now + AGAIN_LASTS)
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "due_at", "called_at", "use_by"])
    record(
        action="message.settled",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=row.customer_id,
        message=row.pk,
        was_delivered=was_delivered,
    )
    return row
