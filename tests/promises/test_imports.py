"""P8: every row accounted for, resumable, reversible; the harness is shown to catch planted defects."""

from __future__ import annotations

import atexit
import csv
import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection

from tests.cast import NOW, Cast
from tests.journeys.importing import take_in
from tests.promises.books import Read, broken_promises, everything, last_run, lines_of
from tests.promises.till_files import FAULTS, FIRST_ROW, Row, TillFile, as_lines, make_rows, write_till_file
from zhenke.basics.tables.rejects import guarded
from zhenke.customers.models import ImportRun
from zhenke.customers.operations import intake
from zhenke.doors.imports import write_reject_file
from zhenke.journeys import import_sales as journey
from zhenke.journeys.undo_import import undo_import
from zhenke.sales.operations import loading, undoing
from zhenke.sales.queries import intake as desk
from zhenke.sales.rules.keys import LineKeys
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

OPEN_SHOP = """
import django; django.setup()
from zhenke.basics.clock import now
from zhenke.staff import SYSTEM
from zhenke.staff.operations import add_shop, add_staff
from zhenke.staff.rules import Role
at = now()
brand = add_shop(code="ZBG", name="珍宝阁", kind="brand", parent=None, by=SYSTEM, now=at)
shops = [add_shop(code=code, name=code, kind="shop", parent=brand, by=SYSTEM, now=at) for code in "AB"]
for username, name in (("mei", "梅"), ("lin", "林"), ("one", "双生"), ("two", "双生")):
    add_staff(username=username, name=name, role=Role.ADVISOR, shop=shops[0], password=None, by=SYSTEM, now=at)
"""
UNDO = """
import django; django.setup()
import json
from zhenke.basics.clock import now
from zhenke.customers.models import ImportRun
from zhenke.journeys.undo_import import undo_import
from zhenke.staff import SYSTEM
for run in ImportRun.objects.exclude(state="undone").order_by("-id"):
    for row in undo_import(run=run, by=SYSTEM, now=now()).kept:
        print(json.dumps([row.kind, row.id, row.reason]))
"""


class House:
    """A real installation of its own, worked on by real processes that can be killed."""

    def __init__(self, home: Path, database_url: str, *, is_open: bool = False) -> None:
        self.home, self._url = home, database_url
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("ZHENKE_")},
            "ZHENKE_HOME": str(home),
            "ZHENKE_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "zhenke.settings",
            "PYTHONPATH": os.pathsep.join(place for place in sys.path if place),
        }
        if database_url:
            self._environment["ZHENKE_DATABASE_URL"] = database_url
        if not is_open:
            self.run("-m", "zhenke.cli", "init")
            self.run("-c", OPEN_SHOP)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a Python process in this installation."""
        return subprocess.Popen(
            [sys.executable, *arguments], env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *arguments: str) -> str:
        """Run a Python process to its end, which must be a good one."""
        with self.start(*arguments) as process:
            out, errors = process.communicate(timeout=3_600)
        assert process.returncode == 0, errors.decode()[-2_000:]
        return out.decode()

    def start_import(self, path: Path) -> subprocess.Popen[bytes]:
        """Start the command that imports a file of sales."""
        return self.start("-m", "zhenke.cli", "import", "sales", str(path), "--json", "--shop", "A")

    def import_file(self, path: Path) -> str:
        """Import a file of sales to its end."""
        return self.run("-m", "zhenke.cli", "import", "sales", str(path), "--json", "--shop", "A")

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, from outside."""
        if self._url:
            with psycopg.connect(self._url) as database:
                return database.execute(query).fetchall()
        with closing(sqlite3.connect(self.home / "zhenke.sqlite3", timeout=60)) as database:
            return database.execute(query).fetchall()

    def import_with_kills(self, path: Path, *, kills: int, rng: Random) -> int:
        """Import a file while its process is killed again and again; return how many kills met it at work.

        Most kills come soon after the process took the run up, before its next batch is committed; every seventh comes
        after a batch was, so that the run also gets on.
        """
        met = 0
        for number in range(1, kills + 1):
            sign = "next_row" if number % 7 == 0 else "heartbeat_at"
            before = self._last(sign)
            process = self.start_import(path)
            deadline = time.monotonic() + 600
            while process.poll() is None and self._last(sign) == before and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(rng.random() * 0.3)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                met += 1
            process.communicate()
            if last_run(self.read).state == "done":
                break
        if last_run(self.read).state != "done":
            self.import_file(path)
        return met

    def _last(self, sign: str) -> Any:
        return self.read(f"SELECT {sign}, state FROM customers_importrun ORDER BY id DESC LIMIT 1")


@cache
def opened_once() -> Path:
    """Open one installation in this process, of which each test gets a copy: opening one takes seconds."""
    home = Path(tempfile.mkdtemp(prefix="zhenke-opened-")) / "home"
    atexit.register(shutil.rmtree, home.parent, ignore_errors=True)
    if connection.vendor == "postgresql":
        server = os.environ["ZHENKE_DATABASE_URL"]
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"CREATE DATABASE {OPENED} TEMPLATE template0 ENCODING 'UTF8'")
        House(home, server.rpartition("/")[0] + f"/{OPENED}")
    else:
        House(home, "")
    return home


OPENED = f"p8_opened_{os.getpid()}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A new installation on the database that this test run is about."""
    home = Path(shutil.copytree(opened_once(), tmp_path / "home"))
    if connection.vendor != "postgresql":
        yield House(home, "", is_open=True)
        return
    server = os.environ["ZHENKE_DATABASE_URL"]
    name = f"p8_{os.getpid()}_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name} TEMPLATE {OPENED}")
    yield House(home, server.rpartition("/")[0] + f"/{name}", is_open=True)
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"DROP DATABASE {name} WITH (FORCE)")


def mend(reject_file: Path, original: TillFile, to: Path) -> TillFile:
    """Write into the file of refused rows what should have stood there, and return that file with its truth."""
    with reject_file.open(encoding="utf-8-sig", newline="") as file:
        headings, *rejects = list(csv.reader(file))
    width = len(headings) - 3
    rows = [original.rows[int(cells[width].split("*")[0]) - FIRST_ROW] for cells in rejects]
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(headings)
        for cells, row in zip(rejects, rows, strict=True):
            out.writerow([*map(guarded, row.values()), *cells[width : width + 3]])
    return TillFile(to, rows)


def prove(house: House, folder: Path, *, rows: int, faults: int, kills: int) -> int:
    """Walk the whole promise in one installation; return how many kills met an import at work."""
    empty = everything(house.read)
    every = make_rows(rows, seed=8)
    file = write_till_file(folder / "till.csv", every, faults=faults, seed=9)
    met = house.import_with_kills(file.path, kills=kills, rng=Random(10))
    assert broken_promises(house.read, file, is_new=True) == []
    for _ in range(2):
        before = everything(house.read)
        house.import_file(file.path)
        assert broken_promises(house.read, file, is_new=False) == []
        assert everything(house.read) == before
    [reject_file] = sorted((house.home / "rejects").glob("till-*.csv"))[-1:]
    mended = mend(reject_file, file, folder / "mended.csv")
    house.import_file(mended.path)
    assert broken_promises(house.read, mended, rows=every, is_new=True) == []
    house.import_file(mended.path)
    assert broken_promises(house.read, mended, rows=every, is_new=False) == []
    assert house.run("-c", UNDO) == ""
    assert everything(house.read) == empty
    overlap(house, folder, every)
    return met


def overlap(house: House, folder: Path, every: list[Row]) -> None:
    """Two files that share a third of their rows come in at the same time, and are taken back."""
    half = len(every) * 2 // 3
    halves = [
        write_till_file(folder / "first.csv", every[:half]),
        write_till_file(folder / "second.csv", every[len(every) - half :]),
    ]
    together = [house.start_import(part.path) for part in halves]
    for process in together:
        _, errors = process.communicate(timeout=3_600)
        assert process.returncode == 0, errors.decode()[-2_000:]
    assert lines_of(house.read) >= as_lines(every)
    counted = house.read(
        "SELECT SUM(created), SUM(updated), SUM(rejected) FROM customers_importrun WHERE state = 'done'"
    )
    assert tuple(map(int, counted[0])) == (sum(lines_of(house.read).values()), 0, 0)
    kept = [json.loads(line) for line in house.run("-c", UNDO).splitlines()]
    # A buyer whom one file brought and the other sold to first is kept, and listed; everything else is gone.
    assert {(kind, reason) for kind, _, reason in kept} <= {("customer", "sale")}
    there = everything(house.read)
    assert [row[0] for row in there["customers_customer"]] == sorted({key for _, key, _ in kept})
    assert (there["sales_sale"], there["sales_saleline"]) == ([], [])


class TestImports:
    @pytest.mark.slow
    def test_keep_the_promise_at_20_000_rows_with_500_faults(self, house: House, tmp_path: Path) -> None:
        assert len(FAULTS) >= 40
        assert prove(house, tmp_path, rows=20_000, faults=500, kills=3) == 3

    @pytest.mark.soak
    def test_keep_the_promise_at_200_000_rows_with_5_000_faults_and_60_kills(
        self, house: House, tmp_path: Path
    ) -> None:
        assert prove(house, tmp_path, rows=200_000, faults=5_000, kills=60) == 60


def here(query: str) -> list[tuple[Any, ...]]:
    """Read in the database of this test."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def small_proof(cast: Cast, folder: Path, read: Read = here) -> list[str]:
    """Walk the promise at a small size in this process; return what was broken."""
    for username in ("one", "two"):
        StaffMember.objects.create(username=username, name="双生", role="advisor", shop=cast.shop_a, created_at=NOW)
    empty = everything(read)
    every = make_rows(300, seed=18)
    file = write_till_file(folder / "till.csv", every, faults=108, seed=19)
    run = take_in(file.path, subject="sales", shop=cast.shop_a, by=SYSTEM)
    wrong = broken_promises(read, file, is_new=True)
    write_reject_file(viewer=SYSTEM, run=run, path=folder / "rejects.csv")
    again = take_in(file.path, subject="sales", shop=cast.shop_a, by=SYSTEM)
    wrong += broken_promises(read, file, is_new=False)
    if not wrong:
        mended = mend(folder / "rejects.csv", file, folder / "mended.csv")
        last = take_in(mended.path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        wrong += broken_promises(read, mended, rows=every, is_new=True)
        for one in (last, again, run):
            undo_import(run=one, by=SYSTEM, now=NOW)
        wrong += ["undone, but not as before"] if everything(read) != empty else []
    return wrong


def _uncounted(patch: pytest.MonkeyPatch) -> None:
    real = intake.record_batch
    patch.setattr(journey, "record_batch", lambda *, tally, **told: real(tally=replace(tally, created=0), **told))


def _twice_counted(patch: pytest.MonkeyPatch) -> None:
    real = intake.record_batch
    patch.setattr(
        journey,
        "record_batch",
        lambda *, tally, **told: real(tally=replace(tally, unchanged=tally.unchanged + 1), **told),
    )


def _keys_used_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LineKeys, "by_name", lambda self, sale_keys, names: list(names))


def _keys_of_the_moment(patch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count()
    patch.setattr(LineKeys, "by_name", lambda self, sale_keys, names: [f"{name}~{next(numbers)}" for name in names])


def _mended_like_new(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(desk, "mended_key", lambda name, origin, *, is_key_mended: None)


def _lost_rejects(patch: pytest.MonkeyPatch) -> None:
    real = intake.record_batch
    patch.setattr(journey, "record_batch", lambda *, rejects, **told: real(rejects=rejects[:-1], **told))


def _half_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("zhenke.sales.queries.believing.why_ruined", lambda text: None)
    patch.setattr("zhenke.customers.rules.cells.why_ruined", lambda text: None)


def _sums_left(patch: pytest.MonkeyPatch) -> None:
    real = loading._sums
    patch.setattr(
        loading, "_sums", lambda sales, rows: {key: [0, *rest] for key, (_, *rest) in real(sales, rows).items()}
    )


def _one_batch_lost(patch: pytest.MonkeyPatch) -> None:
    real = loading._write_new
    calls = itertools.count()
    patch.setattr(loading, "_write_new", lambda *told: None if next(calls) == 1 else real(*told))


def _undo_leaves_lines(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("zhenke.customers.queries.undoing.batch_keys", lambda run: [])
    patch.setattr(undoing, "remake_sums", lambda sale_ids: None)


DEFECTS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _uncounted,
    _twice_counted,
    _keys_used_again,
    _keys_of_the_moment,
    _mended_like_new,
    _lost_rejects,
    _half_believed,
    _sums_left,
    _one_batch_lost,
    _undo_leaves_lines,
)


class TestTheHarness:
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 100)

    def test_finds_nothing_where_nothing_is_wrong(self, cast: Cast, tmp_path: Path) -> None:
        assert small_proof(cast, tmp_path) == []
        assert ImportRun.objects.count() == 3

    @pytest.mark.parametrize("plant", DEFECTS, ids=lambda plant: plant.__name__.strip("_"))
    def test_goes_red_on_a_planted_defect(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
    ) -> None:
        plant(monkeypatch)
        try:
            found = small_proof(cast, tmp_path)
        except IntegrityError:
            return  # the database's own rules caught it
        assert found != []
