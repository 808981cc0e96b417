"""The night tells members of their points and tiers, each thing once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.queries.telling import Notice, to_tell_of_earned, to_tell_of_ending, to_tell_of_tiers
from zhenke.messaging.operations import queue_message
from zhenke.messaging.queries.intents import known_intents
from zhenke.messaging.rules.templates import Value
from zhenke.staff import SYSTEM

CHUNK = 500


@dataclass(frozen=True, slots=True)
class NotifiedMembers:
    """How many messages were put on the queue, by what they say."""

    ending: int = 0
    tiers: int = 0
    earned: int = 0


def notify_members(*, day: date, now: datetime) -> NotifiedMembers:
    """Put on the queue: points that end soon, a tier that moved, points of a sale that may be spent.

    In a house without a programme nothing is said. Nothing is decided here: consent, quiet hours and budget are
    asked when the message goes.

    Units:  `day` is the house's; points that end are told once for each month and step.
    Writes: messages, one by one. Stopped half-way, the next night goes on.
    Twice:  nothing more.
    """
    held = rules_now()
    if held is None:
        return NotifiedMembers()
    steps = held.rules.notices.ending_days
    return NotifiedMembers(
        ending=_queued(to_tell_of_ending(day=day, steps=steps), day=day, now=now),
        tiers=_queued(to_tell_of_tiers(day=day), day=day, now=now),
        earned=_queued(to_tell_of_earned(day=day), day=day, now=now),
    )


def _queued(notices: list[Notice], *, day: date, now: datetime) -> int:
    """Queue what is not queued yet; return how many were new."""
    new = 0
    for start in range(0, len(notices), CHUNK):
        chunk = notices[start : start + CHUNK]
        kinds = {one.template for one in chunk}
        known = known_intents(cause_kinds=kinds, customer_ids={one.customer_id for one in chunk})
        chunk = [one for one in chunk if (one.customer_id, one.template, one.cause_id, one.occurrence) not in known]
        people = _people({one.customer_id for one in chunk})
        for one in chunk:
            if one.customer_id in people:
                _queue(one, people[one.customer_id], day=day, now=now)
                new += 1
    return new


def _people(keys: Collection[int]) -> dict[int, Customer]:
    return {one.pk: one for one in visible(viewer=SYSTEM).filter(pk__in=list(keys))}


def _queue(notice: Notice, customer: Customer, *, day: date, now: datetime) -> None:
    fields: dict[str, Value] = dict(notice.fields)
    if notice.template == "tier_changed":
        fields["tier"] = _tier_name(str(fields["tier"]), customer)
    else:
        fields["balance"] = balance_of(viewer=SYSTEM, customer=customer, on_date=day).spendable
    queue_message(
        customer=customer,
        purpose="service",
        kind="service",
        template_key=notice.template,
        fields=fields,
        cause_kind=notice.template,
        cause_id=notice.cause_id,
        occurrence=notice.occurrence,
        now=now,
    )


def _tier_name(key: str, customer: Customer) -> str:
    """Return the tier's name as she reads it."""
    held = rules_now()
    if held is None:
        return key
    tier = held.rules.tiers.of(key)
    return tier.name if customer.language.startswith("en") else tier.name_zh
