"""Where the benches keep their shops: one home per database and size, made once and used again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.postgres import start_postgres, stop_postgres

CHECKOUT = Path(__file__).resolve().parents[1]
_GENERATION = 1  # raised when the generator makes other rows
_SERVER = ("shared_buffers=1GB", "max_wal_size=4GB", "work_mem=64MB", "maintenance_work_mem=512MB")


@dataclass(frozen=True)
class Size:
    """How much there is and how often it is asked for."""

    name: str
    customers: int
    shops: int
    advisors_per_shop: int
    file_rows: int
    workbook_rows: int
    rounds: int
    requests: int
    sales: int


FULL = Size("full", 1_000_000, 50, 10, 1_000_000, 100_000, 5, 200, 200)
MEDIUM = Size("medium", 100_000, 5, 10, 100_000, 20_000, 3, 100, 100)
SMALL = Size("small", 3_000, 1, 5, 1_500, 600, 2, 8, 8)
SIZES = {size.name: size for size in (FULL, MEDIUM, SMALL)}


def bench_home() -> Path:
    """Return the folder of everything that benches keep: ZHENKE_BENCH_HOME, else one under the temporary folder."""
    return Path(os.environ.get("ZHENKE_BENCH_HOME") or Path(tempfile.gettempdir()) / "zhenke-bench")


@dataclass(frozen=True)
class Place:
    """One shop on one database: its home folder and, on PostgreSQL, the server that holds it."""

    database: str
    size: Size
    home: Path
    server: str = ""

    def env(self, *, home: Path | None = None, name: str = "bench", **more: str) -> dict[str, str]:
        """Return the environment in which a process works on this shop, or on another database of the same server."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ZHENKE_")}
        url = {"ZHENKE_DATABASE_URL": f"{self.server}/{name}"} if self.server else {}
        return {
            **kept,
            **url,
            "ZHENKE_HOME": str(home or self.home),
            "DJANGO_SETTINGS_MODULE": "zhenke.settings",
            "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'src'}",
            **more,
        }

    def admin(self, *statements: str) -> None:
        """Run statements on the server outside any transaction."""
        script = "import sys, psycopg\nwith psycopg.connect(sys.argv[1], autocommit=True) as link:\n"
        script += "    for one in sys.argv[2:]: link.execute(one)"
        subprocess.run([sys.executable, "-c", script, f"{self.server}/postgres", *statements], check=True)

    def copied(self) -> dict[str, str]:
        """Make a copy of the shop to work on, in place of the one before, and return its environment."""
        copy = self.home.with_name(f"{self.home.name}-work")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.home, copy, ignore=shutil.ignore_patterns("*-wal", "*-shm", "pg"))
        if self.server:
            self.admin('DROP DATABASE IF EXISTS "work"', 'CREATE DATABASE "work" TEMPLATE "bench"')
        return self.env(home=copy, name="work")

    def empty(self) -> dict[str, str]:
        """Make a shop without customers, and return its environment; the caller opens it."""
        home = self.home.with_name(f"{self.home.name}-empty")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if self.server:
            self.admin('DROP DATABASE IF EXISTS "empty"', 'CREATE DATABASE "empty" TEMPLATE "template0"')
        return self.env(home=home, name="empty")


def open_place(database: str, size: Size, today: date) -> Place:
    """Return the shop of that size, generated if it is not there; tables or generator changed, it is made anew."""
    mark = _mark(today)
    home = bench_home() / f"{database}-{size.name}"
    server = ""
    if database == "postgres":
        folder = bench_home() / f"{database}-{size.name}-server"
        stop_postgres(folder, mode="fast")
        if not _is_made(home, mark):
            shutil.rmtree(folder, ignore_errors=True)
        server = start_postgres(folder, *_SERVER)
    place = Place(database, size, home, server)
    if not _is_made(home, mark):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if server:
            place.admin('CREATE DATABASE "bench" TEMPLATE "template0"')
        command = [sys.executable, "-m", "bench.fill", size.name, today.isoformat()]
        subprocess.run(command, check=True, env=place.env(), cwd=CHECKOUT)
        (home / ".made").write_text(mark)
    return place


def close_place(place: Place) -> None:
    """Stop what the shop runs on."""
    if place.server:
        stop_postgres(bench_home() / f"{place.database}-{place.size.name}-server", mode="fast")


def _is_made(home: Path, mark: str) -> bool:
    return (home / ".made").exists() and (home / ".made").read_text() == mark


def _mark(today: date) -> str:
    """What a shop was made of: the tables, the generation of its rows, and the day (lists of today grow old)."""
    sources = sorted((CHECKOUT / "src" / "zhenke").glob("*/migrations/0*.py"))
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    return f"{today.isoformat()} {_GENERATION} {digest.hexdigest()[:16]}"
