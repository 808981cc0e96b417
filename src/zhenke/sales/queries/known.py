"""Receipts that the books already have, as an import compares them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from zhenke.basics.bulk import rows_where
from zhenke.basics.images import KeyRanges
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.rules.rows import HEAD_FIELDS, LINE_FIELDS, Receipt


def known_receipts(*, sale_keys: Iterable[str]) -> dict[str, Receipt]:
    """Return the receipts with these keys and all their lines.

    Shape:  by key; two SQL statements, one when there are none.
    Sees:   everything; the caller refuses what is outside the importing person's shops.
    """
    vendor = connection.vendor
    with connection.cursor() as cursor:
        heads = rows_where(
            cursor,
            vendor=vendor,
            table=Sale._meta.db_table,
            columns=("source_key", "id", *HEAD_FIELDS),
            key="source_key",
            values=sale_keys,
        )
        receipts = {key: Receipt(sale, dict(zip(HEAD_FIELDS, head, strict=True)), {}) for key, sale, *head in heads}
        if not receipts:
            return receipts
        by_id = {receipt.id: receipt.lines for receipt in receipts.values()}
        lines = rows_where(
            cursor,
            vendor=vendor,
            table=SaleLine._meta.db_table,
            columns=("sale_id", "line_key", "id", *LINE_FIELDS),
            key="sale_id",
            values=by_id,
        )
    for sale, key, line, *values in lines:
        by_id[sale][key] = (line, tuple(values))
    return receipts


def styles_on_lines(*, style_ids: Collection[int]) -> set[int]:
    """Return those of the styles that some line names."""
    return set(SaleLine.objects.filter(style__in=style_ids).values_list("style_id", flat=True).distinct())


def receipts_of_lines(*, line_ids: Iterable[int]) -> set[int]:
    """Return the keys of the receipts that these lines stand on."""
    with connection.cursor() as cursor:
        rows = rows_where(
            cursor,
            vendor=connection.vendor,
            table=SaleLine._meta.db_table,
            columns=("sale_id",),
            key="id",
            values=line_ids,
        )
    return {sale for (sale,) in rows}


def touched_receipts(*, sale_ids: Collection[int], lines: KeyRanges, later: Collection[int]) -> dict[int, str]:
    """Return why receipts that a run made must stay: a return points at one, a later import wrote on it,
    or somebody said whom it is a gift for.

    `lines` are the lines that the run made, `later` the receipts that a later import changed.

    Shape:  by key; those that nothing touched are absent.
    """
    vendor = connection.vendor
    sales, own = Sale._meta.db_table, SaleLine._meta.db_table
    reasons = {key: "later_import" for key in sale_ids if key in later}
    with connection.cursor() as cursor:
        there = rows_where(cursor, vendor=vendor, table=own, columns=("id", "sale_id"), key="sale_id", values=sale_ids)
        reasons |= {sale: "later_import" for line, sale in there if line not in lines}
        of_line = dict(there)
        back = rows_where(
            cursor, vendor=vendor, table=own, columns=("returned_line_id",), key="returned_line_id", values=of_line
        )
        reasons |= {of_line[line]: "returned" for (line,) in back}
        returned = rows_where(
            cursor, vendor=vendor, table=sales, columns=("returns_id",), key="returns_id", values=sale_ids
        )
        reasons |= {sale: "returned" for (sale,) in returned}
        given = rows_where(
            cursor, vendor=vendor, table=own, columns=("sale_id", "gift_for_id"), key="sale_id", values=sale_ids
        )
        reasons |= {sale: "edited" for sale, recipient in given if recipient is not None}
    return reasons


def buyers_with_receipts(*, customer_ids: Collection[int]) -> set[int]:
    """Return those of the customers who have any receipt, or were given a piece on somebody else's."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for table, column in ((Sale._meta.db_table, "customer_id"), (SaleLine._meta.db_table, "gift_for_id")):
            rows = rows_where(
                cursor, vendor=connection.vendor, table=table, columns=(column,), key=column, values=customer_ids
            )
            found |= {customer for (customer,) in rows}
    return found
