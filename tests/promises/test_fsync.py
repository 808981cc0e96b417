"""P3: what was sold is on the disk before it is acknowledged, counted by a trace of the system calls.

A connection that says "FULL" (test_durability.py) is a setting; this looks at what the process asks of the disk. Syncs
alone prove little: with a laxer setting SQLite still syncs the head of a new log, and the log once more when it closes.
So the moment of the answer is what counts: all that was written to the log by then must have been synced by then.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.promises.test_durability import run, surroundings
from tests.promises.test_imports import OPEN_SHOP

SALES = 20
LOG = r"\(\d+<[^>]*/zhenke\.sqlite3-wal>"
WRITTEN, SYNCED, ANSWERED = (
    re.compile(rf"\bpwrite64{LOG}"),
    re.compile(rf"\b(?:fsync|fdatasync){LOG}\) += 0$"),
    re.compile(r"\bwrite\(1<[^>]*>, \"\"\.\.\."),  # not an empty one
)
STRACE = ["strace", "-f", "-y", "-s", "0", "-e", "trace=fsync,fdatasync,pwrite64,write"]

pytestmark = [pytest.mark.soak, pytest.mark.one_database]


@dataclass(frozen=True)
class AtTheAnswer:
    """What had happened to the log when the answer went out."""

    writes: int
    syncs: int
    unsynced: int


def at_the_answer(trace: Iterable[str]) -> AtTheAnswer:
    """Read a trace up to the first word of the answer; a sync that failed, or is not told whole, is none."""
    writes = syncs = unsynced = 0
    for line in trace:
        if WRITTEN.search(line):
            writes, unsynced = writes + 1, unsynced + 1
        elif SYNCED.search(line):
            syncs, unsynced = syncs + 1, 0
        elif ANSWERED.search(line):
            return AtTheAnswer(writes, syncs, unsynced)
    raise AssertionError("the trace has no answer")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder of its own with one shop, and a `strace` that may look."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; ./check soak installs it")
    tried = subprocess.run(["strace", "-f", "-e", "trace=none", "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not look at processes here: {tried.stderr.strip()[:200]}")
    folder = tmp_path_factory.mktemp("synced")
    run(folder, "zhenke.cli", "init", "--quiet")
    run(folder, "zhenke.manage", "shell", "-c", OPEN_SHOP)
    return folder


def sell(home: Path, key: str, *, pragma: str = "") -> AtTheAnswer:
    """Record one sale under the trace, with a laxer setting if one is given; it must be acknowledged and be there."""
    trace, environment = home / "trace", surroundings(home)
    if pragma:
        weak = f"from zhenke.settings import *\nDATABASES['default']['OPTIONS'] |= {{'init_command': '{pragma}'}}\n"
        (home / "weak_settings.py").write_text(weak)
        environment["DJANGO_SETTINGS_MODULE"] = "weak_settings"
    command = [*STRACE, "-o", str(trace), sys.executable, "-m", "zhenke.cli", "record-sale", "--json"]
    sold = ["--shop", "A", "--advisor", "mei", "--source-key", key, "--line", "R-1001,1,8800.00", "--name", "何念"]
    done = subprocess.run([*command, *sold], env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["is_new"] is True
    with closing(sqlite3.connect(home / "home" / "zhenke.sqlite3")) as database:
        found = database.execute("SELECT count(*) FROM sales_sale WHERE source_key = ?", [key]).fetchone()
    assert found == (1,)
    return at_the_answer(trace.read_text(encoding="utf-8", errors="replace").splitlines())


class TestASale:
    def test_is_on_the_disk_before_it_is_acknowledged(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        seen = [sell(home, f"S{number}") for number in range(SALES)]
        with capsys.disabled():
            print(f"\nfsync: {SALES} sales, {sum(one.syncs for one in seen)} syncs of the log, {seen[0]} the first")
        assert [one for one in seen if one.writes == 0] == [], "the log was not looked at"
        assert [one for one in seen if one.syncs < 1 or one.unsynced] == []

    @pytest.mark.parametrize("level", ["OFF", "NORMAL"])
    def test_is_seen_not_to_be_with_a_laxer_setting(self, home: Path, level: str) -> None:
        seen = sell(home, level, pragma=f"PRAGMA journal_mode=WAL; PRAGMA synchronous={level};")
        assert seen.writes > 0 and seen.unsynced > 0, seen
        assert level != "OFF" or seen.syncs == 0
