"""The contract of the api is pinned: a change of it is a reviewed change of one file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.doors.api.till import CALLS
from zhenke.doors.api.contract import openapi
from zhenke.doors.checks import every_route
from zhenke.doors.permissions import ROUTES

PINNED = Path(__file__).with_name("openapi.json")
RENEW = "ZHENKE_RENEW_SNAPSHOTS"
UNSAFE = {"post", "put", "patch", "delete"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation."""
    paths = openapi()["paths"]
    return [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]


@pytest.mark.one_database
class TestContract:
    def test_is_the_pinned_one(self) -> None:
        text = json.dumps({**openapi(), "info": {"title": "Zhenke"}}, indent=1, ensure_ascii=False, sort_keys=True)
        if os.environ.get(RENEW):
            PINNED.write_text(text + "\n", encoding="utf-8")
        assert text + "\n" == PINNED.read_text(encoding="utf-8"), f"the contract changed; look, then run with {RENEW}=1"

    def test_has_every_route_of_the_door_and_no_other(self) -> None:
        served = {
            "/api/v1" + "/".join(["", *str(route.pattern.pattern).strip("/").split("/")]).rstrip("/")
            for route in every_route()
            if route.name.startswith("api-1:") and ROUTES[route.name].scope
        }
        declared = {path.replace("{", "<").replace("}", ">") for path in openapi()["paths"]}
        assert served == declared

    def test_asks_for_a_key_wherever_something_is_written(self) -> None:
        for method, path, operation in operations():
            names = {one["name"] for one in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method in UNSAFE), f"{method} {path}"

    def test_takes_no_field_that_it_does_not_name(self) -> None:
        open_ended = [
            name
            for name, shape in openapi()["components"]["schemas"].items()
            if shape.get("type") == "object" and shape.get("additionalProperties") is not False
        ]
        assert open_ended == []

    def test_answers_every_refusal_as_a_problem(self) -> None:
        for method, path, operation in operations():
            for status in ("401", "403", "404", "409", "422", "429"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"], (method, path)

    def test_tells_no_whole_contact_no_cost_and_no_secret(self) -> None:
        shapes = openapi()["components"]["schemas"]
        told = {name: set(shape.get("properties", {})) for name, shape in shapes.items() if not name.endswith("Asked")}
        asked = {"CustomerNew", "CustomerKnown", "CustomerChanged", "SaleAsked", "LineAsked", "BuyerAsked"}
        secret = {"phones", "phone", "emails", "cost", "password", "token_hash", "sealed", "blind_index", "cells"}
        assert {name: fields & secret for name, fields in told.items() if name not in asked and fields & secret} == {}

    def test_has_an_example_of_every_call_that_writes(self) -> None:
        assert {operation["operationId"] for method, _, operation in operations() if method in UNSAFE} == set(CALLS)


class TestOpenApiPages:
    def test_the_contract_may_be_read_by_everybody(self, db: None, client: Client) -> None:
        answer = client.get("/api/v1/openapi.json", secure=True)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert answer.json()["paths"].keys() == openapi()["paths"].keys()

    def test_its_page_is_for_people_who_work_here_and_loads_nothing_from_elsewhere(self, cast, client: Client) -> None:  # type: ignore[no-untyped-def]
        assert client.get("/api/v1/docs", secure=True).status_code == 302
        client.force_login(cast.zhu)
        page = client.get("/api/v1/docs", secure=True)
        assert page.status_code == 200
        assert "http" not in page.content.decode().replace("http://testserver", "")
