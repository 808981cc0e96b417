"""What sales give to analytics: receipts and their lines, without words that a person wrote."""

from __future__ import annotations

from zhenke.basics.facts import Column, FactTable
from zhenke.sales.queries.net import NET_SALES

SALES = FactTable(
    name="sales",
    columns=(
        Column("sale_id", "key", "", "The receipt."),
        Column("customer_id", "key", "", "Who bought; empty when nobody was named."),
        Column("shop_id", "key", "", "Where it was sold."),
        Column("advisor_id", "key", "", "Who sold it; empty when unknown."),
        Column("sold_date", "date", "local day of the shop", "When it was sold."),
        Column("kind", "text", "", "sale, return or exchange."),
        Column("currency", "text", "", "Currency of the amounts."),
        Column("amount_minor", "integer", "minor units", "Paid for all lines; negative for a return."),
        Column("cost_minor", "integer", "minor units", "Cost of all lines; empty when any is unknown."),
        Column("line_count", "integer", "lines", "Lines on the receipt."),
        Column("is_gift", "flag", "", "Bought for somebody else."),
        Column("net_minor", "integer", "minor units", "Paid for the receipt's own pieces, less all that came back."),
        Column("net_cost_minor", "integer", "minor units", "Cost of what `net_minor` paid for; empty when unknown."),
        Column("counts", "integer", "0 or 1", "1 when the receipt is a purchase (README.md), else 0."),
    ),
    sql=NET_SALES,
)

SALE_LINES = FactTable(
    name="sale_lines",
    columns=(
        Column("line_id", "key", "", "The line."),
        Column("sale_id", "key", "", "The receipt it stands on."),
        Column("style_id", "key", "", "The style; empty when unknown."),
        Column("category", "text", "", "Category of the style, '' when unknown."),
        Column("metal", "text", "", "Metal of the style, '' when unknown."),
        Column("stone", "text", "", "Stone of the style, '' when none or unknown."),
        Column("quantity", "integer", "pieces", "How many; negative when they came back."),
        Column("weight_mg", "integer", "mg", "Weight of the line."),
        Column("amount_minor", "integer", "minor units", "Paid for the line; negative when it came back."),
        Column("cost_minor", "integer", "minor units", "Cost of the line."),
        Column("is_gift", "flag", "", "Bought for somebody else."),
    ),
    sql=(
        "SELECT l.id AS line_id, l.sale_id, l.style_id, COALESCE(t.category, '') AS category,"
        " COALESCE(t.metal, '') AS metal, COALESCE(t.stone, '') AS stone, l.quantity, l.weight_mg,"
        " l.amount_minor, l.cost_minor, l.is_gift"
        " FROM sales_saleline l LEFT JOIN catalogue_style t ON t.id = l.style_id"
    ),
)

FACTS: tuple[FactTable, ...] = (SALES, SALE_LINES)
