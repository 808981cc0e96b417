"""Take in many lines of receipts at once, set-based: what is there, what is new, what changed, and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.db import connection

from zhenke.basics.bulk import for_column, insert_rows, update_rows
from zhenke.basics.ids import new_ids
from zhenke.customers.rules.intake import Written
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.operations.sums import remake_sums
from zhenke.sales.queries.known import known_receipts
from zhenke.sales.rules.loading import LoadLine
from zhenke.sales.rules.rows import HEAD_FIELDS, LINE_FIELDS, Column, Receipt, SaleRows

_SALES = Sale._meta.db_table
_LINES = SaleLine._meta.db_table
_SALE_COLUMNS = (
    "id", "source_key", "number", "kind", "customer_id", "shop_id", "advisor_id", "sold_at", "sold_date", "currency",
    "amount_minor", "cost_minor", "line_count", "is_gift", "note", "created_at",
)  # fmt: skip


@dataclass(slots=True)
class LoadedRows:
    """What became of the rows, by place in the batch."""

    outcomes: list[str]
    _changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    _moved: dict[int, dict[str, Any]] = field(default_factory=dict)
    _grown: set[int] = field(default_factory=set)


def load_rows(
    *,
    rows: SaleRows,
    receipts: Mapping[str, Receipt],
    currency: str,
    now: datetime,
    written: Written,
    writes: bool = True,
) -> list[str]:
    """Take in a batch of rows; called inside the batch's transaction.

    A line is the one with its `line_key` on the receipt with its `sale_key`; `receipts` are those of the batch that the
    books have (`known_receipts`).

    Units:  amounts may be negative (pieces that came back in the file's own books).
    Shape:  by place: "created", "updated" or "unchanged". With `writes` False (dry run) nothing is written.
    Writes: Sale, SaleLine; sums of the touched receipts; what undo needs goes into `written`.
    Twice:  the same rows are "unchanged".
    """
    loaded = LoadedRows(["created"] * len(rows))
    keys = rows["sale_key"]
    fresh: list[int] | range = range(len(rows))
    added: list[tuple[int, int]] = []
    if receipts:
        fresh = [place for place, key in enumerate(keys) if key not in receipts]
        there = [place for place, key in enumerate(keys) if key in receipts]
        added = _compared(loaded, rows, receipts, there, written)
    if writes:
        _write_new(rows if len(fresh) == len(rows) else rows.only(list(fresh)), currency, now, written)
        _write_added(rows, added, written)
        _write_changes(loaded)
    return loaded.outcomes


def load_lines(*, lines: Sequence[LoadLine], now: datetime, written: Written, writes: bool = True) -> dict[int, str]:
    """Take in lines that come one by one, of one currency; as `load_rows`, the outcomes by row number."""
    if not lines:
        return {}
    columns: dict[str, Column] = dict(zip(LoadLine._fields, map(list, zip(*lines, strict=True)), strict=True))
    columns["sold_at"] = [moment.astimezone(UTC).replace(tzinfo=None) for moment in columns["sold_at"]]
    rows = SaleRows(columns)
    receipts = known_receipts(sale_keys=set(columns["sale_key"]))
    outcomes = load_rows(
        rows=rows, receipts=receipts, currency=lines[0].currency, now=now, written=written, writes=writes
    )
    return dict(zip(columns["row"], outcomes, strict=True))


def _compared(
    loaded: LoadedRows, rows: SaleRows, receipts: Mapping[str, Receipt], there: Sequence[int], written: Written
) -> list[tuple[int, int]]:
    """Compare rows with the receipts that are there; return the lines to be added to them as (place, sale)."""
    keys, line_keys = rows["sale_key"], rows["line_key"]
    lines = list(zip(*(rows[name] for name in LINE_FIELDS), strict=True))
    heads = list(zip(*(rows[name] for name in HEAD_FIELDS), strict=True))
    added = []
    for place in there:
        receipt = receipts[keys[place]]
        known = receipt.lines.get(line_keys[place])
        moved = _head_changes(receipt, heads[place])
        if moved:
            written.add_change(_SALES, receipt.id, {name: receipt.head[name] for name in moved}, moved)
            receipt.head.update(moved)
            loaded._moved.setdefault(receipt.id, {}).update(moved)
        if known is None:
            receipt.lines[line_keys[place]] = (0, lines[place])
            added.append((place, receipt.id))
            loaded._grown.add(receipt.id)
            continue
        key, was = known
        if was != lines[place] and key:
            old, new = dict(zip(LINE_FIELDS, was, strict=True)), dict(zip(LINE_FIELDS, lines[place], strict=True))
            differs = {name: value for name, value in new.items() if old[name] != value}
            written.add_change(_LINES, key, {name: old[name] for name in differs}, differs)
            loaded._changed.setdefault(key, {}).update(differs)
            loaded._grown.add(receipt.id)
            receipt.lines[line_keys[place]] = (key, lines[place])
            loaded.outcomes[place] = "updated"
        else:
            loaded.outcomes[place] = "updated" if moved else "unchanged"
    return added


def _head_changes(receipt: Receipt, head: tuple[int | None, ...]) -> dict[str, Any]:
    """A later file may name the buyer, shop or advisor that an earlier one got wrong; it never takes one away."""
    if tuple(receipt.head.values()) == head:
        return {}
    wanted = dict(zip(HEAD_FIELDS, head, strict=True))
    return {name: value for name, value in wanted.items() if value is not None and receipt.head[name] != value}


def _write_new(rows: SaleRows, currency: str, now: datetime, written: Written) -> None:
    """Write the receipts that are new, with their lines."""
    count = len(rows)
    if not count:
        return
    keys = rows["sale_key"]
    first = dict(zip(reversed(keys), reversed(range(count)), strict=True))
    order = dict.fromkeys(keys)
    ids = new_ids(len(order))
    sale_of = dict(zip(order, ids, strict=True))
    sales = list(map(sale_of.__getitem__, keys))
    named = first
    if None in rows["customer_id"]:
        told = [place for place in range(count - 1, -1, -1) if rows["customer_id"][place] is not None]
        named = {**first, **{keys[place]: place for place in told}}
    at = [first[key] for key in order]
    buyers = [rows["customer_id"][named[key]] for key in order]
    sums = _sums(sales, rows)
    _insert(_SALES, _SALE_COLUMNS, _heads(rows, at, list(ids), list(order), buyers, sums, currency, now))
    written.add_keys(_SALES, ids)
    _insert_lines(sales, rows, range(count), written)


def _heads(
    rows: SaleRows,
    at: list[int],
    ids: list[int],
    keys: list[str],
    buyers: Column,
    sums: dict[int, list[Any]],
    currency: str,
    now: datetime,
) -> Any:
    """Return the rows of the receipts, in the order of `_SALE_COLUMNS`."""
    vendor, count = connection.vendor, len(ids)
    of = itemgetter(*at) if count > 1 else lambda column: (column[at[0]],)
    totals = [sums[sale] for sale in ids]
    moments: Any = of(rows["sold_at"])
    days: Any = of(rows["sold_date"])
    if vendor == "sqlite":
        moments, days = map(str, moments), map(str, days)
    else:
        moments = [moment.replace(tzinfo=UTC) for moment in moments]
    kinds = ["return" if back == lines else "exchange" if back else "sale" for _, _, lines, back, _ in totals]
    return zip(
        ids, keys, of(rows["number"]), kinds, buyers, of(rows["shop_id"]), of(rows["advisor_id"]), moments, days,
        [currency] * count, [total[0] for total in totals], [total[1] for total in totals],
        [total[2] for total in totals], [total[4] for total in totals], of(rows["note"]),
        [for_column(now, vendor=vendor)] * count, strict=True,
    )  # fmt: skip


def _sums(sales: list[int], rows: SaleRows) -> dict[int, list[Any]]:
    """Return by receipt: amount, cost (None when any is unknown), lines, lines that came back, all gifts or not."""
    sums: dict[int, list[Any]] = {}
    columns = zip(sales, rows["amount_minor"], rows["cost_minor"], rows["quantity"], rows["is_gift"], strict=True)
    for sale, amount, cost, quantity, is_gift in columns:
        total = sums.get(sale)
        if total is None:
            sums[sale] = [amount, cost, 1, int(quantity < 0 or amount < 0), is_gift]
            continue
        total[0] += amount
        total[1] = None if cost is None or total[1] is None else total[1] + cost
        total[2] += 1
        total[3] += quantity < 0 or amount < 0
        total[4] = total[4] and is_gift
    return sums


def _write_added(rows: SaleRows, added: list[tuple[int, int]], written: Written) -> None:
    """Write new lines of receipts that were there."""
    if added:
        places = [place for place, _ in added]
        _insert_lines([sale for _, sale in added], rows.only(places), range(len(places)), written)


def _insert_lines(sales: list[int], rows: SaleRows, places: range, written: Written) -> None:
    keys = new_ids(len(places))
    values = zip(keys, sales, rows["line_key"], *(rows[name] for name in LINE_FIELDS), strict=True)
    _insert(_LINES, ("id", "sale_id", "line_key", *LINE_FIELDS), values)
    written.add_keys(_LINES, keys)


def _write_changes(loaded: LoadedRows) -> None:
    """Change lines and heads that a file corrects, and make the sums of the touched receipts anew."""
    with connection.cursor() as cursor:
        for table, changes in ((_LINES, loaded._changed), (_SALES, loaded._moved)):
            by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
            for key, differs in changes.items():
                by_columns.setdefault(tuple(differs), []).append((*differs.values(), key))
            for columns, values in by_columns.items():
                update_rows(cursor, table=table, columns=columns, rows=values)
    remake_sums(sale_ids=sorted(loaded._grown))


def _insert(table: str, columns: tuple[str, ...], values: Any) -> None:
    with connection.cursor() as cursor:
        insert_rows(cursor, vendor=connection.vendor, table=table, columns=columns, rows=values)
