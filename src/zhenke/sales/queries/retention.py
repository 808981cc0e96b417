"""Who of some customers stands in the books."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from zhenke.sales.models import Sale, SaleLine


def buyers_among(*, customer_ids: Collection[int], since: datetime | None = None) -> set[int]:
    """Return who of some customers bought or was given something, ever or since a moment.

    Shape:  keys; may be empty. Two SQL queries.
    Sees:   no viewer: keys, for the night's own work.
    """
    when = Q(sold_at__gte=since) if since else Q()
    bought = Sale.objects.filter(when, customer__in=customer_ids).values_list("customer_id", flat=True)
    given = SaleLine.objects.filter(gift_for__in=customer_ids)
    if since:
        given = given.filter(sale__sold_at__gte=since)
    return {key for key in (*bought, *given.values_list("gift_for_id", flat=True)) if key is not None}
