"""Undo what an import wrote into the books: put changed lines and receipts back, remove those it made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from zhenke.basics.bulk import delete_where, rows_where
from zhenke.basics.images import KeyRanges, put_back
from zhenke.customers.rules.undoing import KeptRow, UndoneImport
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.operations.sums import remake_sums

_SALES = Sale._meta.db_table
_LINES = SaleLine._meta.db_table


def undo_rows(
    *,
    created: Mapping[str, KeyRanges],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    spared: Mapping[int, str],
    later_lines: Collection[int],
) -> UndoneImport:
    """Undo one batch of a sales import; called inside its transaction.

    `spared` are receipts that must stay whole, with the reason (`touched_receipts` and what other rooms know);
    `later_lines` are lines that a later import changed.

    Writes: Sale, SaleLine are put back or deleted; the sums of receipts that lost or changed lines.
    Twice:  the caller undoes a batch once.
    """
    done = UndoneImport()
    vendor = connection.vendor
    grown: set[int] = set()
    with connection.cursor() as cursor:
        for table, kind in ((_LINES, "line"), (_SALES, "sale")):
            restored, touched = put_back(
                cursor, vendor=vendor, table=table, before=before.get(table, {}), after=after.get(table, {})
            )
            done.restored += restored
            done.kept += [KeptRow(kind, key, "edited") for key in touched]
        changed = [int(key) for key in after.get(_LINES, {})]
        grown |= {
            sale
            for (sale,) in rows_where(
                cursor, vendor=vendor, table=_LINES, columns=("sale_id",), key="id", values=changed
            )
        }
        done.add(_remove_lines(cursor, created, spared, later_lines, grown))
        done.add(_remove_sales(cursor, created, spared))
    remake_sums(sale_ids=grown)
    return done


def _remove_lines(
    cursor: Any,
    created: Mapping[str, KeyRanges],
    spared: Mapping[int, str],
    later_lines: Collection[int],
    grown: set[int],
) -> UndoneImport:
    done = UndoneImport()
    vendor = connection.vendor
    for part in created.get(_LINES, KeyRanges(())).parts():
        owners = dict(rows_where(cursor, vendor=vendor, table=_LINES, columns=("id", "sale_id"), key="id", values=part))
        back = rows_where(
            cursor, vendor=vendor, table=_LINES, columns=("returned_line_id",), key="returned_line_id", values=part
        )
        stay = {key: "returned" for (key,) in back} | {key: "later_import" for key in part if key in later_lines}
        keys = [key for key, sale in owners.items() if sale not in spared and key not in stay]
        done.removed["line"] = done.removed.get("line", 0) + delete_where(
            cursor, vendor=vendor, table=_LINES, key="id", values=keys
        )
        done.kept += [KeptRow("line", key, reason) for key, reason in stay.items() if key in owners]
        grown |= {owners[key] for key in keys}
    return done


def _remove_sales(cursor: Any, created: Mapping[str, KeyRanges], spared: Mapping[int, str]) -> UndoneImport:
    done = UndoneImport()
    vendor = connection.vendor
    for part in created.get(_SALES, KeyRanges(())).parts():
        keys = [key for key in part if key not in spared]
        done.removed["sale"] = done.removed.get("sale", 0) + delete_where(
            cursor, vendor=vendor, table=_SALES, key="id", values=keys
        )
        done.kept += [KeptRow("sale", key, spared[key]) for key in part if key in spared]
    return done
