"""What customers paid in a span of days, by gram and otherwise, net of what came back: what tiers are counted from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from zhenke.basics.bulk import for_column
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer

_BATCH = 400
# A line that came back is taken off the line and the day it was bought, as README.md, "Purchase", says of receipts.
_COUNTED = """
SELECT customer_id, CAST(SUM(CASE WHEN by_gram = 1 THEN net ELSE 0 END) AS BIGINT),
  CAST(SUM(CASE WHEN by_gram = 1 THEN 0 ELSE net END) AS BIGINT),
  COUNT(DISTINCT CASE WHEN kept > 0 AND kind <> 'return' THEN sale_id END),
  MIN(CASE WHEN net <> 0 OR kept > 0 THEN sold_date END)
FROM (
  SELECT sale.customer_id AS customer_id, sale.id AS sale_id, sale.kind AS kind, sale.sold_date AS sold_date,
    CASE WHEN style.price_mode = 'gram' THEN 1 ELSE 0 END AS by_gram,
    line.amount_minor + COALESCE((SELECT SUM(back.amount_minor) FROM sales_saleline AS back
      WHERE back.returned_line_id = line.id), 0) AS net,
    line.quantity + COALESCE((SELECT SUM(back.quantity) FROM sales_saleline AS back
      WHERE back.returned_line_id = line.id), 0) AS kept
  FROM sales_sale AS sale JOIN sales_saleline AS line ON line.sale_id = sale.id
    LEFT JOIN catalogue_style AS style ON style.id = line.style_id
  WHERE sale.customer_id IN ({places}) AND line.returned_line_id IS NULL AND sale.currency = %s
    AND sale.sold_date >= %s AND sale.sold_date <= %s
) AS lines GROUP BY customer_id
"""


@dataclass(frozen=True, slots=True)
class CountedSpend:
    """What one customer paid. Units: minor units; receipts that count; the oldest day on which something counted."""

    gram_minor: int = 0
    other_minor: int = 0
    receipts: int = 0
    first_date: date | None = None


def counted_spend(
    *, viewer: Viewer, customer_ids: Collection[int], currency: str, first: date, last: date
) -> dict[int, CountedSpend]:
    """Return what some customers paid from `first` to `last`, both in, by their keys; who paid nothing is missing.

    Shape:  one SQL query for each 400 customers.
    Sees:   only the house itself: others get nothing.
    """
    if viewer is not SYSTEM:
        return {}
    wanted, found = sorted(customer_ids), dict[int, CountedSpend]()
    days = [for_column(day, vendor=connection.vendor) for day in (first, last)]
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            cursor.execute(_COUNTED.format(places=", ".join(["%s"] * len(part))), [*part, currency, *days])
            for key, gram, other, receipts, oldest in cursor.fetchall():
                found[key] = CountedSpend(int(gram), int(other), int(receipts), _day(oldest))
    return found


def _day(found: date | str | None) -> date | None:
    return date.fromisoformat(found) if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One bought line, net of what came back of it. Units: minor units."""

    customer_id: int
    sale_id: int
    sold_date: date
    net_minor: int
    is_by_gram: bool
    category: str


_BOUGHT = """
SELECT sale.customer_id, sale.id, sale.sold_date,
  line.amount_minor + COALESCE((SELECT SUM(back.amount_minor) FROM sales_saleline AS back
    WHERE back.returned_line_id = line.id), 0),
  CASE WHEN style.price_mode = 'gram' THEN 1 ELSE 0 END, COALESCE(style.category, '')
FROM sales_sale AS sale JOIN sales_saleline AS line ON line.sale_id = sale.id
  LEFT JOIN catalogue_style AS style ON style.id = line.style_id
WHERE sale.customer_id IS NOT NULL AND line.returned_line_id IS NULL AND line.quantity > 0 AND sale.currency = %s
  AND sale.sold_date >= %s AND sale.sold_date <= %s
ORDER BY sale.customer_id, sale.id
"""


def bought_lines_between(*, viewer: Viewer, currency: str, first: date, last: date) -> Iterator[BoughtLine]:
    """Yield what known customers bought from `first` to `last`, both in, a customer's receipts one after the other.

    Shape:  one SQL query, read as it comes.
    Sees:   only the house itself: others get nothing.
    """
    if viewer is not SYSTEM:
        return
    days = [for_column(day, vendor=connection.vendor) for day in (first, last)]
    with connection.cursor() as cursor:
        cursor.execute(_BOUGHT, [currency, *days])
        while rows := cursor.fetchmany(2_000):
            for customer, sale, sold, net, by_gram, category in rows:
                yield BoughtLine(customer, sale, _day(sold) or last, int(net), bool(by_gram), category)
