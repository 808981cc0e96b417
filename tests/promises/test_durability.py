"""P3: every SQLite connection that any process of ours opens writes through to the disk, and nothing starts otherwise.

The processes run with a start-up file that notes the settings of each connection when it is used and when it is closed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

WITNESS = """
import os, sqlite3, sqlite3.dbapi2
_connect = sqlite3.connect
class Seen(sqlite3.Connection):
    noted = None
    def note(self):
        name = [row[2] for row in super().execute("PRAGMA database_list") if row[1] == "main"][0]
        words = ("synchronous", "journal_mode", "foreign_keys")
        facts = [str(super(Seen, self).execute("PRAGMA " + word).fetchone()[0]) for word in words]
        if facts != self.noted:
            self.noted = facts
            with open(os.environ["WITNESS"], "a") as file:
                file.write("\\t".join([os.path.basename(name), *facts]) + "\\n")
    def cursor(self, *words, **named):
        self.note()
        return super().cursor(*words, **named)
    def close(self):
        try:
            self.note()
        except sqlite3.ProgrammingError:
            pass
        super().close()
def connect(*words, **named):
    named.setdefault("factory", Seen)
    return _connect(*words, **named)
sqlite3.connect = sqlite3.dbapi2.connect = connect
"""
GOOD = ["zhenke.sqlite3", "2", "wal", "1"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder of its own, made by `zhenke init`."""
    folder = tmp_path_factory.mktemp("durable")
    (folder / "sitecustomize.py").write_text(WITNESS)
    run(folder, "zhenke.cli", "init", "--quiet")
    return folder


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of a process of this home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENKE_", "DJANGO_", "PYTEST"))}
    path = os.pathsep.join([str(home), str(Path(__file__).resolve().parents[2] / "src")])
    return {**kept, "ZHENKE_HOME": str(home / "home"), "WITNESS": str(home / "seen"), "PYTHONPATH": path}


def run(home: Path, module: str, *words: str, code: int = 0) -> str:
    """Run one command of ours to its end; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], env=surroundings(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def seen(home: Path) -> list[list[str]]:
    """Return what was noted of each connection to the shop's database since the last call."""
    path = home / "seen"
    lines = [line.split("\t") for line in path.read_text().splitlines()] if path.exists() else []
    path.unlink(missing_ok=True)
    return [line for line in lines if line[0] == "zhenke.sqlite3"]


def ask_web(home: Path) -> None:
    """Start the web server, ask one page, stop it."""
    command = [sys.executable, "-m", "zhenke.cli", "serve", "--port", "18431"]
    server = subprocess.Popen(command, env=surroundings(home))
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen("http://127.0.0.1:18431/accounts/login/", timeout=5) as answer:
                    assert answer.status == 200
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        else:
            pytest.fail("the web server did not answer")
    finally:
        server.terminate()
        server.wait(timeout=20)


def start_worker(home: Path) -> None:
    """Put one regrade on the queue and let the worker do it."""
    words = "from zhenke.doors.jobs.regrade import ask_for_regrade; ask_for_regrade(reason='night')"
    run(home, "zhenke.manage", "shell", "-c", words)
    seen(home)
    worker = subprocess.Popen([sys.executable, "-m", "zhenke.cli", "work"], env=surroundings(home))
    try:
        for _ in range(150):
            time.sleep(0.2)
            if (home / "seen").exists() and "zhenke.sqlite3" in (home / "seen").read_text():
                break
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def take_in_a_file(home: Path) -> None:
    """Import one sale."""
    path = home / "sales.csv"
    path.write_text("日期,单号,会员卡号,款号,数量,实收\n2026-01-02,S1,K1,R1,1,199.00\n", encoding="utf-8")
    run(home, "zhenke.cli", "import", "sales", str(path), "--json")


PROCESSES: dict[str, Callable[[Path], object]] = {
    "web": ask_web,
    "worker": start_worker,
    "shell": lambda home: run(
        home, "zhenke.manage", "shell", "-c", "from zhenke.staff.models import Shop; Shop.objects.count()"
    ),
    "migration": lambda home: run(home, "zhenke.cli", "init", "--quiet"),
    "import": take_in_a_file,
    "grading": lambda home: run(home, "zhenke.cli", "grade", "--json"),
}


class TestEveryConnection:
    @pytest.mark.parametrize("process", PROCESSES)
    def test_writes_through_to_the_disk(self, home: Path, process: str) -> None:
        seen(home)
        PROCESSES[process](home)
        found = seen(home)
        assert found, f"no connection of the {process} was seen"
        assert [line for line in found if line != GOOD] == []

    def test_is_really_looked_at(self, home: Path) -> None:
        seen(home)
        words = "from django.db import connection; connection.cursor().execute('PRAGMA synchronous=NORMAL')"
        run(home, "zhenke.manage", "shell", "-c", words)
        assert ["zhenke.sqlite3", "1", "wal", "1"] in seen(home)


class TestStart:
    def test_is_refused_when_the_database_could_lose_what_was_saved(self, home: Path) -> None:
        weak = (
            "from zhenke.settings import *\n"
            "DATABASES['default']['OPTIONS'] |= {'init_command': 'PRAGMA synchronous=NORMAL'}\n"
        )
        (home / "weak_settings.py").write_text(weak)
        environment = {**surroundings(home), "DJANGO_SETTINGS_MODULE": "weak_settings"}
        command = [sys.executable, "-m", "zhenke.cli", "serve", "--port", "18432"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 1
        # A database file stays in WAL mode by itself; the other settings belong to each connection.
        assert "Zhenke does not start" in done.stderr and "synchronous is 1" in done.stderr

    def test_is_refused_without_the_keys_and_says_what_to_do(self, home: Path) -> None:
        keys = home / "home" / "keys" / "fields.json"
        kept = keys.read_bytes()
        keys.unlink()
        try:
            answer = run(home, "zhenke.cli", "serve", "--port", "18433", code=1)
        finally:
            keys.write_bytes(kept)
            keys.chmod(0o600)
        assert "fields.json is missing" in answer and "zhenke init" in answer

    def test_never_prints_a_key(self, home: Path) -> None:
        answer = run(home, "zhenke.cli", "doctor")
        secrets = (home / "home" / "keys" / "fields.json").read_text()
        assert not any(word in answer for word in secrets.replace('"', " ").split() if len(word) > 20)
