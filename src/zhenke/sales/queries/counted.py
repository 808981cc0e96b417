"""What customers paid in a span of days, by gram and otherwise, net of what came back: what tiers are counted from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhenke.basics.bulk import for_column
from zhenke.sales.models import Sale
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


def buyers_since(*, viewer: Viewer, written_since: datetime | None) -> Iterator[int]:
    """Yield the customers of whom a receipt was written since an instant, each once, by key; None means ever.

    Sees:   only the house itself.
    """
    if viewer is not SYSTEM:
        return
    rows: Any = Sale.objects.filter(customer__isnull=False)
    if written_since is not None:
        rows = rows.filter(created_at__gte=written_since)
    yield from rows.order_by("customer_id").values_list("customer_id", flat=True).distinct().iterator(5_000)
