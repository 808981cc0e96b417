"""Who comes in, how much at once, and what is never read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.doors.api.till import API, Till, sale_body, till_of
from tests.doors.test_headers import faults_of
from zhenke.basics.clock import now
from zhenke.doors.api import sales as sales_door
from zhenke.doors.api.access import Budget
from zhenke.doors.permissions import SCOPES
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM
from zhenke.staff.models import ApiToken, StoredReply
from zhenke.staff.operations import let_go, revoke_token


class TestTokens:
    def test_open_only_what_their_scopes_name(self, till: Till) -> None:
        reader = till_of(till.cast, scopes=("sales:read",))
        assert reader.get("/sales").status_code == 200
        refused = reader.post("/sales", sale_body())
        assert (refused.status_code, refused.json()["facts"]) == (403, {"scope": "sales:write"})
        for noun in ("customers", "tasks", "grades?letter=A"):
            assert reader.get(f"/{noun}").json()["code"] == "scope_missing"
        assert not Sale.objects.exists()

    def test_end_when_revoked_run_out_or_their_account_goes(self, till: Till) -> None:
        gone, old, left = (till_of(till.cast) for _ in range(3))
        at = now()
        revoke_token(token=ApiToken.objects.get(acts_as=gone.account), by=SYSTEM, now=at)
        ApiToken.objects.filter(acts_as=old.account).update(expires_at=at - timedelta(seconds=1))
        let_go(member=left.account, by=SYSTEM, now=at)
        for out in (gone, old, left):
            answer = out.get("/customers")
            assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (
                401,
                "token_missing",
                "Bearer",
            )

    def test_are_not_replaced_by_a_session(self, till: Till, client: Client) -> None:
        client.force_login(till.cast.zhu)
        assert client.get(f"{API}/customers", secure=True).status_code == 401

    def test_may_be_issued_for_every_scope_of_the_door(self) -> None:
        assert set(SCOPES) >= {"customers:read", "customers:write", "sales:write", "tasks:write", "imports:write"}


class TestAnswers:
    def test_carry_the_walls_and_are_kept_by_nobody(self, till: Till) -> None:
        answers = [
            till.get("/customers"),
            till.post("/sales", sale_body()),
            till.post("/sales", {}),
            till.get("/nothing/here"),
            till.send("DELETE", "/customers", {}),
        ]
        assert [faults_of(answer) for answer in answers] == [[]] * 5
        assert [answer.status_code for answer in answers] == [200, 201, 422, 404, 405]
        assert answers[3]["Content-Type"] == answers[4]["Content-Type"] == "application/problem+json"

    def test_of_a_fault_of_ours_are_problems_and_nothing_is_done(
        self, till: Till, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(viewer: object, recorded: object) -> None:
            raise ZeroDivisionError

        body = sale_body()
        with monkeypatch.context() as patch:
            patch.setattr(sales_door, "recorded_told", broken)
            answer = till.post("/sales", body, key="k1")
        assert (answer.status_code, answer.json()["code"]) == (500, "fault")
        assert not Sale.objects.exists() and not StoredReply.objects.exists()
        assert till.post("/sales", body, key="k1").status_code == 201

    def test_of_a_busy_database_say_when_to_come_again(self, till: Till) -> None:
        def locked(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            if sql.startswith("INSERT"):
                raise OperationalError("database is locked")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(locked):
            answer = till.post("/sales", sale_body())
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "1")


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            "{",
            "[" * 100_000,
            '{"a":' * 5_000 + "1" + "}" * 5_000,
            json.dumps([[[[[[[[[[[[[1]]]]]]]]]]]]]),
            '{"source_key": "a", "source_key": "b"}',
            '{"note": NaN}',
            '{"note": 1e999}',
            '{"note": ' + "9" * 5_000 + "}",
            '{"note": "\\u0000"}',
            '{"note": "\\ud800"}',
            '{"\\u0000": 1}',
            '"text"',
            "null",
            "[]",
            b"\xff\xfe{}",
            json.dumps({"lines": [{}] * 60_000}),
        ],
        ids=lambda body: repr(body)[:24],
    )
    def test_that_are_bombs_or_nonsense_are_refused(self, till: Till, body: str | bytes) -> None:
        answer = till.post("/sales", body)
        assert (answer.status_code, answer.json()["code"] in {"body_unreadable", "body_wrong"}) == (422, True)
        assert len(answer.content) < 5_000

    def test_that_are_too_large_or_of_another_type_are_not_read(self, till: Till) -> None:
        large = till.post("/sales", sale_body(note="x" * (1 << 20)))
        assert (large.status_code, large.json()["code"]) == (413, "body_too_large")
        form = till.client.post(f"{API}/sales", sale_body(lines="x"), headers=till.headers(), secure=True)
        assert (form.status_code, form.json()["code"]) == (415, "content_type_wrong")

    def test_in_chunks_are_refused_and_not_taken_for_empty(self, till: Till) -> None:
        headers = {**till.headers(), "Transfer-Encoding": "chunked"}
        answer = till.client.post(f"{API}/tasks", content_type="application/json", headers=headers, CONTENT_LENGTH="")
        assert (answer.status_code, answer.json()["code"]) == (411, "length_missing")

    def test_say_what_does_not_fit_without_sending_it_back(self, till: Till) -> None:
        told = till.post("/customers", {"name": "何念", "phones": ["13800138009"] * 21, "kind": "13800138009"}).json()
        assert {error["at"] for error in told["facts"]["errors"]} == {"body.body.phones", "body.body.kind"}
        assert "13800138009" not in json.dumps(told)

    def test_of_queries_hold_only_what_is_offered(self, till: Till) -> None:
        assert till.get("/sales", custmer_id="1").json()["facts"]["errors"][0]["at"] == "query.custmer_id"
        for path, query in (
            ("/customers", {"region": "\x00"}),
            ("/sales", {"shop": "\x00"}),
            ("/tasks", {"assignee": "\x00"}),
        ):
            assert till.get(path, **query).json()["code"] == "body_unreadable"
        for query in ({"size": 0}, {"size": 101}, {"customer_id": "1; DROP"}, {"from_date": "2026-13-01"}):
            assert till.get("/sales", **query).status_code == 422
        assert till.get("/sales", customer_id="9" * 19).json()["code"] == "not_found"


class TestBudget:
    def test_stops_a_token_and_lets_others_go_on(self, till: Till, settings) -> None:  # type: ignore[no-untyped-def]
        settings.API_CALLS_A_MINUTE = 3
        other = till_of(till.cast)
        codes = [till.get("/customers").status_code for _ in range(5)]
        assert sorted(codes) == [200, 200, 200, 429, 429] or len(set(codes)) == 1  # the minute may turn in between
        refused = till.get("/customers")
        if refused.status_code == 429:
            assert refused.json()["code"] == "over_budget"
            assert 1 <= int(refused["Retry-After"]) <= 60
        assert other.get("/customers").status_code == 200

    def test_counts_again_in_the_next_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = [600.0]
        monkeypatch.setattr("zhenke.doors.budget.time.monotonic", lambda: clock[0])
        budget = Budget()
        assert [budget.seconds_to_wait(1, calls=2) for _ in range(3)] == [0, 0, 60]
        clock[0] += 59
        assert budget.seconds_to_wait(1, calls=2) == 1
        clock[0] += 1
        assert budget.seconds_to_wait(1, calls=2) == 0
