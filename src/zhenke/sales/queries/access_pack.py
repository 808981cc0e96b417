"""What the house knows of a customer's purchases, and of what she was given, for her own copy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhenke.customers.models import Customer
from zhenke.sales.models import SaleLine
from zhenke.sales.queries.gifts import gifts_to
from zhenke.staff import SYSTEM

Row = dict[str, Any]


def purchases_told(*, customer: Customer, now: datetime) -> dict[str, list[Row]]:
    """Return a customer's receipts line by line, and her gifts from their day on.

    For whom a piece was, and who gave her one, is about somebody else and left out; so are notes of the staff.

    Shape:  rows of plain values, the oldest first.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy. Gifts as `gifts_to`: none before its day.
    """
    lines = SaleLine.objects.filter(sale__customer=customer).select_related("sale__shop", "style")
    return {
        "purchases": [
            {
                "number": line.sale.number,
                "sold_date": line.sale.sold_date,
                "shop": line.sale.shop.name,
                "kind": line.sale.kind,
                "description": line.description or (line.style.name if line.style else ""),
                "style_no": line.style.style_no if line.style else "",
                "quantity": line.quantity,
                "weight_mg": line.weight_mg,
                "amount_minor": line.amount_minor,
                "currency": line.sale.currency,
                "is_gift": line.is_gift,
            }
            for line in lines.order_by("sale__sold_at", "pk")
        ],
        "gifts": [
            {
                "description": gift.line.description or (gift.line.style.name if gift.line.style else ""),
                "quantity": gift.line.quantity,
                "known_at": gift.at,
            }
            for gift in gifts_to(viewer=SYSTEM, customer=customer, now=now)[::-1]
        ],
    }
