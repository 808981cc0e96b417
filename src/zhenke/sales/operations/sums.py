"""The sums that a receipt keeps of its lines."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from zhenke.basics.bulk import rows_where
from zhenke.sales.models import Sale, SaleLine

_SALES = Sale._meta.db_table
_LINES = SaleLine._meta.db_table
_BACK = "CASE WHEN l.quantity < 0 OR l.amount_minor < 0 THEN 1 ELSE 0 END"
_SUMS = f"""
    UPDATE {_SALES} SET
      amount_minor = (SELECT COALESCE(SUM(l.amount_minor), 0) FROM {_LINES} l WHERE l.sale_id = {_SALES}.id),
      line_count = (SELECT COUNT(*) FROM {_LINES} l WHERE l.sale_id = {_SALES}.id),
      cost_minor = (SELECT CASE WHEN COUNT(*) = COUNT(l.cost_minor) THEN SUM(l.cost_minor) END
                    FROM {_LINES} l WHERE l.sale_id = {_SALES}.id),
      kind = (SELECT CASE WHEN SUM({_BACK}) = COUNT(*) THEN 'return'
                          WHEN SUM({_BACK}) > 0 THEN 'exchange' ELSE 'sale' END
              FROM {_LINES} l WHERE l.sale_id = {_SALES}.id),
      is_gift = (SELECT COUNT(*) = SUM(CASE WHEN l.is_gift THEN 1 ELSE 0 END)
                 FROM {_LINES} l WHERE l.sale_id = {_SALES}.id)
    WHERE id = %s
"""  # noqa: S608  (names of our own tables)


def remake_sums(*, sale_ids: Collection[int]) -> None:
    """Make the sums, kind and gift flag of receipts those of their lines. Twice: changes nothing."""
    if not sale_ids:
        return
    with connection.cursor() as cursor:
        there = rows_where(
            cursor, vendor=connection.vendor, table=_SALES, columns=("id",), key="id", values=sorted(sale_ids)
        )
        cursor.executemany(_SUMS, there)
