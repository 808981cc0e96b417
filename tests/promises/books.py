"""What the database holds after an import, read over plain SQL so that any process's database can be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.promises.till_files import Line, TillFile, as_lines

Read = Callable[[str], list[tuple[Any, ...]]]
_LINES = """
    SELECT s.number, s.sold_date, COALESCE(c.card_number, ''), t.style_no, l.quantity, l.weight_mg, l.tag_minor,
           l.amount_minor, l.cost_minor, l.is_gift
    FROM sales_saleline l JOIN sales_sale s ON s.id = l.sale_id LEFT JOIN customers_customer c ON c.id = s.customer_id
    JOIN catalogue_style t ON t.id = l.style_id
"""
_SUMS = """
    SELECT s.number FROM sales_sale s
    JOIN (SELECT sale_id, SUM(amount_minor) AS amount, COUNT(*) AS lines FROM sales_saleline GROUP BY sale_id) l
      ON l.sale_id = s.id
    WHERE s.amount_minor <> l.amount OR s.line_count <> l.lines
"""
_EMPTY = "SELECT number FROM sales_sale WHERE id NOT IN (SELECT sale_id FROM sales_saleline)"
_RUN = "SELECT rows_in, created, updated, unchanged, rejected, state FROM customers_importrun ORDER BY id DESC"
_REJECTS = """
    SELECT r.row, r.column, r.code FROM customers_importreject r
    WHERE r.run_id = (SELECT MAX(id) FROM customers_importrun)
"""
TABLES = (
    "sales_saleline",
    "sales_sale",
    "customers_customer",
    "customers_contactpoint",
    "customers_searchterm",
    "customers_customertag",
    "catalogue_style",
)


@dataclass(frozen=True)
class Figures:
    """What the last run counted."""

    rows_in: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    state: str


def last_run(read: Read) -> Figures:
    """Return what the last run counted."""
    return Figures(*read(_RUN)[0])


def lines_of(read: Read) -> Counter[Line]:
    """Return the lines of the books, with how often each is there."""
    return Counter(
        (number, str(day)[:10], card, style, quantity, weight, tag, amount, cost, bool(is_gift))
        for number, day, card, style, quantity, weight, tag, amount, cost, is_gift in read(_LINES)
    )


def broken_promises(read: Read, file: TillFile, *, rows: list[Any] | None = None, is_new: bool) -> list[str]:
    """Return in words what is not as promised after the last run, which took in `file`.

    `rows` are the rows that the books must hold (the file's good ones if not given); `is_new` says that nothing of the
    file was there before.
    """
    figures = last_run(read)
    wanted = as_lines(file.good if rows is None else rows)
    found = lines_of(read)
    wrong = []
    if figures.state != "done":
        wrong.append(f"the run is {figures.state}")
    if figures.rows_in != len(file.rows):
        wrong.append(f"{figures.rows_in} rows in, {len(file.rows)} rows of the file")
    if figures.rows_in != figures.created + figures.updated + figures.unchanged + figures.rejected:
        wrong.append(f"the counts do not make all rows: {figures}")
    good = len(file.rows) - len(file.wrong)
    told = (figures.created, figures.updated, figures.unchanged)
    if told != ((good, 0, 0) if is_new else (0, 0, good)):
        wrong.append(f"created, updated, unchanged are {told}, good rows {good}, new: {is_new}")
    refused = {row: (column, code) for row, column, code in read(_REJECTS)}
    if refused != file.wrong or len(refused) != figures.rejected:
        odd = [(row, refused.get(row), file.wrong.get(row)) for row in {*refused, *file.wrong}]
        wrong.append(f"refused otherwise: {[one for one in odd if one[1] != one[2]][:5]}")
    if found != wanted:
        wrong.append(
            f"lines missing: {list((wanted - found).items())[:3]}, too many: {list((found - wanted).items())[:3]}"
        )
    wrong += [f"the sums of receipt {number} are not those of its lines" for (number,) in read(_SUMS)[:3]]
    wrong += [f"receipt {number} has no lines" for (number,) in read(_EMPTY)[:3]]
    return wrong


def everything(read: Read) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that an import writes."""
    return {table: sorted(read(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
