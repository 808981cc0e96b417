"""Promise P11: every call of the contract that writes, sent twenty times at once, has one effect and one answer.

Over a real server on a real database, because twins meet in locks and not in a test client.
"""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.architecture.house import DOMAIN_ROOMS
from tests.cast import gather
from tests.doors.api.test_contract import UNSAFE, operations
from tests.doors.api.till import CALLS, FILE, Call, Till, open_shop, sale_body, till_of
from zhenke.basics.clock import now
from zhenke.doors.jobs.nightly import NIGHT
from zhenke.sales.models import Sale
from zhenke.staff.models import ApiToken, StoredReply
from zhenke.staff.operations.replies import KEEP_REPLIES, hold_call

TWINS = 20
PATIENCE_SECONDS = 60
METHODS = {operation["operationId"]: method.upper() for method, _, operation in operations() if method in UNSAFE}
SUCCESS = {200, 201, 202}


@dataclass(frozen=True)
class Answer:
    """What came back over the wire."""

    status: int
    body: bytes
    replayed: bool

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(json.loads(self.body).get("code", ""))


class Wire:
    """Sends one call over a connection of its own."""

    def __init__(self, address: str, till: Till) -> None:
        self.host = urlsplit(address).netloc
        self.till = till

    def send(self, method: str, call: Call, key: str, *, other: bool = False) -> Answer:
        """Send it once."""
        body, kind = self._upload(call, other) if call.is_upload else self._json(call, other)
        link = http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        headers = {**self.till.headers(key), "Content-Type": kind}
        link.request(method, f"/api/v1{call.path}", body, headers)
        answer = link.getresponse()
        found = Answer(answer.status, answer.read(), answer.headers.get("Idempotency-Replayed") == "true")
        link.close()
        return found

    def until_answered(self, method: str, call: Call, key: str) -> tuple[Answer, int]:
        """Send it as a patient program does: again while its twin is at work; return how often it was told to wait."""
        waits, end = 0, time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.send(method, call, key)
            if answer.status != 409 or answer.code != "call_running" or time.monotonic() > end:
                return answer, waits
            waits += 1
            time.sleep(0.05)

    @staticmethod
    def _json(call: Call, other: bool) -> tuple[bytes, str]:
        body = dict(reversed(call.body.items()))  # the order of names and the spaces are no parameters
        if other:
            name = next(name for name, value in body.items() if isinstance(value, str))
            body = {**body, name: f"{body[name]} "}
        return json.dumps(body if other else call.body, indent=1).encode(), "application/json"

    @staticmethod
    def _upload(call: Call, other: bool) -> tuple[bytes, str]:
        line = f"-----{time.monotonic_ns()}"  # another boundary each time, as real programs send
        parts = [f'--{line}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in call.body.items()]
        text = FILE + "何新,13800138013,N3\n" if other else FILE
        head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\nContent-Type: text/csv'
        return "".join(
            [*parts, f"{head}\r\n\r\n{text}\r\n--{line}--\r\n"]
        ).encode(), f"multipart/form-data; boundary={line}"


def rows() -> Counter[str]:
    """Count the rows of every table of the rooms."""
    models = [model for model in apps.get_models() if model._meta.app_label in DOMAIN_ROOMS]
    return Counter({model.__name__: model._default_manager.count() for model in models})


@pytest.fixture
def wire(transactional_db: None, live_server) -> Iterator[Wire]:  # type: ignore[no-untyped-def]
    """A till that speaks to a real server."""
    cast = gather()
    open_shop()
    yield Wire(live_server.url, till_of(cast))


class TestEveryUnsafeCall:
    @pytest.mark.parametrize("name", sorted(METHODS))
    def test_sent_twenty_times_at_once_has_one_effect_and_one_answer(
        self, wire: Wire, name: str, settings, capsys: pytest.CaptureFixture[str]
    ) -> None:  # type: ignore[no-untyped-def]
        settings.API_CALLS_A_MINUTE = 100_000
        method, call = METHODS[name], CALLS[name](wire.till)
        before = rows()
        with ThreadPoolExecutor(TWINS) as pool:
            told = list(pool.map(lambda _: wire.until_answered(method, call, "one-key"), range(TWINS)))
        answers, made = [answer for answer, _ in told], rows() - before
        assert {answer.status for answer in answers} <= SUCCESS, answers[0].body
        assert len({(answer.status, answer.body) for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        assert {table: made[table] for table in call.makes} == call.makes
        assert made["StoredReply"] == 1
        with capsys.disabled():
            print(f"\n{name}: {TWINS} twins, {sum(waits for _, waits in told)} told to wait", end="")

        if any(isinstance(value, str) for value in call.body.values()):  # a call without a word cannot be another one
            other = wire.send(method, call, "one-key", other=True)
            assert (other.status, other.code) == (422, "idempotency_key_reused")
        assert rows() - before == made

    @pytest.mark.parametrize("name", sorted(METHODS))
    def test_begins_nothing_without_a_key(self, wire: Wire, name: str) -> None:
        method, call = METHODS[name], CALLS[name](wire.till)
        before = rows()
        link = http.client.HTTPConnection(wire.host, timeout=PATIENCE_SECONDS)
        body, kind = wire._upload(call, False) if call.is_upload else wire._json(call, False)
        for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 201}, {"Idempotency-Key": "a b"}):
            headers = {"Authorization": f"Bearer {wire.till.secret}", "Content-Type": kind, **key}
            link.request(method, f"/api/v1{call.path}", body, headers)
            answer = link.getresponse()
            assert (answer.status, json.loads(answer.read())["code"]) == (422, "idempotency_key_missing")
        assert rows() == before


@pytest.mark.django_db
class TestKeys:
    def test_of_another_credential_are_other_keys(self, till: Till) -> None:
        second = till_of(till.cast)
        body = {"name": "何念", "shop": "A"}
        first, other = till.post("/customers", body, key="k1"), second.post("/customers", body, key="k1")
        assert (first.status_code, other.status_code) == (201, 201)
        assert first.json()["customer"]["id"] != other.json()["customer"]["id"]
        assert StoredReply.objects.filter(key="k1").count() == 2

    def test_of_another_address_are_other_keys(self, till: Till) -> None:
        assert till.post("/customers", {"name": "何念", "shop": "A"}, key="k1").status_code == 201
        assert till.post("/sales", sale_body(), key="k1").status_code == 201

    def test_of_another_object_under_one_address_are_reused(self, till: Till) -> None:
        paths = [f"/customers/{one.pk}" for one in (till.cast.mrs_zhou, till.cast.mr_zhou)]
        first, second = (till.send("PATCH", path, {"region": "深圳"}, key="k1") for path in paths)
        assert (first.status_code, second.status_code) == (200, 422)
        assert second.json()["code"] == "idempotency_key_reused"

    def test_of_refused_calls_are_free_again(self, till: Till) -> None:
        refused = till.post("/sales", sale_body(advisor="nobody"), key="k1")
        assert refused.status_code == 422
        assert not StoredReply.objects.exists()
        assert till.post("/sales", sale_body(), key="k1").status_code == 201

    def test_held_by_a_twin_at_work_are_told_to_wait(self, transactional_db: None) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite's writers wait for each other; the twin gets the answer instead of the refusal")
        till = till_of(gather())
        route = "POST api/v1/customers"
        slot = {"credential": str(_token_of(till)), "endpoint": route, "key": "k1"}
        with transaction.atomic():
            assert hold_call(**slot)
            with ThreadPoolExecutor(1) as pool:
                answer = pool.submit(_from_another_connection, till).result()
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "call_running", "1")
        assert till.post("/customers", {"name": "何念", "shop": "A"}, key="k1").status_code == 201

    def test_are_forgotten_after_a_week_and_not_before_72_hours(self, till: Till) -> None:
        till.post("/sales", sale_body(), key="k1")
        assert timedelta(hours=72) <= KEEP_REPLIES
        prune = NIGHT["drop_old_replies"]
        assert prune(now() + timedelta(hours=72)) == {"replies": 0}
        assert prune(now() + KEEP_REPLIES + timedelta(minutes=1)) == {"replies": 1}
        assert prune(now() + KEEP_REPLIES + timedelta(minutes=1)) == {"replies": 0}

    def test_effect_and_answer_are_there_together_or_not_at_all(self, till: Till) -> None:
        """The last statement of the call fails, as when the process dies before its commit."""

        def dying(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            if "staff_storedreply" in sql and sql.startswith("INSERT"):
                raise KeyboardInterrupt
            return execute(sql, params, many, context)

        body = sale_body()
        with connection.execute_wrapper(dying), pytest.raises(KeyboardInterrupt):
            till.post("/sales", body, key="k1")
        assert not Sale.objects.exists() and not StoredReply.objects.exists()
        assert till.post("/sales", body, key="k1").status_code == 201


def _token_of(till: Till) -> int:
    return int(ApiToken.objects.get(acts_as=till.account).pk)


def _from_another_connection(till: Till):  # type: ignore[no-untyped-def]
    try:
        return till.post("/customers", {"name": "何念", "shop": "A"}, key="k1")
    finally:
        connection.close()
