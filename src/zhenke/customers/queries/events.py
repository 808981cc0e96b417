"""What happened to an archive itself: whom it was linked with, for the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.rules.household import other_end
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class LinkMade:
    """One link that stands, from one end; `other` is None for somebody out of sight."""

    row: CustomerLink
    kind: str
    other: Customer | None


def links_made(
    *, viewer: Viewer, customer: Customer, before: tuple[datetime, int] | None = None, size: int = 20
) -> list[LinkMade]:
    """Return the links of a customer by when they were made, with who made them.

    Shape:  at most `size` rows, the newest first, older than `before` (instant and key). Two SQL queries, one for none.
    Sees:   as `household_of`: marketing and auditors nothing; of a person out of sight only the kind.
    """
    if not sight_of(viewer.role).family:
        return []
    first = belonging_to(viewer=viewer, customer=customer, field="first")
    second = belonging_to(viewer=viewer, customer=customer, field="second")
    rows = CustomerLink.objects.filter(first | second, dropped_at=None)
    if before is not None:
        rows = rows.filter(Q(made_at__lt=before[0]) | Q(made_at=before[0], pk__lt=before[1]))
    found = list(rows.select_related("made_by").order_by("-made_at", "-id")[:size])
    others = [row.second_id if row.first_id == customer.pk else row.first_id for row in found]
    seen = visible(viewer=viewer).in_bulk(others) if others else {}
    return [
        LinkMade(row, row.kind if row.first_id == customer.pk else other_end(row.kind), seen.get(other))
        for row, other in zip(found, others, strict=True)
    ]
