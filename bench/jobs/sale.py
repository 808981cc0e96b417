"""`record_sale`, one after the other, against the same rows inserted by bare SQL, one transaction per sale."""

from __future__ import annotations

import time
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from bench.measure import Figure, percentile
from bench.places import Size
from zhenke.basics.clock import now
from zhenke.basics.ids import new_id
from zhenke.care.models import Task
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.journeys.record_sale import record_sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff.models import StaffMember

Rows = list[tuple[str, list[str], list[list[Any]]]]


def measure_sales(size: Size, today: date) -> list[Figure]:
    """Record sales of known customers of one shop, with the grade and the follow-ups that they cause."""
    figure = Figure(
        job="record_sale",
        unit="sales/s",
        target="≥ 0.2 × floor, ≥ 50/s on SQLite, p95 ≤ 60 ms",
        target_ratio=0.2,
        target_p95_ms=60,
    )
    advisor = StaffMember.objects.select_related("shop").get(username="advisor0")
    buyers = list(Customer.objects.filter(owner=advisor).values_list("pk", flat=True))
    styles = [one for one in Style.objects.order_by("id")[:200] if one.price_mode == "fixed"]
    chance = Random(11)
    took: list[float] = []
    for position in range(size.rounds + 1):
        count = size.sales if position else 10
        slips = [_slip(chance, buyers, styles, f"{position}-{number}") for number in range(count)]
        spans, began, used = [], time.perf_counter(), time.process_time()
        recorded = []
        for slip in slips:
            started = time.perf_counter()
            recorded.append(record_sale(slip=slip, by=advisor, now=now()).sale.pk)
            spans.append(1000 * (time.perf_counter() - started))
        ours, cpu = count / (time.perf_counter() - began), (time.process_time() - used) / count
        again = [_rows_of(key) for key in recorded]
        began, used = time.perf_counter(), time.process_time()
        for rows in again:
            _insert(rows)
        floor, floor_cpu = count / (time.perf_counter() - began), (time.process_time() - used) / count
        if position:  # the first round only warms up
            figure.ours.append(ours)
            figure.floors.append(floor)
            figure.cpu_ours.append(cpu)
            figure.cpu_floors.append(floor_cpu)
            took += spans
    figure.p95_ms = percentile(took, 0.95)
    tasks = Task.objects.filter(sale__source_key__startswith="till:").count()
    figure.note = f"{tasks / max(1, len(took) + 10):.1f} follow-ups a sale; processor time without the database server"
    return [figure]


def _slip(chance: Random, buyers: list[int], styles: list[Style], key: str) -> SaleSlip:
    lines = tuple(
        LineSlip(
            amount_minor=chance.randrange(50_000, 900_000),
            style_no=chance.choice(styles).style_no,
            cost_minor=30_000,
            tag_minor=1_000_000,
        )
        for _ in range(1 if chance.random() < 0.75 else 2)
    )
    buyer = BuyerSlip(customer_id=chance.choice(buyers))
    return SaleSlip(source_key=f"till:{key}", sold_at=now() - timedelta(minutes=5), lines=lines, buyer=buyer)


def _rows_of(sale: int) -> Rows:
    """Return the rows that a sale wrote, with new keys, as (table, columns, rows)."""
    fresh = new_id()
    found: Rows = []
    with connection.cursor() as cursor:
        for table, where, unlike in (
            ("sales_sale", "id = %s", {"id": fresh, "source_key": f"floor:{fresh}"}),
            ("sales_saleline", "sale_id = %s", {"sale_id": fresh}),
            ("care_task", "sale_id = %s", {"sale_id": fresh}),
        ):
            cursor.execute(f"SELECT * FROM {table} WHERE {where}", [sale])
            columns = [one[0] for one in cursor.description]
            rows = []
            for row in cursor.fetchall():
                named = dict(zip(columns, row, strict=True)) | unlike
                if table != "sales_sale":
                    named["id"] = new_id()
                if "occurrence_key" in named:
                    named["occurrence_key"] = f"floor:{named['id']}"
                rows.append([named[column] for column in columns])
            found.append((table, columns, rows))
        cursor.execute("SELECT customer_id FROM sales_sale WHERE id = %s", [sale])
        customer = cursor.fetchone()[0]
        cursor.execute("SELECT * FROM grading_grade WHERE customer_id = %s", [customer])
        columns = [one[0] for one in cursor.description]
        found.append(("grading_grade", columns, [list(row) for row in cursor.fetchall()]))
    return found


def _insert(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, values in rows:
            if table == "grading_grade":
                names = ", ".join(f"{column} = %s" for column in columns)
                place = columns.index("customer_id")
                cursor.execute(f"UPDATE {table} SET {names} WHERE customer_id = %s", [*values[0], values[0][place]])
            elif values:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
