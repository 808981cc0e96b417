"""A member turns points into a reward: it is put aside for her and her points are spent, both or neither."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.customers.models import Customer
from zhenke.membership.operations.redeeming import Reserved, reserve_reward
from zhenke.sales.operations import hold_key
from zhenke.staff.models import Shop, Viewer


@transaction.atomic
def redeem_reward(
    *, customer: Customer, reward: int, cause: str, shop: Shop | None = None, by: Viewer, now: datetime
) -> Reserved:
    """Put a reward aside for a customer in the caller's sight, and spend its points; return it with its code.

    1. A sale or a merge of hers at the same moment waits. 2. The reward is taken from its stock. 3. The points are
    spent, the lot that ends soonest first. The code is told this once.

    Errors: those of `reserve_reward`; nothing is written then.
    Writes: Redemption; an entry of the ledger; one audit line.
    Twice:  the same cause: the first one, without its code.
    """
    hold_key(f"customer:{customer.pk}")
    return reserve_reward(customer=customer, reward=reward, cause=cause, shop=shop, by=by, now=now)
