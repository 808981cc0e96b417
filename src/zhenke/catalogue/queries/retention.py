"""Who of some customers owns or wears a piece that the house knows."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from zhenke.catalogue.models import Piece


def owners_among(*, customer_ids: Collection[int]) -> set[int]:
    """Return who of some customers owns a piece, or has one that another bought for her.

    Shape:  keys; may be empty. One SQL query.
    Sees:   no viewer: keys, for the night's own work.
    """
    rows = Piece.objects.filter(Q(customer__in=customer_ids) | Q(wearer__in=customer_ids))
    pairs = rows.values_list("customer_id", "wearer_id")
    return {key for pair in pairs for key in pair if key is not None} & set(customer_ids)
