"""A member's tier, how it moved, and the rights she was given, for her own copy."""

from __future__ import annotations

from typing import Any

from zhenke.customers.models import Customer
from zhenke.membership.models import EarnedLine, Membership, RightUse, TierChange

Row = dict[str, Any]


def membership_told(*, customer: Customer) -> dict[str, list[Row]]:
    """Return a customer's tier, its moves, her rights and what her receipts earned; who of the staff is left out.

    Shape:  rows of plain values, the oldest first; empty sections when she is no member.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    figures = ("tier", "joined_date", "since_date", "grace_until_date", "protected_until_date")
    counts = ("gram_minor", "other_minor", "receipts", "window_points")
    uses = RightUse.objects.filter(customer=customer, undone_at=None).order_by("pk")
    earned = EarnedLine.objects.filter(line__sale__customer=customer).order_by("pk")
    return {
        "tier": list(Membership.objects.filter(customer=customer).values(*figures, *counts)),
        "tier_moves": list(
            TierChange.objects.filter(customer=customer)
            .order_by("pk")
            .values("on_date", "from_tier", "to_tier", "reason")
        ),
        "rights_given": [
            {"right": use.right, "shop": use.shop.name, "on_date": use.on_date} for use in uses.select_related("shop")
        ],
        "points_of_receipts": [
            {"sold_date": row.line.sale.sold_date, "number": row.line.sale.number, "points": row.points}
            for row in earned.select_related("line__sale")
        ],
    }
