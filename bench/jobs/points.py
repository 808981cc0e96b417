"""The points ledger: movements a second by 1, 4 and 16 clients against two bare rows, pages of it, a night of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from bench.measure import Figure, percentile
from bench.places import Size
from zhenke.basics.bulk import for_column, insert_rows
from zhenke.basics.clock import now
from zhenke.basics.ids import new_ids
from zhenke.customers.models import Customer
from zhenke.membership.models import PointsAccount, PointsEntry
from zhenke.membership.operations import earn, expire_due, open_programme, spend
from zhenke.membership.queries import balance_of, points_history
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules import BalanceTooLow, Cause
from zhenke.staff import SYSTEM

CLIENTS = (1, 4, 16)
HOT = 10
ENTRIES_EACH = 3
"""Entries of each customer in the filled ledger: 3,000,000 at full size."""
_fork = get_context("fork")


def measure_points(size: Size, today: date) -> list[Figure]:
    """Fill a ledger, then measure movements, pages, and the night in which a third of its lots end."""
    _fill(size, today)
    figures = [_movements(size, clients, today) for clients in CLIENTS]
    figures += _pages(size, today)
    figures.append(_night(today))
    faults = list(verify_ledger())
    if faults:
        raise AssertionError(f"the ledger is not whole after the bench: {faults[:5]}")
    return figures


# Movements: each client is a process of its own, as web workers are.


def _movements(size: Size, clients: int, today: date) -> Figure:
    figure = Figure(
        job=f"points, earn and spend, {clients} clients",
        unit="tx/s",
        target="≥ 0.25 × bare psycopg, ≥ 0.15 × SQLite FULL, 0 lost on 10 hot accounts",
        target_ratio=0.15 if connection.vendor == "sqlite" else 0.25,
    )
    each = max(10, size.sales * 2 // clients)
    hot = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:HOT])
    _bare_table()
    for number in range(size.rounds + 1):
        ours = _rate(clients, each, _client, (hot, today, f"{clients}.{number}", each))
        floor = _rate(clients, each, _bare_client, (each,))
        if number:  # the first round only warms up
            figure.ours.append(ours)
            figure.floors.append(floor)
    figure.note = "floor: two rows in one transaction by the bare driver; the ledger is verified whole afterwards"
    return figure


def _rate(clients: int, each: int, work: Callable[..., None], told: tuple[Any, ...]) -> float:
    """Return transactions a second of some processes that begin together."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    barrier = _fork.Barrier(clients + 1)
    workers = [_fork.Process(target=work, args=(barrier, number, *told)) for number in range(clients)]
    for worker in workers:
        worker.start()
    barrier.wait(timeout=120)
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    spent = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a client of the bench failed")
    return clients * each / spent


def _client(barrier: Any, number: int, hot: list[int], today: date, run: str, each: int) -> None:
    chance = Random(f"{run}.{number}")
    people = list(Customer.objects.filter(pk__in=hot))
    at = now()
    told: dict[str, Any] = {"on_date": today, "by": SYSTEM, "now": at}
    barrier.wait(timeout=120)
    for step in range(each):
        who, cause = chance.choice(people), Cause("bench", f"{run}.{number}.{step}")
        try:
            if step % 2:
                spend(customer=who, points=20, cause=cause, **told)
            else:
                earn(customer=who, points=50, cause=cause, pending_days=0, months=24, **told)
        except BalanceTooLow:
            pass
    connection.close()


def _bare_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare_leg")
        key = "BIGSERIAL" if connection.vendor == "postgresql" else "INTEGER"
        cursor.execute(f"CREATE TABLE bench_bare_leg (id {key} PRIMARY KEY, account BIGINT, points BIGINT)")


def _bare_client(barrier: Any, number: int, each: int) -> None:
    sql = "INSERT INTO bench_bare_leg (account, points) VALUES ({0}, {0}), ({0}, {0})"
    if connection.vendor == "postgresql":
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as link:
            barrier.wait(timeout=120)
            for step in range(each):
                link.execute(sql.format("%s"), [number, step, -number, -step])
                link.commit()
        return
    bare = sqlite3.connect(Path(str(settings.DATABASES["default"]["NAME"])), isolation_level=None, timeout=60)
    bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    barrier.wait(timeout=120)
    for step in range(each):
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(sql.format("?"), [number, step, -number, -step])
        bare.execute("COMMIT")
    bare.close()


# A filled ledger, written set-based as an old program's points would be.


def _fill(size: Size, today: date) -> None:
    """Give every customer some lots that ended yesterday, end in a month, or in a year."""
    at = now()
    house = open_programme(now=at)
    accounts = {kind: key for key, kind in PointsAccount.objects.filter(programme=house).values_list("pk", "kind")}
    people = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[: size.customers])
    mine = new_ids(3 * len(people))
    kinds = ("member", "pending", "debt")
    instant, day = for_column(at, vendor=connection.vendor), for_column(today, vendor=connection.vendor)
    with connection.cursor() as cursor:
        _insert(
            cursor,
            "pointsaccount",
            ("id", "programme_id", "kind", "customer_id", "created_at"),
            (
                (mine[3 * place + part], house.pk, kind, customer, instant)
                for place, customer in enumerate(people)
                for part, kind in enumerate(kinds)
            ),
        )
        first = 1 + (PointsEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
        count = ENTRIES_EACH * len(people)
        lots = new_ids(count)
        _insert(
            cursor,
            "pointsentry",
            ("id", "programme_id", "kind", "cause_kind", "cause_id", "at", "on_date", "reason"),
            ((first + n, house.pk, "earn", "filled", str(n), instant, day, "") for n in range(count)),
        )
        ends = [for_column(today + timedelta(days=days), vendor=connection.vendor) for days in (-1, 30, 365)]
        _insert(
            cursor,
            "pointslot",
            ("id", "programme_id", "opened_by_id", "points", "active_on_date", "expires_on_date"),
            ((lots[n], house.pk, first + n, 100, day, ends[n % 3]) for n in range(count)),
        )
        _insert(
            cursor,
            "pointsleg",
            ("entry_id", "account_id", "lot_id", "points"),
            (
                leg
                for n in range(count)
                for leg in (
                    (first + n, mine[3 * (n // ENTRIES_EACH)], lots[n], 100),
                    (first + n, accounts["programme"], None, -100),
                )
            ),
        )
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('membership_pointsentry', 'id'), %s)", [first + count])
            for table in ("entry", "leg", "lot", "account"):
                cursor.execute(f"VACUUM ANALYZE membership_points{table}")


def _insert(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    insert_rows(cursor, vendor=connection.vendor, table=f"membership_{table}", columns=columns, rows=rows)


def _pages(size: Size, today: date) -> list[Figure]:
    """Ask balances and first pages of history of random customers, each against the one query it cannot do without."""
    chance = Random(5)
    people = list(Customer.objects.order_by("pk")[: min(size.customers, 50_000)])
    asked = size.requests * 5
    found = []
    for job, ask, sql in (
        (
            "points, balance",
            lambda one: balance_of(viewer=SYSTEM, customer=one, on_date=today),
            "SELECT SUM(l.points) FROM membership_pointsleg l JOIN membership_pointsaccount a ON a.id = l.account_id "
            "WHERE a.customer_id = %s AND a.kind = 'member'",
        ),
        (
            "points, page of history",
            lambda one: points_history(viewer=SYSTEM, customer=one, before=None, size=20),
            "SELECT e.kind, e.at, l.points FROM membership_pointsleg l JOIN membership_pointsentry e "
            "ON e.id = l.entry_id JOIN membership_pointsaccount a ON a.id = l.account_id "
            "WHERE a.customer_id = %s AND a.kind = 'member' ORDER BY l.entry_id DESC LIMIT 20",
        ),
    ):
        figure = Figure(job=job, unit="asked/s", target="told, not judged: no target is set")
        took: list[float] = []
        for number in range(size.rounds + 1):
            drawn = [chance.choice(people) for _ in range(asked)]
            ours, spans = _asked(drawn, ask)
            floor, _ = _asked(drawn, lambda one, sql=sql: _bare(sql, one.pk))
            if number:
                figure.ours.append(ours)
                figure.floors.append(floor)
                took += spans
        figure.p95_ms = percentile(took, 0.95)
        found.append(figure)
    return found


def _asked(people: list[Customer], ask: Callable[[Customer], object]) -> tuple[float, list[float]]:
    spans, began = [], time.perf_counter()
    for one in people:
        started = time.perf_counter()
        ask(one)
        spans.append(1000 * (time.perf_counter() - started))
    return len(people) / (time.perf_counter() - began), spans


def _bare(sql: str, key: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return list(cursor.fetchall())


def _night(today: date) -> Figure:
    """End a third of all lots in one night, against copying as many rows as that writes into a plain table."""
    figure = Figure(job="points, a night's end", unit="lots/s", target="told, not judged: no target is set")
    began = time.perf_counter()
    done = expire_due(day=today, now=datetime.combine(today, datetime.min.time(), UTC))
    figure.ours.append(done.lots / (time.perf_counter() - began))
    began = time.perf_counter()
    with connection.cursor() as cursor:
        rows = ((number, number) for number in range(3 * done.lots))
        insert_rows(cursor, vendor=connection.vendor, table="bench_bare_leg", columns=("account", "points"), rows=rows)
    figure.floors.append(done.lots / (time.perf_counter() - began))
    figure.note = f"{done.lots:,} lots ended, an entry and two legs each"
    return figure
