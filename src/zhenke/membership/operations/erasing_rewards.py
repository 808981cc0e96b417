"""A customer is forgotten: what she took for points counts on, and nobody stands behind it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from zhenke.membership.models import Coupon, Redemption

# Each column of these tables that points at a customer, and what becomes of its rows.
ERASED = {
    "membership_redemption.customer_id": "unlinked; the reward, the points and the cost stay",
    "membership_coupon.customer_id": "unlinked; what it took off a sale stays",
}


# The cause of a coupon ends with the key of whoever had it.
_NOBODYS = Concat(Value("forgotten:"), Cast("pk", CharField()))


@transaction.atomic
def erase_customer(*, customer_id: int, now: datetime) -> dict[str, int]:
    """Let go of a customer's redemptions and coupons: what still waits for her is called off; return how many.

    Her points have ended by then, or end next: none come back to nobody.

    Writes: Redemption, Coupon.
    Twice:  changes nothing more.
    """
    hers = Redemption.objects.filter(customer=customer_id)
    hers.filter(state=Redemption.State.RESERVED).update(
        state=Redemption.State.CANCELLED, closed_at=now, reason="forgotten"
    )
    coupons = Coupon.objects.filter(customer=customer_id)
    unlinked = coupons.update(customer=None, cause=_NOBODYS)
    return {"coupons": unlinked, "redemptions": hers.update(customer=None, token_hash=None)}
