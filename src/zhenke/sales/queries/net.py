"""What is left of sales after everything that came back: one definition, for one customer and for everybody.

The words are in README.md, "Purchase". Lines that came back are few, so they are found by their own small index and
joined to the sales; a sale nobody returned costs nothing. All text here runs unchanged on SQLite and PostgreSQL.
"""

from __future__ import annotations

# One row per sale that returns touch, from both ends: what came back from it (`taken`), and what it brought back
# (`brought`), which is added again here because it is taken off the sale that it was bought in.
_TOUCHED = """
SELECT sale_id, CAST(SUM(amount) AS BIGINT) AS amount,
  CASE WHEN COUNT(cost) = COUNT(*) THEN CAST(SUM(cost) AS BIGINT) END AS cost, SUM(gone) AS gone
FROM (
  SELECT bought.sale_id AS sale_id, SUM(back.amount_minor) AS amount,
    CASE WHEN COUNT(back.cost_minor) = COUNT(*) THEN SUM(back.cost_minor) END AS cost,
    CASE WHEN -SUM(back.quantity) >= bought.quantity THEN 1 ELSE 0 END AS gone
  FROM sales_saleline AS bought JOIN sales_saleline AS back ON back.returned_line_id = bought.id
  WHERE {taken}
  GROUP BY bought.id, bought.sale_id, bought.quantity
  UNION ALL
  SELECT brought.sale_id, -brought.amount_minor, -brought.cost_minor, 1
  FROM sales_saleline AS brought
  WHERE brought.returned_line_id IS NOT NULL AND {brought}
) AS sides GROUP BY sale_id
"""

_NET_SALES = """
SELECT sale.id AS sale_id, sale.customer_id AS customer_id, sale.shop_id AS shop_id, sale.advisor_id AS advisor_id,
  sale.sold_date AS sold_date, sale.kind AS kind, sale.currency AS currency, sale.amount_minor AS amount_minor,
  sale.cost_minor AS cost_minor, sale.line_count AS line_count, sale.is_gift AS is_gift,
  CASE WHEN touched.sale_id IS NULL THEN sale.amount_minor ELSE sale.amount_minor + touched.amount END AS net_minor,
  CASE WHEN touched.sale_id IS NULL THEN sale.cost_minor ELSE sale.cost_minor + touched.cost END AS net_cost_minor,
  CASE WHEN sale.kind = 'return' THEN 0 WHEN touched.sale_id IS NULL THEN 1
    WHEN sale.line_count > touched.gone THEN 1 ELSE 0 END AS counts
FROM sales_sale AS sale LEFT JOIN ({touched}) AS touched ON touched.sale_id = sale.id
"""

_ONE_CUSTOMER = "{line}.sale_id IN (SELECT own.id FROM sales_sale AS own WHERE own.customer_id = %s)"

NET_SALES = _NET_SALES.format(touched=_TOUCHED.format(taken="back.returned_line_id IS NOT NULL", brought="1 = 1"))
"""Every sale with what is left of it; no parameters."""

NET_SALES_OF_CUSTOMER = (
    _NET_SALES.format(
        touched=_TOUCHED.format(taken=_ONE_CUSTOMER.format(line="bought"), brought=_ONE_CUSTOMER.format(line="brought"))
    )
    + " WHERE sale.customer_id = %s"
)
"""The same rows of one customer; the customer's key is the parameter, three times."""
