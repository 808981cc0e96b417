"""Claims a message, asks the gate, opens the attempt, and marks what became of the call."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction

from zhenke.basics.cipher import SealBroken
from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.queries.reach import is_locked_away, whole_contact
from zhenke.customers.rules.importance import Importance
from zhenke.messaging.models import Attempt, Message, TemplateVersion
from zhenke.messaging.queries.contact_rules import contact_rules
from zhenke.messaging.queries.queue import had_of, ways_of
from zhenke.messaging.rules.gate import Asked, Passed, gate
from zhenke.messaging.rules.intents import CONTACT_OF
from zhenke.messaging.rules.letters import CLAIM_LASTS, Answer, Letter, Outcome, again_after
from zhenke.messaging.rules.salutations import first_name, salutation
from zhenke.messaging.rules.templates import LANGUAGES, fields_in, filled, plain_value, spoken
from zhenke.staff import SYSTEM

_STATE = Message.State
CALLING = "calling"
_FREE = {"claimed_by": "", "claimed_until": None}


def claim_message(*, message_id: int, worker: str, now: datetime) -> bool:
    """Take one message that is due for this worker alone; return whether it was had.

    Writes: Message, by one conditional UPDATE.
    Twice:  False: it is claimed.
    """
    rows = Message.objects.filter(pk=message_id, state=_STATE.QUEUED, due_at__lte=now)
    taken = rows.update(state=_STATE.CLAIMED, claimed_by=worker, claimed_until=now + CLAIM_LASTS, reason="")
    return taken == 1


def release_lost_claims(*, now: datetime) -> tuple[int, int]:
    """Let go of claims whose worker is no more; return how many wait again and how many are held.

    With an open attempt nobody knows whether the call was made: it is held. Without one it was not.

    Writes: Message.
    Twice:  nothing more.
    """
    lost = Message.objects.filter(state=_STATE.CLAIMED, claimed_until__lt=now)
    held = lost.filter(reason=CALLING).update(state=_STATE.HELD_UNKNOWN, reason="worker_lost", **_FREE)
    return lost.exclude(reason=CALLING).update(state=_STATE.QUEUED, **_FREE), held


@transaction.atomic
def open_attempt(*, message_id: int, worker: str, on: Collection[str], now: datetime) -> Letter | None:
    """Ask the gate for a claimed message and, where it may go, write the attempt and return what is to be sent.

    Her archive is held meanwhile: what was withdrawn, merged or erased before counts, and two messages at once cannot
    both be the last of her budget. The archive is held before the message, as a merge does.

    Writes: Attempt and Message; where it may not go, Message alone: it waits, or is skipped with its reason.
    Twice:  None: the attempt is open, or the claim is not this worker's any more.
    """
    key = Message.objects.filter(pk=message_id).values_list("customer_id", flat=True).first() or 0
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=key).first()
    mine = Message.objects.filter(pk=message_id, customer_id=key, state=_STATE.CLAIMED, claimed_by=worker)
    message = mine.exclude(reason=CALLING).select_for_update().first()
    if message is None or customer is None:
        return None
    language = customer.language if customer.language in LANGUAGES else settings.LANGUAGE_CODE
    today = local_date(now, customer.shop.time_zone)
    ways = ways_of(message=message, customer=customer, language=language, on=on, today=today)
    passed = gate(
        asked=_asked(message, customer),
        ways=[way for way, _template, _consent in ways],
        had=had_of(customer=customer, now=now),
        rules=contact_rules(),
        now=now,
    )
    if not passed.channel:
        _keep_back(message, passed)
        return None
    template, consent = next((template, key) for way, template, key in ways if way.channel == passed.channel)
    assert template is not None  # noqa: S101  (the gate lets no way through that lacks its text)
    try:
        to = whole_contact(viewer=SYSTEM, customer=customer, kind=CONTACT_OF[passed.channel])
    except SealBroken:  # one archive that cannot be read must not stop the messages behind it
        _keep_back(message, Passed(why="seal_broken"))
        return None
    return _opened(message, customer, template, consent, to, now)


def _asked(message: Message, customer: Customer) -> Asked:
    return Asked(
        kind=message.kind,
        use_by=message.use_by,
        zone=customer.shop.time_zone,
        is_locked_away=is_locked_away(customer=customer),
        is_protected=customer.importance == Importance.PROTECTED,
    )


def _keep_back(message: Message, passed: Passed) -> None:
    message.state = _STATE.QUEUED if passed.until else _STATE.SKIPPED
    message.due_at = passed.until or message.due_at
    message.reason, message.claimed_by, message.claimed_until = passed.why, "", None
    message.save(update_fields=["state", "due_at", "reason", *_FREE])


def _opened(
    message: Message, customer: Customer, template: TemplateVersion, consent: int | None, to: str, now: datetime
) -> Letter:
    message.attempts_made += 1
    message.channel, message.template, message.consent_key = template.channel, template, consent
    message.reason, message.called_at, message.claimed_until = CALLING, now, now + CLAIM_LASTS
    message.receipt, message.receipt_at = "", None
    told = ["attempts_made", "channel", "template", "consent_key", "reason", "called_at", "claimed_until"]
    message.save(update_fields=[*told, "receipt", "receipt_at"])
    attempt = Attempt(message=message, number=message.attempts_made, channel=template.channel, began_at=now)
    attempt.save(force_insert=True)
    values = spoken(message.fields, language=template.language) | {
        "salutation": plain_value(salutation(name=customer.name, gender=customer.gender, language=template.language)),
        "first_name": plain_value(first_name(name=customer.name, language=template.language)),
        "shop_name": plain_value(customer.shop.name),
    }
    return Letter(
        key=attempt.pk,
        channel=template.channel,
        to=to,
        subject=filled(template.subject, values),
        words=filled(template.words, values),
        provider_code=template.provider_code,
        values={name: values[name] for name in fields_in(template.words)},
    )


@transaction.atomic
def mark_outcome(*, attempt_id: int, outcome: Outcome, now: datetime) -> str:
    """Write down what became of one call; return the state of its message, "" if that is gone.

    Refused for now means that nothing was taken, so it waits and is called again, five calls at most. What nobody knows
    is held, unless a receipt was quicker.

    Writes: Attempt, Message.
    Twice:  the first answer stays.
    """
    attempt = Attempt.objects.select_related("message").filter(pk=attempt_id).first()
    if attempt is None:
        return ""
    kept = {"ended_at": now, "answer": outcome.answer, "code": outcome.code, "provider_key": outcome.provider_key}
    if not Attempt.objects.filter(pk=attempt_id, ended_at=None).update(**kept):
        return attempt.message.state
    row = Message.objects.select_for_update().get(pk=attempt.message_id)
    is_open = (row.state, row.reason) in ((_STATE.CLAIMED, CALLING), (_STATE.HELD_UNKNOWN, "worker_lost"))
    if is_open and row.attempts_made == attempt.number:
        _settle(row, outcome, now)
        row.save(update_fields=["state", "reason", "due_at", "called_at", *_FREE])
    return row.state


def _settle(row: Message, outcome: Outcome, now: datetime) -> None:
    row.claimed_by, row.claimed_until, row.reason = "", None, ""
    wait = again_after(row.attempts_made)
    if row.receipt:  # it came before the answer of the call
        row.state = _STATE.SENT if row.receipt == "delivered" else _STATE.FAILED
        row.reason = "" if row.receipt == "delivered" else row.receipt
    elif outcome.answer == Answer.ACCEPTED:
        row.state = _STATE.SENT
    elif outcome.answer == Answer.UNKNOWN:
        row.state, row.reason = _STATE.HELD_UNKNOWN, "unknown"
    elif outcome.answer == Answer.LATER and wait is not None:
        row.state, row.reason, row.due_at, row.called_at = _STATE.QUEUED, "refused_for_now", now + wait, None
    else:
        row.state, row.called_at = _STATE.FAILED, None
        row.reason = "gave_up" if outcome.answer == Answer.LATER else "refused"
