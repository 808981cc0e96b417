"""A customer is forgotten: what she took for points counts on, and nobody stands behind it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.membership.models import Redemption

# Each column of these tables that points at a customer, and what becomes of its rows.
ERASED = {"membership_redemption.customer_id": "unlinked; the reward, the points and the cost stay"}


@transaction.atomic
def erase_customer(*, customer_id: int, now: datetime) -> dict[str, int]:
    """Let go of a customer's redemptions: what still waits for her is called off; return how many.

    Her points have ended by then, or end next: none come back to nobody.

    Writes: Redemption.
    Twice:  changes nothing more.
    """
    hers = Redemption.objects.filter(customer=customer_id)
    hers.filter(state=Redemption.State.RESERVED).update(
        state=Redemption.State.CANCELLED, closed_at=now, reason="forgotten"
    )
    return {"redemptions": hers.update(customer=None, token_hash=None)}
