"""A customer is forgotten: what was to be said to her, and that something was, is known no more."""

from __future__ import annotations

from django.db import transaction

from zhenke.messaging.models import Message

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {"messaging_message.customer_id": "deleted, with its attempts"}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Delete the messages to a customer; one that a worker has in hand ends without a trace.

    Writes: deletes Message and its Attempts.
    Twice:  deletes nothing more.
    """
    rows = Message.objects.filter(customer=customer_id)
    gone = rows.count()
    rows.delete()
    return {"messages": gone}
