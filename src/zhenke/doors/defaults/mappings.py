"""Mappings that come with the product, by subject and name; a shop's own of the same name goes first."""

from __future__ import annotations

from typing import Any

# The public data set "The Complete Journey" (dunnhumby, CC0): one row per product and basket, dollars. Its numbers are
# printed in their shortest exact form, so 4.0128e+10 is a basket and no ruin.
COMPLETE_JOURNEY: dict[str, Any] = {
    "columns": {
        "sold_at": "transaction_timestamp",
        "number": "basket_id",
        "customer_key": "household_id",
        "style_no": "product_id",
        "quantity": "quantity",
        "amount": "sales_value",
    },
    "options": {"source": "complete-journey", "currency": "USD", "shortest_numbers": True},
}

SHIPPED: dict[tuple[str, str], dict[str, Any]] = {("sales", "complete-journey"): COMPLETE_JOURNEY}
