"""The movements of a customer's points as part of her timeline."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import PointsEntry, PointsLeg
from zhenke.membership.rules.ledger import HERS
from zhenke.staff.models import Viewer

Kind = PointsEntry.Kind
TOLD = (Kind.EARN, Kind.SPEND, Kind.CANCEL, Kind.REVERSE, Kind.EXPIRE, Kind.ADJUST)
"""What happened to her. Moves between her own places, merges and checks are the ledger's."""


def points_moves(
    *, viewer: Viewer, customer: Customer, before: tuple[datetime, int] | None = None, size: int = 20
) -> list[tuple[PointsEntry, int]]:
    """Return a piece of the movements of one customer's points, each with how many came (above nothing) or went.

    Shape:  at most `size`, the newest first, older than `before` (instant and key). Two SQL queries.
    Sees:   as `customers.queries.visible`; marketing, which is shown bands of many, nothing of one person.
    """
    if not sight_of(viewer.role).points:
        return []
    own = belonging_to(viewer=viewer, customer=customer, field="account__customer")
    legs = PointsLeg.objects.filter(own, account__kind__in=HERS, entry__kind__in=TOLD)
    if before is not None:
        at, key = before
        legs = legs.filter(Q(entry__at__lt=at) | Q(entry__at=at, entry__lt=key))
    sums = legs.values("entry").annotate(moved=Sum("points"), at=F("entry__at")).order_by("-at", "-entry")[:size]
    moved = {row["entry"]: int(row["moved"]) for row in sums}
    entries = PointsEntry.objects.select_related("by").in_bulk(list(moved))
    return [(entries[key], points) for key, points in moved.items()]
