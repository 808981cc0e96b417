"""What the house sent to a customer, for her own copy."""

from __future__ import annotations

from typing import Any

from zhenke.customers.models import Customer
from zhenke.messaging.models import Message


def messages_told(*, customer: Customer) -> dict[str, list[dict[str, Any]]]:
    """Return each message to a customer: which text, by which channel, when, and what became of it.

    Shape:  rows of plain values, the oldest first; an empty section when nothing was ever queued.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    figures = ("template_key", "channel", "state", "reason", "queued_at", "called_at", "receipt")
    return {"messages": list(Message.objects.filter(customer=customer).order_by("pk").values(*figures))}
