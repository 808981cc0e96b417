"""P2: no movement of points that was acknowledged is lost, and none is half written, whenever its writer is killed.

Real processes earn and spend on accounts they share, and write each acknowledged movement into a file outside the
database, once the commit has come back. Their whole groups get SIGKILL in the middle of their work; then the ledger is
held against the files. In `./check` a few kills, in `./check soak` as many as ZHENKE_POINTS_KILLS says.

Planted defect, seen red: a writer that acknowledges before the commit.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from bench.postgres import start_postgres, stop_postgres
from django.db import connection

from tests.promises.test_imports import House

KILLS, WRITERS = int(os.environ.get("ZHENKE_POINTS_KILLS", "2")), int(os.environ.get("ZHENKE_POINTS_WRITERS", "2"))
WORKS_AT_LEAST, PATIENCE_SECONDS = 20, 90
OPEN = """
import django; django.setup()
from datetime import UTC, datetime
from zhenke.customers.models import Customer
from zhenke.staff.models import Shop
now = datetime.now(UTC)
for number in range(5):
    Customer.objects.create(name=f"p{number}", shop=Shop.objects.get(code="A"), created_at=now, updated_at=now)
"""
# One writer. With `early` it acknowledges inside the transaction: the planted defect.
WRITER = """
import os, random, sys, time
import django; django.setup()
from datetime import UTC, datetime
from django.db import transaction
from zhenke.customers.models import Customer
from zhenke.membership.operations import earn, spend
from zhenke.membership.rules import BalanceTooLow, Cause
from zhenke.staff import SYSTEM
path, name, early = sys.argv[1], sys.argv[2], sys.argv[3] == "early"
file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
people = list(Customer.objects.filter(name__startswith="p"))
rng = random.Random(name)
now = datetime.now(UTC)
told = {"on_date": now.date(), "by": SYSTEM, "now": now}
number = 0
while True:
    number += 1
    who, cause = rng.choice(people), Cause("kill", f"{name}:{number}")
    with transaction.atomic():
        try:
            if number % 2:
                done = earn(customer=who, points=number, cause=cause, pending_days=0, months=24, **told)
            else:
                done = spend(customer=who, points=number // 2, cause=cause, **told)
        except BalanceTooLow:
            continue
        if early:
            os.write(file, f"{done.entry_id} {cause.id}\\n".encode())
            time.sleep(0.05)
    if not early:
        os.write(file, f"{done.entry_id} {cause.id}\\n".encode())
"""

pytestmark = [pytest.mark.slow, pytest.mark.points]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation on the database that this run is about: PostgreSQL as in a shop, nothing switched off."""
    cluster = Path(tempfile.mkdtemp(prefix="zhenke-kills-")) if connection.vendor == "postgresql" else None
    try:
        found = House(tmp_path_factory.mktemp("home"), f"{start_postgres(cluster)}/postgres" if cluster else "")
        found.run("-c", OPEN)
        yield found
    finally:
        if cluster:
            stop_postgres(cluster)
            shutil.rmtree(cluster)


def acknowledged(files: list[Path]) -> dict[int, str]:
    """Return what writers were told is written: key of the entry and of the cause."""
    lines = [line.split() for file in files if file.exists() for line in file.read_text().splitlines()]
    return {int(entry): cause for entry, cause in lines}


def kill_at_work(house: House, home: Path, rng: Random, name: str, mode: str) -> list[Path]:
    """Let writers work, kill all of them at some moment, and return their files."""
    # One that sleeps in its transaction would keep SQLite's other writers out: alone then.
    count = WRITERS if mode == "after" else 1
    files = [home / f"acked-{name}-{number}" for number in range(count)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), f"{name}.{number}", mode],
            env=house._environment,
            start_new_session=True,
        )
        for number, file in enumerate(files)
    ]
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while any(not file.exists() or file.read_text().count("\n") < WORKS_AT_LEAST for file in files):
            assert time.monotonic() < end, "the writers do not work"
            assert all(writer.poll() is None for writer in writers)
            time.sleep(0.02)
        time.sleep(rng.random() * 0.3)
    finally:
        for writer in writers:
            os.killpg(writer.pid, signal.SIGKILL)
        for writer in writers:
            writer.wait()
    return files


def lost(house: House, files: list[Path]) -> list[str]:
    """Return acknowledged movements that are not there, or without legs."""
    told = acknowledged(files)
    rows = house.read(
        "SELECT e.id, e.cause_id, COUNT(l.id), SUM(l.points) FROM membership_pointsentry e "
        "LEFT JOIN membership_pointsleg l ON l.entry_id = e.id GROUP BY e.id, e.cause_id"
    )
    there = {entry: cause for entry, cause, legs, points in rows if legs >= 2 and points == 0}
    return [f"{entry} {cause}" for entry, cause in told.items() if there.get(entry) != cause]


class TestWritersThatAreKilled:
    def test_lose_nothing_that_was_acknowledged(self, house: House, tmp_path: Path) -> None:
        rng, files = Random("P2"), []
        for number in range(KILLS):
            files += kill_at_work(house, tmp_path, rng, f"after{number}", "after")
        assert lost(house, files) == []
        assert '"count": 0' in house.run("-m", "zhenke.cli", "points", "verify", "--json")
        assert len(acknowledged(files)) >= KILLS * WRITERS * WORKS_AT_LEAST

    def test_are_seen_to_lose_when_they_acknowledge_too_early(self, house: House, tmp_path: Path) -> None:
        files, rng = [], Random(1)
        for number in range(6):
            files += kill_at_work(house, tmp_path, rng, f"early{number}", "early")
            if lost(house, files):
                return
        pytest.fail("acknowledged too early, and nothing was lost")
