"""Reads of the sales room."""

from zhenke.sales.queries.board import (
    PRICE_EDGES_MINOR,
    Buyers,
    CategorySlice,
    PriceBand,
    Slice,
    TopCustomer,
    new_and_returning,
    price_bands,
    sales_by_advisor,
    sales_by_category,
    sales_by_month,
    sales_by_shop,
    sales_by_week,
    top_customers,
)
from zhenke.sales.queries.counter import (
    bought_lines_of,
    bought_sale,
    counter_of,
    is_wholly_back,
    lines_back,
    sales_of_lines,
)
from zhenke.sales.queries.gifts import Gift, gifts_to, keepers_of_secrets, recipients_of, with_recipients
from zhenke.sales.queries.receipts import (
    is_key_used,
    receipts_with_number,
    receipts_within,
    sale_for,
    sale_with_key,
    sales_of,
)
from zhenke.sales.queries.sold import lines_of, pieces_back, pieces_on_lines, pieces_sold, quantities_of
from zhenke.sales.queries.summary import purchase_summary
from zhenke.sales.queries.totals import totals_of

__all__ = [
    "PRICE_EDGES_MINOR",
    "Buyers",
    "CategorySlice",
    "Gift",
    "PriceBand",
    "Slice",
    "TopCustomer",
    "bought_lines_of",
    "bought_sale",
    "counter_of",
    "gifts_to",
    "is_key_used",
    "is_wholly_back",
    "keepers_of_secrets",
    "lines_back",
    "lines_of",
    "new_and_returning",
    "pieces_back",
    "pieces_on_lines",
    "pieces_sold",
    "price_bands",
    "purchase_summary",
    "quantities_of",
    "receipts_with_number",
    "receipts_within",
    "recipients_of",
    "sale_for",
    "sale_with_key",
    "sales_by_advisor",
    "sales_by_category",
    "sales_by_month",
    "sales_by_shop",
    "sales_by_week",
    "sales_of",
    "sales_of_lines",
    "top_customers",
    "totals_of",
    "with_recipients",
]
