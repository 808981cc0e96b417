"""Promise P14: nothing can be written that was not offered, and nothing is told that the contract does not name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.house import DOMAIN_ROOMS
from tests.doors.api.test_contract import UNSAFE, operations
from tests.doors.api.till import CALLS, Call, Till, sale_body, twin_of_mrs_zhou, visit_body
from tests.doors.test_permission_matrix import _Writes
from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.operations import save_custom_field
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.doors.api.contract import openapi
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.operations.tiers import review_members
from zhenke.staff import SYSTEM

RESERVED = (
    *("id", "pk", "_id", "uuid", "key", "password", "is_admin", "is_staff", "is_superuser", "role", "roles", "scopes"),
    *("permissions", "groups", "token", "token_hash", "account_id", "tenant", "tenant_id", "brand_id", "shop_id"),
    *("owner_id", "cover_id", "created_at", "updated_at", "created_by", "deleted_at", "__proto__", "constructor"),
    *("__class__", "__dict__", "_state", "$where", "viewer", "by", "now", "user", "user_id", "session", "csrf_token"),
    *("grade", "letter", "score", "customer", "sale"),
)
CHUNK = 20
Path = tuple[str | int, ...]


def every_name() -> list[str]:
    """Return the names of all fields of all our tables, and names that other programs were broken with."""
    fields = {
        name
        for model in apps.get_models()
        if model._meta.app_label in DOMAIN_ROOMS
        for field in model._meta.get_fields()
        for name in (field.name, getattr(field, "attname", field.name))
    }
    return sorted(fields | set(RESERVED))


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and the one shape of "this or nothing"."""
    while True:
        if "$ref" in shape:
            shape = openapi()["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in shape:
            shape = next(one for one in shape["anyOf"] if one.get("type") != "null")
        elif "allOf" in shape:
            shape = shape["allOf"][0]
        else:
            return shape


def levels(
    body: Any, shape: dict[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], set[str]]]:
    """Yield where each object of a body stands and which names are offered there."""
    shape = resolved(shape)
    if isinstance(body, dict) and "properties" in shape:
        yield path, set(shape["properties"])
        for name, value in body.items():
            yield from levels(value, shape["properties"][name], (*path, name))
    if isinstance(body, list) and "items" in shape:
        for number, value in enumerate(body):
            yield from levels(value, shape["items"], (*path, number))


def with_names(body: dict[str, Any], path: Path, names: list[str]) -> dict[str, Any]:
    """Return the body with more names at one place."""
    changed = deepcopy(body)
    spot: Any = changed
    for step in path:
        spot = spot[step]
    spot.update(dict.fromkeys(names, "1"))
    return changed


def undeclared(told: Any, shape: dict[str, Any], path: str = "") -> list[str]:
    """Return what an answer holds that its shape does not name."""
    shape = resolved(shape)
    if isinstance(told, dict) and "properties" in shape:
        extra = [f"{path}.{name}" for name in told if name not in shape["properties"]]
        known = [name for name in told if name in shape["properties"]]
        return extra + [
            x for name in known for x in undeclared(told[name], shape["properties"][name], f"{path}.{name}")
        ]
    if isinstance(told, list) and "items" in shape:
        return [x for one in told for x in undeclared(one, shape["items"], f"{path}[]")]
    return []


WRITING = {operation["operationId"]: (method, operation) for method, _, operation in operations() if method in UNSAFE}


def body_shape(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of an operation's body."""
    [content] = operation["requestBody"]["content"].values()
    return dict(content["schema"])


class TestOffered:
    def test_there_are_names_worth_sending(self) -> None:
        assert len(set(RESERVED)) >= 40
        assert len(every_name()) > 150
        assert {"owner_id", "token_hash", "amount_minor", "occurrence_key"} <= set(every_name())

    @pytest.mark.parametrize("name", sorted(CALLS))
    def test_no_other_name_is_taken_anywhere_in_a_body(self, till: Till, name: str, settings) -> None:  # type: ignore[no-untyped-def]
        settings.API_CALLS_A_MINUTE = 100_000
        method, operation = WRITING[name]
        call = CALLS[name](till)
        till.get("/tasks")  # notes that the token was used, at most once a minute
        writes, sent = _Writes(), 0
        with connection.execute_wrapper(writes):
            for path, offered in levels(call.body, body_shape(operation)):
                names = [one for one in every_name() if one not in offered]
                for first in range(0, len(names), CHUNK):
                    chunk = names[first : first + CHUNK]
                    answer = _send(till, method, call, with_names(call.body, path, chunk))
                    assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong"), (path, chunk)
                    refused = {error["at"].rsplit(".", 1)[1] for error in answer.json()["facts"]["errors"]}
                    assert refused == set(chunk), (path, chunk)
                    sent += len(chunk)
        assert writes.seen == []
        assert sent > 150

    @pytest.mark.parametrize("name", sorted(CALLS))
    def test_the_very_same_call_without_them_is_taken(self, till: Till, name: str) -> None:
        method, operation = WRITING[name]
        call = CALLS[name](till)
        answer = _send(till, method, call, call.body)
        assert answer.status_code in {200, 201, 202}, answer.content
        shape = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        assert undeclared(answer.json(), shape) == []


def _send(till: Till, method: str, call: Call, body: dict[str, Any]):  # type: ignore[no-untyped-def]
    if call.is_upload:
        return till.upload({**call.fields(), **body})
    return till.send(method.upper(), call.path, body)


def _given_to(customer: int) -> dict[str, object]:
    return {"gift_for": str(customer), "secret_until_date": local_date(now(), "Asia/Shanghai").isoformat()}


class TestTold:
    def test_answers_of_reading_calls_hold_what_the_contract_names_and_no_more(self, till: Till) -> None:
        recorded = till.post("/sales", sale_body()).json()
        till.post(
            f"/customers/{till.cast.mrs_zhou.pk}/links", {"other_id": str(till.cast.mr_zhou.pk), "kind": "spouse"}
        )
        load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=now())
        till.post(f"/customers/{till.cast.mrs_zhou.pk}/visits", visit_body(till))
        till.post("/sales", sale_body(buyer={"card_number": "ZK000002"}, **_given_to(till.cast.mrs_zhou.pk)))
        asked = {"get_sale": recorded["sale"]["id"], "get_task": recorded["tasks"][0]["id"]}
        words = {"name_en": "Tea", "name_zh": "茶", "kind": "yes_no"}
        save_custom_field(key="tea", **words, by=till.cast.zhu, now=now())
        till.post(f"/customers/{till.cast.mrs_zhou.pk}/traits", {"traits": {"custom.tea": ["yes"]}})
        asked["get_piece"] = till.get(f"/customers/{till.cast.mrs_zhou.pk}/pieces").json()["rows"][0]["id"]
        twin_of_mrs_zhou(till)
        load_first_rules(rules=PROGRAMME_RULES, now=now())
        today = local_date(now(), "Asia/Shanghai")
        review_members(customer_ids=[till.cast.mrs_zhou.pk], on=today, reason="night", now=now())
        seen = 0
        for method, path, operation in operations():
            if method != "get" or "/imports/" in path:
                continue
            key = asked.get(operation["operationId"], till.cast.mrs_zhou.pk)
            query = {"list_grades": {"letter": recorded["grade"]["letter"]}, "search_customers": {"text": "ZK000001"}}
            address = re.sub(r"{\w+}", str(key), path.removeprefix("/api/v1"))
            answer = till.get(address, **query.get(operation["operationId"], {}))
            assert answer.status_code == 200, (path, answer.content)
            shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert undeclared(answer.json(), shape) == []
            assert str(answer.json()) not in ("{}", "{'rows': []}", "{'rows': [], 'after': ''}"), path
            seen += 1
        assert seen == 25

    def test_the_check_finds_a_planted_fault(self) -> None:
        shape = {"properties": {"rows": {"items": {"properties": {"id": {}}}}}}
        assert undeclared({"rows": [{"id": "1", "token_hash": "x"}]}, shape) == [".rows[].token_hash"]
