"""What was put on the queue before: the night asks for many at once."""

from __future__ import annotations

from collections.abc import Collection

from zhenke.messaging.models import Message


def known_intents(
    *, cause_kinds: Collection[str], customer_ids: Collection[int]
) -> set[tuple[int | None, str, int, str]]:
    """Return (customer, cause kind, cause, occurrence) of messages that some customers were to be sent, sent or not.

    Shape:  one SQL query; ask for some hundred customers at once.
    Sees:   no viewer: keys in, keys out.
    """
    rows = Message.objects.filter(cause_kind__in=list(cause_kinds), customer_id__in=list(customer_ids)).order_by()
    return set(rows.values_list("customer_id", "cause_kind", "cause_id", "occurrence"))
