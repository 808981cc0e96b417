"""A customer is forgotten: her tier goes, how it moved, the rights she was given, and why her receipts earned."""

from __future__ import annotations

from django.db import transaction

from zhenke.membership.models import EarnedLine, Membership, RightUse, TierChange

# Each column of these tables that points at a customer, and what becomes of its rows.
ERASED = {
    "membership_membership.customer_id": "deleted",
    "membership_tierchange.customer_id": "deleted",
    "membership_rightuse.customer_id": "deleted",
}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Delete what tiers and rights know of a customer; return how many rows.

    Called while her receipts still name her: why they earned tells of her birthday and her tier.

    Writes: deletes Membership, TierChange, RightUse, EarnedLine.
    Twice:  deletes nothing more.
    """
    EarnedLine.objects.filter(line__sale__customer=customer_id).delete()
    tables = (Membership, TierChange, RightUse)
    return {"membership": sum(table.objects.filter(customer=customer_id).delete()[0] for table in tables)}
