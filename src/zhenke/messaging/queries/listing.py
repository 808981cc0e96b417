"""Messages as people look at them: what waits, what went, what was not sent and why, what nobody knows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from zhenke.basics.errors import NotFound
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to, visible
from zhenke.customers.rules.sight import sight_of
from zhenke.messaging.models import Message
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_STATE = Message.State


class MessageUnknown(NotFound):
    """There is no such message, or its customer is not the viewer's to see."""

    code = "message_unknown"
    message = "This message does not exist, or is not yours to see."


def messages(*, viewer: Viewer, state: str = "", before: int | None = None, size: int = 50) -> list[Message]:
    """Return messages to the customers in sight, the newest first, older than the key `before`.

    Shape:  at most `size`, with customer, template and who decided; may be empty.
    Sees:   who may see messages, of these the customers that are visible to the viewer.
    """
    if not viewer.may(May.SEE_MESSAGES):
        return []
    rows = Message.objects.filter(customer__in=visible(viewer=viewer))
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("customer__shop", "template", "decided_by").order_by("-id")[:size])


def message_counts(*, viewer: Viewer) -> dict[str, int]:
    """Return how many messages to customers in sight stand in each state.

    Shape:  one entry per state that has any. One SQL query.
    Sees:   as `messages`.
    """
    if not viewer.may(May.SEE_MESSAGES):
        return {}
    rows = Message.objects.filter(customer__in=visible(viewer=viewer)).order_by()
    return dict(rows.values_list("state").annotate(n=Count("id")))


def message_for(*, viewer: Viewer, id: int) -> Message:
    """Return one message with its customer.

    Errors: MessageUnknown if there is none, or its customer is not within the viewer's sight: the two look the same.
    Sees:   as `messages`.
    """
    found = None
    if viewer.may(May.SEE_MESSAGES) and 0 < id < 2**63:
        rows = Message.objects.filter(pk=id, customer__in=visible(viewer=viewer))
        found = rows.select_related("customer__shop").first()
    if found is None:
        raise MessageUnknown
    return found


def messages_to(
    *, viewer: Viewer, customer: Customer, before: tuple[datetime, int] | None = None, size: int = 20
) -> list[Message]:
    """Return a piece of what went to one customer, or may have gone.

    Shape:  at most `size`, the newest call first, older than `before` (instant and key). One SQL query.
    Sees:   as `visible`, of these the roles that read notes: to marketing and the auditor she is no single person.
    """
    if not sight_of(viewer.role).notes:
        return []
    rows = Message.objects.filter(belonging_to(viewer=viewer, customer=customer), called_at__isnull=False)
    rows = rows.filter(state__in=(_STATE.SENT, _STATE.HELD_UNKNOWN))
    if before is not None:
        at, key = before
        rows = rows.filter(Q(called_at__lt=at) | Q(called_at=at, pk__lt=key))
    return list(rows.order_by("-called_at", "-id")[:size])
