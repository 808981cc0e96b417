"""A full regrade, the first one and the next night's, against: extract by ADBC, compute in DuckDB, staged upsert."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.measure import Figure, memory_of_tree
from bench.places import CHECKOUT, Size
from zhenke.basics.clock import now
from zhenke.basics.ids import new_id
from zhenke.journeys.regrade_customers import regrade_customers

_MOST_ROUNDS = 2


def measure_regrade(size: Size, today: date) -> list[Figure]:
    """Grade everybody of a shop that has no grades yet, and the same shop a day later."""
    everybody = _figure("full regrade, first")
    compute = Figure(
        job="full regrade, compute only", unit="s", is_rate=False, target="≤ 1.5 × DuckDB floor", target_ratio=1.5
    )
    night = _figure("full regrade, a day later")
    for _ in range(min(size.rounds, _MOST_ROUNDS)):
        with connection.cursor() as cursor:
            for table in ("grading_gradechange", "grading_grade"):
                cursor.execute(f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table}")
        _round(everybody, today, compute=compute, empties=True)
        _round(night, today + timedelta(days=1), empties=False)
    return [everybody, compute, night]


def _figure(job: str) -> Figure:
    return Figure(
        job=job,
        unit="s",
        is_rate=False,
        target="≤ 4 × (extract + compute + upsert), ≤ 4,096 MB",
        target_ratio=4,
        target_memory_mb=4096,
    )


def _round(figure: Figure, day: date, *, empties: bool, compute: Figure | None = None) -> None:
    mark = new_id()
    peak = [0.0]
    used = cpu()
    with watched(peak):
        began = time.perf_counter()
        done = regrade_customers(as_of=day, reason="night", now=now())
        seconds = time.perf_counter() - began
    spent = cpu() - used
    connection.close()
    used = cpu()
    floor = {**_floor("read", day, mark, empties), **_floor("write", day, mark, empties)}
    figure.cpu_ours.append(spent)
    figure.cpu_floors.append(cpu() - used)
    figure.ours.append(seconds)
    figure.floors.append(floor["extract"] + floor["compute"] + floor["write"])
    figure.memory_mb = max(figure.memory_mb or 0, peak[0])
    laps = ", ".join(f"{name} {took:.1f}" for name, took in done.seconds.items())
    parts = ", ".join(f"{name} {floor[name]:.1f}" for name in ("extract", "compute", "write"))
    figure.note = f"{done.changed:,} grades written; ours {laps}; floor {parts}"
    if compute is not None:
        compute.ours.append(done.seconds["compute"])
        compute.floors.append(floor["compute"])


def cpu() -> float:
    """Return the seconds of processor that this process and its ended children used so far."""
    took = os.times()
    return took.user + took.system + took.children_user + took.children_system


def _floor(part: str, day: date, mark: int, empties: bool) -> dict[str, float]:
    address = os.environ.get("ZHENKE_DATABASE_URL") or str(Path(settings.HOME) / "zhenke.sqlite3")
    command = [sys.executable, "-m", "bench.jobs.regrade_floor", part, _name(), address, day.isoformat(), str(mark)]
    done = subprocess.run([*command, str(int(empties))], check=True, capture_output=True, text=True, cwd=CHECKOUT)
    return json.loads(done.stdout)


def _name() -> str:
    return "sqlite" if connection.vendor == "sqlite" else "postgres"


@contextmanager
def watched(peak: list[float]) -> Iterator[None]:
    """Keep the largest memory of this process and its children while the block lasts."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], memory_of_tree(os.getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
