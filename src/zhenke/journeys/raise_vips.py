"""Who spends most becomes a VIP: part of the night, after everybody was graded."""

from __future__ import annotations

from datetime import datetime

from zhenke.customers.operations.importance import raise_by_spend
from zhenke.grading.queries.spending import top_spenders
from zhenke.staff.rules import SYSTEM

BATCH = 500


def raise_vips(*, now: datetime) -> int:
    """Make VIPs of the top 5% of the buyers by what they paid in the window; return how many are new.

    Nobody is lowered, and whose importance somebody set by hand stays as it is.
    Writes: Customer, one audit line a batch. Not one transaction: each batch commits.
    Twice:  0.
    """
    keys = top_spenders(viewer=SYSTEM)
    return sum(
        raise_by_spend(customer_ids=keys[start : start + BATCH], by=SYSTEM, now=now)
        for start in range(0, len(keys), BATCH)
    )
