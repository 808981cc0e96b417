"""The queue as the worker reads it: what is due, what a customer has had, by which ways a message could go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q

from zhenke.customers.models import Customer
from zhenke.customers.queries import may_contact
from zhenke.customers.queries.reach import contact_kinds_of
from zhenke.messaging.models import Message, TemplateVersion
from zhenke.messaging.queries.templates import template_in_force
from zhenke.messaging.rules.contact_rules import MONTH, WEEK
from zhenke.messaging.rules.gate import Had, Way
from zhenke.messaging.rules.intents import CHANNELS, CONTACT_OF
from zhenke.messaging.rules.templates import HOUSE_FIELDS, fields_in

_STATE = Message.State


def due_messages(*, now: datetime, most: int) -> list[int]:
    """Return the keys of messages that wait and are due, the longest due first.

    Sees:   no viewer: keys, for the worker.
    """
    rows = Message.objects.filter(state=_STATE.QUEUED, due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("pk", flat=True)[:most])


def had_of(*, customer: Customer, now: datetime) -> Had:
    """Return what a customer was sent lately. What may have gone counts like what has gone.

    Sees:   no viewer: counts, for the gate.
    """
    went = Q(state__in=(_STATE.SENT, _STATE.HELD_UNKNOWN)) | Q(state=_STATE.CLAIMED, reason="calling")
    rows = Message.objects.filter(went, customer_id=customer.pk, called_at__gt=now - MONTH)
    told = list(rows.values_list("kind", "channel", "called_at"))
    return Had(
        marketing=sum(kind == "marketing" for kind, _channel, _at in told),
        sms=sum(channel == "sms" and kind in ("marketing", "care") for kind, channel, _at in told),
        care=sum(kind == "care" and at is not None and at > now - WEEK for kind, _channel, at in told),
    )


def ways_of(
    *, message: Message, customer: Customer, language: str, on: Collection[str], today: date
) -> list[tuple[Way, TemplateVersion | None, int | None]]:
    """Return the channels by which a message could go, in the customer's order, each with its text and the key of the
    consent that allows it.

    Shape:  the channel that was asked for alone, else all that go by themselves.
    Sees:   no viewer: for the gate.
    """
    kinds, found = contact_kinds_of(customer=customer), []
    for channel in _order(message.asked_channel, customer.channel):
        verdict = may_contact(customer=customer, purpose=message.purpose, channel=channel, today=today)
        template = template_in_force(key=message.template_key, channel=channel, language=language)
        way = Way(
            channel=channel,
            refusal="" if verdict.may else verdict.why,
            has_contact=CONTACT_OF[channel] in kinds,
            template_lack=_lack(template, message),
            is_on=channel in on,
        )
        found.append((way, template, verdict.said.key if verdict.said else None))
    return found


def _order(asked: str, preferred: str) -> list[str]:
    if asked:
        return [asked]
    return sorted(CHANNELS, key=lambda channel: channel != preferred)


def _lack(template: TemplateVersion | None, message: Message) -> str:
    if template is None:
        return "no_template"
    if template.channel == "sms" and not template.provider_code:
        return "no_provider_code"
    asked = {*fields_in(template.subject), *fields_in(template.words)}
    return "" if asked <= {*HOUSE_FIELDS, *message.fields} else "field_missing"
