"""Sales files taken in whole, against: the same rows as a staged upsert; a workbook against calamine alone."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from django.db import connection, transaction

from bench.jobs.regrade import watched
from bench.measure import Figure
from bench.places import Size, bench_home
from zhenke.basics.bulk import insert_rows
from zhenke.basics.clock import now
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import start_run
from zhenke.doors.commands.start import open_installation
from zhenke.doors.demo.bench import bench_customers, bench_lines
from zhenke.doors.demo.lives import customer_no
from zhenke.doors.imports import choose_mapping, run_import
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop
from zhenke.staff.operations import add_shop, add_staff
from zhenke.staff.rules import Role

SHOPS = 1  # shops that both sizes have
HEADINGS = (
    "销售单号", "日期", "时间", "门店", "会员卡号", "会员姓名", "手机号码", "款号", "数量", "应收金额",
    "实收金额", "导购",
)  # fmt: skip
_WRITTEN = (
    "catalogue_style", "customers_customer", "customers_contactpoint", "customers_searchterm", "sales_sale",
    "sales_saleline",
)  # fmt: skip
_KEPT = "receipt, line, at, shop, card, name, phone, style, quantity, tag, paid, advisor"


def measure_imports(size: Size, today: date) -> list[Figure]:
    """Take in a CSV of receipts, and a workbook, each into a shop that knows nobody."""
    shop = _open(size)
    folder = bench_home() / f"files-{size.name}-{today.isoformat()}"
    folder.mkdir(parents=True, exist_ok=True)
    text = _made(folder / "sales.csv", lambda path: _write_csv(path, _rows(size.file_rows, today)))
    book = _made(folder / "sales.xlsx", lambda path: _write_book(path, _rows(size.workbook_rows, today)))
    figures = [_csv(text, shop)]
    figures.append(_same_rows(figures[0]))
    return [*figures, _book(book, shop)]


def _csv(path: Path, shop: Shop) -> Figure:
    figure = Figure(
        job="import sales CSV",
        unit="rows/s",
        target="≥ 0.15 × floor, ≤ 512 MB",
        target_ratio=0.15,
        target_memory_mb=512,
    )
    peak = [0.0]
    with watched(peak), _timed(figure.cpu_ours):
        began = time.perf_counter()
        run = _take(path, shop)
        figure.ours.append(run.rows_in / (time.perf_counter() - began))
    with _timed(figure.cpu_floors):
        figure.floors.append(run.rows_in / _floor(path))
    figure.memory_mb = peak[0]
    figure.note = f"{run.rows_in:,} rows, {run.created:,} created, {run.rejected:,} rejected; one round"
    _per_row(figure, run.rows_in)
    return figure


def _book(path: Path, shop: Shop) -> Figure:
    figure = Figure(job="import sales XLSX", unit="rows/s", target="≥ 0.2 × calamine", target_ratio=0.2)
    with _timed(figure.cpu_floors):
        began = time.perf_counter()
        rows = len(python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
        figure.floors.append(rows / (time.perf_counter() - began))
    # The same receipts stand in the CSV, so the shop must not know them.
    peak = [0.0]
    with watched(peak), _timed(figure.cpu_ours):
        began = time.perf_counter()
        run = _take(path, shop)
        figure.ours.append(run.rows_in / (time.perf_counter() - began))
    figure.memory_mb = peak[0]
    figure.note = f"{run.rows_in:,} rows, {run.created:,} created, {run.rejected:,} rejected; one round"
    _per_row(figure, run.rows_in)
    return figure


def _same_rows(csv_figure: Figure) -> Figure:
    """Set the same run against the rows that it wrote: taken out of their tables and put in again by bare SQL.

    The other floor writes each line of the file once into a table with one key. An import also writes buyers, their
    sealed phones, the words they are found by, and receipts, each with its indexes; this floor writes all of these.
    """
    figure = Figure(job="import sales CSV, against the same rows", unit="rows/s", target="told, no target")
    figure.ours, figure.cpu_ours = list(csv_figure.ours), list(csv_figure.cpu_ours)
    with connection.cursor() as cursor:
        kept = {}
        for table in _WRITTEN:
            cursor.execute(f"SELECT * FROM {table}")
            kept[table] = [one[0] for one in cursor.description], cursor.fetchall()
        if connection.vendor == "postgresql":  # which would look each key up in tables that have no index for it
            cursor.execute(f"TRUNCATE {', '.join(_WRITTEN)} CASCADE")
        else:
            for table in reversed(_WRITTEN):
                cursor.execute(f"DELETE FROM {table}")
        lines = len(kept["sales_saleline"][1])
        began = time.perf_counter()
        with _timed(figure.cpu_floors), transaction.atomic():
            for table, (columns, found) in kept.items():
                insert_rows(cursor, vendor=connection.vendor, table=table, columns=columns, rows=found)
        figure.floors.append(lines / (time.perf_counter() - began))
    figure.cpu_floors = [one / lines for one in figure.cpu_floors]
    figure.note = f"{sum(len(found) for _, found in kept.values()):,} rows of {len(kept)} tables"
    return figure


def _per_row(figure: Figure, rows: int) -> None:
    figure.cpu_ours = [one / rows for one in figure.cpu_ours]
    figure.cpu_floors = [one / rows for one in figure.cpu_floors]


@contextmanager
def _timed(kept: list[float]) -> Iterator[None]:
    began = os.times()
    yield
    ended = os.times()
    kept.append(sum(ended[:4]) - sum(began[:4]))


def _open(size: Size) -> Shop:
    open_installation(now())
    brand = add_shop(code="BENCH", name="珍宝阁", kind="brand", parent=None, by=SYSTEM, now=now())
    for number in range(size.shops):
        name = f"S{number:02d}"
        shop = add_shop(code=name, name=f"分店{number}", kind="shop", parent=brand, by=SYSTEM, now=now())
        for place in range(size.advisors_per_shop):
            name = f"advisor{number * size.advisors_per_shop + place}"
            add_staff(username=name, name=name, role=Role.ADVISOR, shop=shop, password=None, by=SYSTEM, now=now())
    return brand


def _take(path: Path, shop: Shop) -> ImportRun:
    chosen = choose_mapping(subject="sales", name=None, path=path, given={})
    run = start_run(
        subject="sales", path=path, file_name=path.name, columns=chosen.columns, options=chosen.options,
        shop=shop, by=SYSTEM, now=now(),
    )  # fmt: skip
    return run_import(run=run, now=now())


def _rows(count: int, today: date) -> Iterator[list[Any]]:
    """Yield the lines of a till's export."""
    people = {
        customer_no(number): (row[1], row[3])
        for number, row in enumerate(bench_customers(today=today, customers=max(1000, count // 4)), start=1)
    }
    for line in islice(bench_lines(today=today, customers=max(1000, count // 4)), count):
        at = datetime.fromtimestamp(line[5] + 8 * 3600, UTC)
        name, phone = people[line[2]]
        yield [
            line[0], at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"), f"S{line[3] % SHOPS:02d}", line[2], name, phone,
            line[6], line[7], f"{line[9] / 100:.2f}", f"{line[11] / 100:.2f}", "",
        ]  # fmt: skip


def _made(path: Path, write: Callable[[Path], None]) -> Path:
    if not path.exists():
        beside = path.with_suffix(".part")
        write(beside)
        beside.rename(path)
    return path


def _write_csv(path: Path, rows: Iterator[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADINGS)
        sheet.writerows(rows)


def _write_book(path: Path, rows: Iterator[list[Any]]) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows, start=1):
            row[0] = f"X{row[0]}"  # other receipts than those of the CSV
            row[9], row[10] = float(row[9]), float(row[10])
            sheet.write_row(number, 0, row)


def _floor(path: Path) -> float:
    """Upsert the same rows, already parsed, into a table of their own with one key; return the seconds."""
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.reader(file)
        next(table)
        rows = [(row[0], str(place), f"{row[1]} {row[2]}", *row[3:]) for place, row in enumerate(table)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE floor_lines (" + ", ".join(f"{one.strip()} text" for one in _KEPT.split(",")) + ")"
        )
        cursor.execute("CREATE UNIQUE INDEX floor_lines_key ON floor_lines (receipt, line)")
    sets = ", ".join(f"{one} = excluded.{one}" for one in ("paid", "tag", "quantity"))
    conflict = f"ON CONFLICT (receipt, line) DO UPDATE SET {sets}"
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(HEADINGS))
            cursor.executemany(f"INSERT INTO floor_lines ({_KEPT}) VALUES ({marks}) {conflict}", rows)
        else:
            cursor.execute("CREATE TEMPORARY TABLE staged AS SELECT * FROM floor_lines LIMIT 0")
            insert_rows(cursor, vendor="postgresql", table="staged", columns=_KEPT.split(", "), rows=rows)
            cursor.execute(f"INSERT INTO floor_lines SELECT * FROM staged {conflict}")
    return time.perf_counter() - began
