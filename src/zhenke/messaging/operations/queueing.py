"""Puts messages on the queue: the same intent twice is one message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.customers.models import Customer
from zhenke.messaging.models import Message
from zhenke.messaging.queries.templates import kind_of_template
from zhenke.messaging.rules.intents import MessageWrong, checked_intent, source_key, use_until
from zhenke.messaging.rules.templates import Value, kept_fields


def queue_message(
    *,
    customer: Customer,
    purpose: str,
    kind: str,
    template_key: str,
    fields: Mapping[str, Value],
    cause_kind: str,
    cause_id: int,
    now: datetime,
    channel: str | None = None,
    occurrence: str = "",
    not_before: datetime | None = None,
    use_by: datetime | None = None,
) -> Message:
    """Put one message to a customer on the queue and return it. Whether it may go is asked when it goes.

    `channel` None: the first that her consent allows, in her order. `fields` are of `rules.templates.GIVEN_FIELDS`
    (points, balance, expires_on, tier); what the house works out itself (salutation, first_name, shop_name) is put in
    when it goes, and not kept if it is given. `occurrence` tells one coming-round of the same cause from the next.

    Units:  not sent before `not_before`, nor after `use_by` (a week after it falls due, if nobody says).
    Errors: MessageWrong for an intent that cannot be or of another kind than its template; TemplateUnknown; FieldWrong.
    Writes: one Message.
    Twice:  the same cause, customer, channel and occurrence: the message that is there, as it is; nothing is written.
    """
    intent = {"cause_kind": cause_kind, "cause_id": cause_id, "occurrence": occurrence}
    checked_intent(purpose=purpose, kind=kind, channel=channel or "", cause_kind=cause_kind, occurrence=occurrence)
    if kind != kind_of_template(key=template_key):
        raise MessageWrong(field="kind")
    kept, due_at = kept_fields(fields), not_before or now
    until = use_until(use_by=use_by, due_at=due_at)
    # By its columns too: what another archive was sent before the two became one counts for her.
    known = Message.objects.filter(customer_id=customer.pk, asked_channel=channel or "", **intent).first()
    if known is not None:
        return known
    key = source_key(customer_id=customer.pk, channel=channel or "", **intent)  # type: ignore[arg-type]
    said = {"purpose": purpose, "kind": kind, "template_key": template_key, "fields": kept}
    when = {"due_at": due_at, "use_by": until, "queued_at": now}
    row = Message(source_key=key, customer_id=customer.pk, asked_channel=channel or "", **said, **when, **intent)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another wrote the same intent this moment
        return Message.objects.get(source_key=key)
    return row
