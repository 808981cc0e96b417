"""What was promised to a customer by hand, as part of her timeline."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from zhenke.care.models import Task
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer


def promises_to(
    *,
    viewer: Viewer,
    customer: Customer,
    before: tuple[datetime, int] | None = None,
    size: int = 20,
    words: str = "",
) -> list[Task]:
    """Return the follow-ups that somebody planned by hand, by when they were planned, with who did.

    What a plan of care asks for is no promise: it stands among the follow-ups, and on the timeline when it is done.
    What was agreed at a visit (`journeys/record_visit.py`) stands with the visit.

    Shape:  at most `size` rows, the newest first, older than `before` (instant and key). One SQL query.
    Sees:   as `tasks_of`, with their words: nobody who sees no notes.
    """
    if not sight_of(viewer.role).notes:
        return []
    rows = Task.objects.filter(belonging_to(viewer=viewer, customer=customer), step="by_hand")
    rows = rows.exclude(occurrence_key__contains=":visit:")
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(reason__note__icontains=word)
    if before is not None:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], pk__lt=before[1]))
    return list(rows.select_related("created_by").order_by("-created_at", "-id")[:size])
