"""What a member took for her points, for her own copy."""

from __future__ import annotations

from typing import Any

from zhenke.customers.models import Customer
from zhenke.membership.models import Coupon, Redemption

Row = dict[str, Any]


def rewards_told(*, customer: Customer) -> dict[str, list[Row]]:
    """Return what a customer put aside and took for points, and her coupons; who of the staff is left out.

    Shape:  rows of plain values, the oldest first; may be empty.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    rows = Redemption.objects.filter(customer=customer).select_related("reward", "shop").order_by("pk")
    return {
        "rewards_taken": [
            {
                "reward": row.reward.name_zh,
                "points": row.points,
                "state": row.state,
                "shop": row.shop.name,
                "on_date": row.on_date,
                "until_date": row.until_date,
                "closed_date": row.closed_date,
            }
            for row in rows
        ],
        "coupons": [
            {
                "coupon": row.kind.name_zh,
                "state": row.state,
                "first_date": row.first_date,
                "last_date": row.last_date,
            }
            for row in Coupon.objects.filter(customer=customer).select_related("kind").order_by("pk")
        ],
    }
