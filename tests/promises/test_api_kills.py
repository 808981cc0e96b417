"""P11: a call whose server is killed is sent again and has one effect, whenever it was killed.

A real `zhenke serve`; its whole process group gets SIGKILL while it answers. Some kills fall by the clock, spread over
the usual time of an answer. The others fall between effect and reply: as soon as the effect can be seen from outside,
while a middleware of the test holds the reply back. Then the server is started again, and the same call is sent until
it is answered.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import psycopg
import pytest
from bench.postgres import free_port, start_postgres, stop_postgres
from django.apps import apps
from django.db import connection

from tests.promises.test_imports import House

KINDS = ("sales", "customers", "returns", "tasks")
KILLS_BY_CLOCK, KILLS_AT_EFFECT = 25, 50
SEED = 20261122
REHEARSALS = 3
LATEST = 1.3  # of the usual time of an answer: some kills fall after it
PATIENCE_SECONDS = 60
LATE_SECONDS = 3
SETTINGS = "from zhenke.settings import *\nMIDDLEWARE = ['of_the_test.middleware', *MIDDLEWARE]\n"
# Holds a reply back that is ready, of a call that asks for it.
LINGERING = """
import time
def middleware(answer):
    def lingering(request):
        response = answer(request)
        time.sleep(float(request.headers.get("X-Linger", 0)))
        return response
    return lingering
"""
# Keeps an answer after its effect and not with it: the planted fault.
LATE_REPLIES = f"""
import time
from django.db import transaction
from zhenke.doors.api import repeats
keep = repeats.keep_reply
repeats.keep_reply = lambda **reply: transaction.on_commit(lambda: (time.sleep({LATE_SECONDS}), keep(**reply)))
def middleware(answer):
    return answer
"""

pytestmark = pytest.mark.soak


@dataclass(frozen=True)
class Call:
    """One call that writes, under a key of its own."""

    kind: str
    key: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    is_replayed: bool


class Shop(House):
    """A real installation with a till's token, whose web server is killed and started again."""

    _server: subprocess.Popen[bytes] | None = None

    def open(self, middleware: str) -> None:
        """Give the till its token and start the server, with one middleware more."""
        made = self.run("-m", "zhenke.cli", "create-token", "till-a", "--shop", "ZBG", "--json")
        self._headers = {"Authorization": f"Bearer {json.loads(made)['token']}", "Content-Type": "application/json"}
        (self.home / "settings_of_the_test.py").write_text(SETTINGS)
        (self.home / "of_the_test.py").write_text(middleware)
        self._environment["DJANGO_SETTINGS_MODULE"] = "settings_of_the_test"
        self._environment["ZHENKE_WORKERS"] = "1"  # so that one who has answered answers as quickly again
        self._environment["PYTHONPATH"] += f"{os.pathsep}{self.home}"
        self.serve()

    def serve(self) -> None:
        """Start the server on a port of its own and wait until it answers."""
        self._port = free_port()
        with (self.home / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "zhenke.cli", "serve", "--port", str(self._port)],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a process group of its own
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if self._ask("GET", "/api/v1/tasks?size=1").status == 200:
                    return
            time.sleep(0.05)
        pytest.fail(f"the server does not answer: {(self.home / 'server.log').read_text()[-2_000:]}")

    def kill(self) -> None:
        """Kill the server and all its processes at once, if it runs."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(timeout=PATIENCE_SECONDS)
            self._server = None

    def send(self, call: Call, *, linger_seconds: int = 0) -> Answer:
        """Send a call once; its reply is held back so long."""
        headers = {"Idempotency-Key": call.key, "X-Linger": str(linger_seconds)}
        return self._ask("POST", f"/api/v1/{call.kind}", json.dumps(call.body), headers)

    def send_until_answered(self, call: Call) -> Answer:
        """Send a call as a patient till does."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.send(call)
            if answer.status not in {409, 503} or time.monotonic() > end:
                return answer
            time.sleep(0.05)

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)) as link:
            link.request(method, path, body, {**self._headers, **(headers or {})})
            found = link.getresponse()
            return Answer(found.status, found.read(), found.headers.get("Idempotency-Replayed") == "true")

    def rows(self) -> Counter[str]:
        """Count the rows of every table, from outside."""
        tables = [model._meta.db_table for model in apps.get_models()]
        return Counter(dict(self.read(" UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in tables))))

    def wait_for_effect(self, call: Call, sent: Future[Answer]) -> None:
        """Return as soon as the kept answer of a call, which is written with its effect, can be seen from outside."""
        query = f"SELECT 1 FROM staff_storedreply WHERE key = '{call.key}'"
        path = self.home / "zhenke.sqlite3"
        opened: Any = psycopg.connect(self._url, autocommit=True) if self._url else sqlite3.connect(path, timeout=60)
        with closing(opened) as database:
            while not sent.done() and database.execute(query).fetchone() is None:
                time.sleep(0.001)


class Till:
    """Makes calls of four kinds; a return and a task are of a sale of their own, made before."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._numbers = count(1)

    def call(self, kind: str) -> Call:
        """Return a new call."""
        number = next(self._numbers)
        body: dict[str, Any] = getattr(self, f"_{kind}")(number)
        return Call(kind, f"till-a-{number}", body)

    def _sold(self) -> Any:
        answer = self._shop.send(self.call("sales"))
        assert answer.status == 201, answer
        return json.loads(answer.body)

    def _sales(self, number: int) -> dict[str, Any]:
        new = {"name": "何念", "phones": [f"1380013{number:04}"], "traits": {"metal": ["gold"]}}
        return {
            "source_key": f"till-a:{number}",
            "sold_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            "shop": "A",
            "advisor": "mei",
            "buyer": {"source_key": f"buyer:{number}", "new": new},
            "lines": [{"style_no": f"R{one}", "amount": {"minor": 880_000, "currency": "CNY"}} for one in range(3)],
        }

    def _customers(self, number: int) -> dict[str, Any]:
        # Without a key of the till's own: only the Idempotency-Key keeps her from being opened twice.
        birthday = {"calendar": "lunar", "month": 8, "day": 15}
        about = {"name": "何念", "phones": [f"1390013{number:04}"], "birthday": birthday, "tags": ["VIP"]}
        return {**about, "shop": "A", "owner": "mei"}

    def _returns(self, number: int) -> dict[str, Any]:
        sale = self._sold()["sale"]
        return {
            "source_key": f"till-a:{number}",
            "returned_at": datetime.now(UTC).isoformat(),
            "shop": "A",
            "advisor": "mei",
            "sale_id": sale["id"],
            "lines": [{"line_key": sale["lines"][0]["line_key"]}],
        }

    def _tasks(self, number: int) -> dict[str, Any]:
        due_date = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
        customer_id = self._sold()["customer"]["id"]
        return {"customer_id": customer_id, "assignee": "mei", "due_date": due_date, "note": f"Call {number}"}


def killed_while_answering(shop: Shop, call: Call, *, after_seconds: float | None) -> Answer | None:
    """Send a call and kill the server, by the clock or (None) at the effect. Return the answer if it came."""
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(shop.send, call, linger_seconds=PATIENCE_SECONDS if after_seconds is None else 0)
        if after_seconds is None:
            shop.wait_for_effect(call, sent)
        else:
            time.sleep(after_seconds)
        shop.kill()
        with suppress(OSError, http.client.HTTPException):
            return sent.result()
    return None


@dataclass
class Outcome:
    """One call that was killed: when, and how it differs from a call that was not."""

    fell: str
    made: Counter[str]
    wrong: list[str]


def kill_and_repeat(shop: Shop, call: Call, *, after_seconds: float | None, makes: Counter[str]) -> Outcome:
    """Kill the server under a call, start it again, and repeat the call until it is answered, and once more."""
    before = shop.rows()
    first = killed_while_answering(shop, call, after_seconds=after_seconds)
    shop.serve()
    answer = shop.send_until_answered(call)
    again = shop.send(call)
    made, wrong = shop.rows() - before, []
    if answer.status != 201:
        wrong.append(f"{call}: answered {answer}")
    if first is not None and (first.status, first.body) != (answer.status, answer.body):
        wrong.append(f"{call}: first {first}, then {answer}")
    if (again.status, again.body, again.is_replayed) != (answer.status, answer.body, True):
        wrong.append(f"{call}: {answer}, repeated {again}")
    if made != makes:
        wrong.append(f"{call}: made {dict(made)} and not {dict(makes)}")
    fell = "after" if first is not None else "between" if answer.is_replayed else "before"
    return Outcome(fell, made, wrong)


def rehearse(shop: Shop, till: Till, kind: str) -> tuple[float, Counter[str]]:
    """Make calls that nobody kills; return how many seconds one takes just now, and which rows it makes."""
    times, makes = [], []
    for _ in range(REHEARSALS):
        call, before, began = till.call(kind), shop.rows(), time.perf_counter()
        answer = shop.send(call)
        times.append(time.perf_counter() - began)
        makes.append(shop.rows() - before)
        assert answer.status == 201, answer
    assert makes == [makes[0]] * REHEARSALS
    return median(times), makes[0]


def plan(rng: Random) -> list[tuple[str, float | None]]:
    """Return each kill: under which kind of call, and when, as a share of the usual time; None: at the effect."""
    by_clock = [LATEST * (step + rng.random()) / KILLS_BY_CLOCK for step in range(KILLS_BY_CLOCK)]
    rng.shuffle(by_clock)
    kills = [(KINDS[number % len(KINDS)], share) for number, share in enumerate(by_clock)]
    kills += [(KINDS[number % len(KINDS)], None) for number in range(KILLS_AT_EFFECT)]
    rng.shuffle(kills)
    return kills


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[Callable[[], Shop]]:
    """Makes an installation on the database that this run is about: PostgreSQL as in a shop, nothing switched off."""
    shops: list[Shop] = []
    cluster = Path(tempfile.mkdtemp(prefix="zhenke-kills-")) if connection.vendor == "postgresql" else None

    def make() -> Shop:
        shops.append(Shop(tmp_path / "home", f"{start_postgres(cluster)}/postgres" if cluster else ""))
        return shops[-1]

    try:
        yield make
    finally:
        for shop in shops:
            shop.kill()
        if cluster:
            stop_postgres(cluster)
            shutil.rmtree(cluster)


class TestACallWhoseServerIsKilled:
    def test_has_one_effect_and_one_answer(
        self, new_shop: Callable[[], Shop], capsys: pytest.CaptureFixture[str]
    ) -> None:
        shop = new_shop()
        shop.open(LINGERING)
        till, wrong = Till(shop), []
        by_clock: Counter[str] = Counter()
        at_effect: Counter[str] = Counter()
        for kind in KINDS:  # the first of each also makes what is made once: the styles, the tag
            shop.send(till.call(kind))
        for kind, share in plan(Random(SEED)):
            usual_seconds, makes = rehearse(shop, till, kind)
            after_seconds = None if share is None else share * usual_seconds
            outcome = kill_and_repeat(shop, till.call(kind), after_seconds=after_seconds, makes=makes)
            (at_effect if share is None else by_clock)[outcome.fell] += 1
            wrong += outcome.wrong
        with capsys.disabled():
            print(f"\nkills on {connection.vendor}, seed {SEED}: by the clock {by_clock}, at the effect {at_effect}")
        assert wrong == []
        assert half_written(shop) == []
        assert by_clock["before"] and by_clock["after"] and at_effect == {"between": KILLS_AT_EFFECT}

    def test_is_seen_to_be_done_twice_when_its_answer_is_kept_too_late(self, new_shop: Callable[[], Shop]) -> None:
        shop = new_shop()
        shop.open(LATE_REPLIES)
        till = Till(shop)
        shop.send(till.call("customers"))
        _, makes = rehearse(shop, till, "customers")
        outcome = kill_and_repeat(shop, till.call("customers"), after_seconds=LATE_SECONDS / 2, makes=makes)
        assert outcome.fell == "before"  # nothing was kept to be answered again
        assert outcome.made["customers_customer"] == 2
        assert len(outcome.wrong) == 1 and " and not " in outcome.wrong[0]


def half_written(shop: Shop) -> list[Any]:
    """Return what does not fit together in the database: receipts and lines, customers and grades, the audit trail."""
    found = shop.read(
        "SELECT s.source_key, s.line_count, s.amount_minor, count(l.id), sum(l.amount_minor) FROM sales_sale s "
        "LEFT JOIN sales_saleline l ON l.sale_id = s.id GROUP BY s.id "
        "HAVING count(l.id) <> s.line_count OR sum(l.amount_minor) <> s.amount_minor"
    )
    found += shop.read("SELECT id FROM customers_customer WHERE id NOT IN (SELECT customer_id FROM grading_grade)")
    found += shop.read(
        "SELECT customer_id, sale_id, step, count(*) FROM care_task WHERE sale_id IS NOT NULL "
        "GROUP BY customer_id, sale_id, step, due_date HAVING count(*) > 1"
    )
    if connection.vendor == "sqlite":
        found += [row for row in shop.read("PRAGMA integrity_check") if row != ("ok",)]
        found += shop.read("PRAGMA foreign_key_check")
    checks = json.loads(shop.run("-m", "zhenke.cli", "doctor", "--json"))["checks"]
    return [*found, *(name for name, check in checks.items() if not check["well"])]
