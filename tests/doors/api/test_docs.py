"""docs/api.md stays true: its calls are sent, and every address, scope and code of a refusal stands in it."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.architecture.house import ROOT
from tests.doors.api.till import FILE, Till
from tests.doors.test_words_errors import _every_refusal
from zhenke.doors.api.contract import openapi
from zhenke.doors.api.errors import DOOR
from zhenke.doors.permissions import SCOPES
from zhenke.sales.models import Sale
from zhenke.sales.rules import WRONGS

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROOMS = ("customers", "catalogue", "sales", "membership", "care")
ROOMS += ("basics.days", "basics.money", "basics.phones", "basics.tables")
EXAMPLES = re.findall(r"```sh\n(.*?)# → (\d+)\n```", TEXT, re.DOTALL)


def codes() -> set[str]:
    """Return every code that a call can be refused with: the door's, and those of the rooms that it opens."""
    rooms = tuple(f"zhenke.{room}" for room in ROOMS)
    found = {kind.code for kind in _every_refusal() if kind.__module__.startswith(rooms)}
    return {*DOOR, *WRONGS, *found, "not_found", "not_allowed", "rule_broken", "bad_input"} - {"bad_slip"}


def sent(till: Till, command: str) -> HttpResponse:
    """Send what a curl command sends."""
    words = shlex.split(command.replace("\\\n", " ").replace("$ADDRESS", "").replace("$TOKEN", till.secret))
    assert words.pop(0) == "curl"
    method, path, headers, body, form = "GET", "", {}, "", {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        elif word == "-F":
            name, _, value = words.pop(0).partition("=")
            form[name] = SimpleUploadedFile(value[1:], FILE.encode()) if value.startswith("@") else value
        else:
            path = word
    kind = headers.pop("Content-Type", "application/json")
    if form:
        return till.client.post(path, form, headers=headers, secure=True)  # type: ignore[return-value]
    return till.client.generic(method, path, body, kind, headers=headers, secure=True)  # type: ignore[return-value]


class TestDocument:
    def test_its_calls_are_answered_as_it_says(self, till: Till) -> None:
        assert len(EXAMPLES) >= 4
        for command, status in EXAMPLES:
            answer = sent(till, command)
            assert answer.status_code == int(status), (command, answer.content)
        assert Sale.objects.get().customer.name == "何念"  # type: ignore[union-attr]
        again = sent(till, EXAMPLES[0][0])
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert Sale.objects.count() == 1

    def test_its_refusal_is_a_real_one(self, till: Till) -> None:
        [example] = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
        shape: dict[str, Any] = openapi()["components"]["schemas"]["Problem"]
        assert set(example) == set(shape["properties"])
        assert example["code"] in DOOR

    @pytest.mark.parametrize("code", sorted(codes()))
    def test_names_every_code_of_a_refusal(self, code: str) -> None:
        assert f"`{code}`" in TEXT

    def test_names_every_address_and_scope(self) -> None:
        rows = set(re.findall(r"^\| `(/api/v1/[^`]*)`", TEXT, re.MULTILINE))
        assert rows == set(openapi()["paths"])
        assert [scope for scope in SCOPES if f"`{scope}`" not in TEXT] == []
