"""What comes back by a channel: a receipt settles a message, an answer stops what she wants no more of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhenke.customers.operations.consent import withdraw_consent
from zhenke.customers.operations.timeline import add_interaction
from zhenke.customers.queries.reach import owners_of_contact
from zhenke.customers.rules.notes import BankNumberInNote, PaperNumberInNote
from zhenke.messaging.operations.settling import take_notice, take_receipt
from zhenke.messaging.rules.opt_out import is_opt_out
from zhenke.staff import SYSTEM

# What an opt-out takes back: all that needs a yes. What orders and repairs need goes on, as the contract has it.
STOPPED = ("marketing", "care")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one notice did: nothing the second time."""

    is_new: bool
    customers: int = 0
    is_opt_out: bool = False


@transaction.atomic
def receive_receipt(
    *,
    channel: str,
    notice_key: str,
    attempt_id: int | None,
    provider_key: str,
    is_delivered: bool,
    at: datetime,
    now: datetime,
) -> Taken:
    """Write down what became of one message.

    Writes: ProviderNotice; Message.
    Twice:  the same notice writes nothing.
    """
    if not take_notice(channel=channel, notice_key=notice_key, now=now):
        return Taken(is_new=False)
    row = take_receipt(
        channel=channel,
        attempt_id=attempt_id,
        provider_key=provider_key,
        is_delivered=is_delivered,
        at=at,
        now=now,
    )
    return Taken(is_new=True, customers=int(row is not None))


@transaction.atomic
def receive_reply(*, channel: str, notice_key: str, phone: str, words: str, at: datetime, now: datetime) -> Taken:
    """Take one answer: who says no more is written to no more at once; what else is said stands on her timeline.

    1. The notice, once. 2. Whose phone it is: a family's may be of several, and a no counts for each of them. 3. An
    opt-out takes back marketing and care by this channel, with the answer as its proof. 4. Other words are a message on
    her timeline, as if they had been told to an advisor; words with a number of a paper or card are not kept.

    Errors: none for a phone of nobody: the notice is taken, nothing is known of it.
    Writes: ProviderNotice; ConsentEntry, or Interaction.
    Twice:  the same notice writes nothing.
    """
    if not take_notice(channel=channel, notice_key=notice_key, now=now):
        return Taken(is_new=False)
    owners, stops = owners_of_contact(viewer=SYSTEM, kind="phone", text=phone), is_opt_out(words)
    for customer in owners:
        if stops:
            for purpose in STOPPED:
                withdraw_consent(
                    customer=customer, purpose=purpose, channels=(channel,), proof="message", by=SYSTEM, now=now
                )
        elif words.strip() and len(owners) == 1:  # of a family's phone nobody knows who wrote
            try:
                add_interaction(
                    customer=customer, kind="message", at=min(at, now), by=SYSTEM, shop=customer.shop, text=words,
                    source_key=f"{channel}:{notice_key}"[:80] + f":{customer.pk}", now=now,
                )  # fmt: skip
            except (BankNumberInNote, PaperNumberInNote):
                continue
    return Taken(is_new=True, customers=len(owners), is_opt_out=stops)
