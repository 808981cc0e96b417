"""An import is taken back: who was opened by it and bought nothing else is no member any more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import Q

from zhenke.membership.models import Membership, TierChange
from zhenke.sales.models import Sale

_BATCH = 5_000
_LONG_DUE = date(2000, 1, 1)


def forget_members(*, customer_ids: Collection[int]) -> int:
    """Delete the tiers of some customers, with how they moved; return how many members that were.

    Writes: deletes Membership, TierChange; called inside the transaction of the undo.
    Twice:  0.
    """
    wanted, members = sorted(customer_ids), 0
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        TierChange.objects.filter(customer__in=part).delete()
        members += Membership.objects.filter(pk__in=part).delete()[0]
    return members


def mark_for_review(*, customer_ids: Collection[int] = (), sale_ids: Collection[int] = ()) -> int:
    """Let the next night count some members anew, and the buyers of some receipts; return how many that are.

    A file changes receipts that were counted, and an undo takes them away: nothing else tells the night.

    Writes: Membership (next_review_date).
    Twice:  the same.
    """
    members = _marked(customer_ids, lambda part: Q(pk__in=part))
    bought = Sale.objects.filter(customer__isnull=False)
    return members + _marked(sale_ids, lambda part: Q(pk__in=bought.filter(pk__in=part).values("customer_id")))


def _marked(keys: Collection[int], whose: Callable[[list[int]], Q]) -> int:
    wanted = sorted(set(keys))
    parts = (wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))
    return sum(Membership.objects.filter(whose(part)).update(next_review_date=_LONG_DUE) for part in parts)
