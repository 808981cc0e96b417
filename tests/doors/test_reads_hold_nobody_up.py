"""Showing a page opens no writing transaction: on SQLite it would take the one place that all writers share.

Every GET route of pages and programs, found in the URL map, is asked for by those who may; inside a test's own
transaction another one shows as a savepoint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast
from tests.doors.matrix_world import CALLERS, LEAVER, gather_world
from tests.doors.test_permission_matrix import Cell, Desk, _leave_and_connect, expected, keys_of
from zhenke.doors.checks import every_route
from zhenke.doors.permissions import ROUTES

# Routes whose showing is an act that is written down; each with the reason.
WRITES = {
    "shared_piece": "each opening of a link is counted",
    "mfa_activate_totp": "the secret of the new device is kept in the session",
    "mfa_add_webauthn": "the challenge of the new key is kept in the session",
}
ASKED_AT_LEAST = 300


class _Transactions:
    """Notes the transactions that a request opens."""

    def __init__(self) -> None:
        self.opened = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.opened += sql.startswith(("SAVEPOINT", "BEGIN"))
        return execute(sql, params, many, context)


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.django_db
class TestShowing:
    def test_opens_no_writing_transaction(self, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("ERROR", logger="django.request")
        world = gather_world(cast)
        desk, seen, asked, wrong = Desk(world), _Transactions(), 0, set()
        _leave_and_connect(world)
        for route in every_route():
            kinds = keys_of(route)
            for caller in CALLERS:
                cell = Cell(route.name, "GET", caller, "own")
                if caller == LEAVER or 200 not in expected(ROUTES[route.name], cell, kinds):
                    continue
                desk.ask(cell, route, kinds)  # what is kept from then on is read once
                seen.opened = 0
                with connection.execute_wrapper(seen):
                    status, _ = desk.ask(cell, route, kinds)
                asked += status == 200
                if seen.opened and route.name not in WRITES:
                    wrong.add(f"{route.name} by {caller}: {seen.opened}")
        assert wrong == set()
        assert asked >= ASKED_AT_LEAST
