"""Whether a slip means a customer who is known."""

from __future__ import annotations

from django.db.models import Q

from zhenke.customers.models import Customer
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.merges import standing_key
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.staff import SYSTEM


def is_meant(*, buyer: BuyerSlip, customer: Customer | None) -> bool:
    """Return whether a slip can mean the buyer who was written down: no key on it belongs to somebody else.

    Sees:   the whole house: whose key it is, is not told.
    """
    if customer is None or buyer.is_anonymous:
        return customer is None and buyer.is_anonymous
    if buyer.customer_id is not None:
        return standing_key(buyer.customer_id) == customer.pk
    keys = Q(card_number=buyer.card_number or "") | Q(source_key=buyer.source_key or "")
    return not visible(viewer=SYSTEM).filter(keys).exclude(pk=customer.pk).exists()
