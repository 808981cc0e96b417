"""P16: after a day through pages, API and imports, what is sealed stands nowhere in plain bytes under the home folder.

Looked through is every file: database and its log, queue, exports, photos, temporary files, the server's log;
on PostgreSQL the whole data folder of the server too. In `./check` 12 people, 48 values; in `./check soak` 75 people,
300 values, a key rotated and a night worked through.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from bench.postgres import free_port
from django.db import connection

from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

PATIENCE_SECONDS = 180
DAY = "import django; django.setup()\nfrom tests.promises.day_of_canaries import live\n"
PLANT = "import django; django.setup()\nfrom django.db import connection\nconnection.cursor().execute(%r)"
READ_AT_ONCE = 1 << 24
OVERLAP = 256


def signs_of(mark: str) -> re.Pattern[bytes]:
    """Return what the mark looks like in bytes: as text of one byte or two a sign, written apart, or as base64."""
    apart = rb"[ \-.]?".join(re.escape(sign.encode()) for sign in mark)
    wide = [b"".join(sign.encode(coding) for sign in mark) for coding in ("utf-16-le", "utf-16-be")]
    return re.compile(b"|".join([apart, *map(re.escape, wide)]))


def plain_in(folder: Path, mark: str) -> dict[str, int]:
    """Return in which files under a folder the mark stands, and how often."""
    sign, found = signs_of(mark), {}
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # a temporary file that is gone again
            if not path.is_file():
                continue
            hits = 0
            with path.open("rb") as file:
                rest = b""
                while part := file.read(READ_AT_ONCE):
                    hits += len(sign.findall(rest + part))
                    rest = part[-OVERLAP:]
            if hits:
                found[str(path.relative_to(folder))] = hits
    return found


@contextmanager
def serving(house: House) -> Iterator[str]:
    """Serve the installation, its log in the home folder, and stop it.

    The PostgreSQL of the tests does not sync, so nothing is served on it: there the address is "", and the day in its
    own process has been all.
    """
    if house._url:
        yield ""
        return
    port = free_port()
    with (house.home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "zhenke.cli", "serve", "--port", str(port)],
            env=house._environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5)
                break
            time.sleep(0.1)
        else:
            pytest.fail(f"the server does not answer: {(house.home / 'server.log').read_text()[-2_000:]}")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=PATIENCE_SECONDS)


def ask(address: str, session: str) -> int:
    request = urllib.request.Request(address, headers={"Cookie": f"zhenke_staff={session}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return int(answer.status)


def data_folder(house: House) -> Path | None:
    """Return the data folder of the PostgreSQL server, everything in it written out; None on SQLite."""
    if not house._url:
        return None
    with psycopg.connect(house._url, autocommit=True) as database:
        database.execute("CHECKPOINT")
        row = database.execute("SHOW data_directory").fetchone()
    assert row is not None
    return Path(row[0])


def live_a_day(house: House, tmp_path: Path, people: int, *, is_whole: bool) -> tuple[str, dict[str, dict[str, int]]]:
    """Let the day pass, its server still up, and return the mark and where it stands plain."""
    mark = f"39{secrets.randbelow(10**6):06d}"
    file = tmp_path / "for-the-command.csv"  # outside of the home folder: whoever has it, has it
    said = house.run("-c", f"{DAY}live({mark!r}, {people}, {str(file)!r})")
    told = json.loads(said.splitlines()[-1])
    with serving(house) as address:
        for number in range(5 if address else 0):
            assert ask(f"{address}/search/?q=1{mark}{number:02d}", told["session"]) == 200
            assert ask(f"{address}/customers/", told["session"]) == 200
        house.run("-m", "zhenke.cli", "import", "customers", str(file), "--json", "--shop", "A")
        if is_whole:
            house.run("-m", "zhenke.cli", "keys", "rotate", "--wait")
            house.run("-m", "zhenke.cli", "night")
        kept = house.read("SELECT count(*) FROM customers_contactpoint")[0][0]
        assert kept >= people * 4 - 8, kept  # a merge of two may leave twins out
        found = {"home": plain_in(house.home, mark)}
        cluster = data_folder(house)
        if cluster is not None:
            found["cluster"] = plain_in(cluster, mark)
    print(json.dumps({"values": kept, "did": {**told, "session": ""}, "found": found}))
    return mark, found


def check(house: House, tmp_path: Path, people: int, *, is_whole: bool = False) -> None:
    mark, found = live_a_day(house, tmp_path, people, is_whole=is_whole)
    assert {name: hits for name, hits in found.items() if hits} == {}
    # The search itself finds what is planted: in a column, in a log, and written as two bytes a sign.
    where = "UPDATE customers_customer SET notes = '%s' WHERE id = (SELECT min(id) FROM customers_customer)"
    house.run("-c", PLANT % (where % f"1{mark}00"))
    (house.home / "planted.log").write_text(f"GET /search/?q=1{mark[:3]}-{mark[3:]}00")
    (house.home / "planted.bin").write_bytes(f"1{mark}00".encode("utf-16-le"))
    planted = set(plain_in(house.home, mark))
    assert {"planted.log", "planted.bin"} <= planted
    cluster = data_folder(house)
    assert any("sqlite3" in name for name in planted) or (cluster and plain_in(cluster, mark))


@pytest.mark.slow
@pytest.mark.django_db
class TestPlainText:
    def test_of_what_is_sealed_stands_nowhere(self, house: House, tmp_path: Path) -> None:
        check(house, tmp_path, 12)

    @pytest.mark.soak
    def test_of_three_hundred_values_stands_nowhere(self, house: House, tmp_path: Path) -> None:
        check(house, tmp_path, 75, is_whole=True)


@pytest.mark.slow
@pytest.mark.django_db
class TestMissingKey:
    def test_nothing_is_served_read_or_written(self, house: House) -> None:
        ring = house.home / "keys" / "fields.json"
        before = house.read("SELECT count(*) FROM customers_contactpoint")
        ring.rename(ring.with_suffix(".away"))
        for command in (("serve", "--port", str(free_port())), ("night",), ("doctor",)):
            with house.start("-m", "zhenke.cli", *command) as process:
                try:
                    out, errors = process.communicate(timeout=PATIENCE_SECONDS)
                finally:
                    process.kill()
            assert process.returncode != 0, command
            assert b"fields.json" in out + errors, (command, out, errors)
        write = (
            "import django; django.setup()\nfrom zhenke.basics.clock import now\nfrom zhenke.staff import SYSTEM\n"
            "from zhenke.customers.operations import add_contact, add_customer\n"
            "from zhenke.customers.rules import CustomerDraft\nfrom zhenke.staff.models import Shop\n"
            "add_customer(draft=CustomerDraft(name='周', phones=('13800138000',), shop=Shop.objects.get(code='A')),"
            " by=SYSTEM, now=now())\n"
        )
        with house.start("-c", write) as process:
            _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode != 0
        assert b"KeyringMissing" in errors
        assert house.read("SELECT count(*) FROM customers_contactpoint") == before
        assert not ring.exists()
        assert connection.vendor in ("sqlite", "postgresql")
