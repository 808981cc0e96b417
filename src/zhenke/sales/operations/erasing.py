"""A customer is forgotten: the books keep their receipts as figures, and nobody stands behind them."""

from __future__ import annotations

from django.db import transaction

from zhenke.sales.models import Sale, SaleLine

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {
    "sales_sale.customer_id": "unlinked; figures, pieces and day stay ten years, the note goes",
    "sales_saleline.gift_for_id": "unlinked, with the day of the secret",
}


@transaction.atomic
def erase_customer(*, customer_id: int) -> dict[str, int]:
    """Take the customer off her receipts and off what others gave her; return how many of each.

    Writes: Sale (customer, note, prompted_by), SaleLine (gift_for, secret_until_date). No figure changes.
    Twice:  changes nothing more.
    """
    Sale.objects.filter(prompted_by__customer=customer_id).update(prompted_by=None)
    receipts = Sale.objects.filter(customer=customer_id).update(customer=None, note="")
    gifts = SaleLine.objects.filter(gift_for=customer_id).update(gift_for=None, secret_until_date=None)
    return {"receipts": receipts, "gifts": gifts}
