"""What one customer bought, in the few figures that grading needs."""

from __future__ import annotations

from datetime import date

from django.db import connection

from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.sales.queries.net import NET_SALES_OF_CUSTOMER
from zhenke.sales.rules import WINDOW_MONTHS, PurchaseSummary, window_start
from zhenke.staff.queries import Viewer
from zhenke.staff.rules import SystemViewer

_SUMMARY = f"""
SELECT MAX(CASE WHEN counts = 1 THEN sold_date END), MIN(CASE WHEN counts = 1 THEN sold_date END),
  COALESCE(SUM(CASE WHEN inside = 1 THEN counts ELSE 0 END), 0),
  CAST(COALESCE(SUM(CASE WHEN inside = 1 THEN net_minor ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN inside = 1 AND net_cost_minor IS NOT NULL THEN net_minor ELSE 0 END), 0) AS BIGINT),
  CAST(SUM(CASE WHEN inside = 1 AND net_cost_minor IS NOT NULL THEN net_minor - net_cost_minor END) AS BIGINT),
  COALESCE(SUM(counts), 0), CAST(COALESCE(SUM(net_minor), 0) AS BIGINT), MAX(CASE WHEN counts = 1 THEN sale_id END)
FROM (
  SELECT net.sale_id AS sale_id, net.sold_date AS sold_date, net.counts AS counts, net.net_minor AS net_minor,
    net.net_cost_minor AS net_cost_minor, CASE WHEN net.sold_date >= %s THEN 1 ELSE 0 END AS inside
  FROM ({NET_SALES_OF_CUSTOMER}) AS net WHERE net.sold_date <= %s
) AS dated
"""  # noqa: S608 (no value is put into the text)


def purchase_summary(
    *, viewer: Viewer, customer: Customer, as_of: date, window_months: int = WINDOW_MONTHS
) -> PurchaseSummary:
    """Return what one customer bought until `as_of`, by the definition of README.md, "Purchase".

    Units:  minor units; frequency in receipts that count; the window in months up to and with `as_of`.
    Shape:  one summary; all zero for somebody who never bought. One SQL query (two for a person).
    Sees:   viewers who may see the customer; to all others it is as if she never bought.
    """
    if not isinstance(viewer, SystemViewer) and not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return PurchaseSummary()
    keys = (customer.pk,) * 3
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, [window_start(as_of, window_months), *keys, as_of])
        row = cursor.fetchone()
    return PurchaseSummary(
        last_bought_date=_day(row[0]),
        first_bought_date=_day(row[1]),
        frequency=int(row[2]),
        amount_minor=row[3],
        cost_known_amount_minor=row[4],
        margin_minor=row[5],
        lifetime_frequency=int(row[6]),
        lifetime_minor=row[7],
        only_sale_id=row[8] if int(row[6]) == 1 else None,
    )


def _day(found: date | str | None) -> date | None:
    # SQLite keeps days as text and an aggregate gives them back as text.
    return date.fromisoformat(found) if isinstance(found, str) else found
