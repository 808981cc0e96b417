"""Who has something that only people give: an import that opened their archive is not taken back from under it."""

from __future__ import annotations

from collections.abc import Collection

from zhenke.membership.models import PointsAccount, RightUse

_BATCH = 5_000


def served_as_members(*, customer_ids: Collection[int]) -> set[int]:
    """Return which of some customers were given a right, or ever had points.

    Sees:   no viewer: keys in, keys out.
    """
    wanted, found = sorted(customer_ids), set[int]()
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        found |= set(RightUse.objects.filter(customer__in=part).values_list("customer_id", flat=True))
        found |= set(PointsAccount.objects.filter(customer__in=part).values_list("customer_id", flat=True))
    return found
