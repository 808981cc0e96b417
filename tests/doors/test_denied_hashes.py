"""Promise P12: no denied call of the whole permission matrix changes any row of any table, on either database.

`test_permission_matrix.py` counts statements; this looks at what stands in all tables before and after each call, and
so sees what a counter of statements cannot. Seen to go red on planted faults, one of which the counter does not see.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

import pytest

from tests.cast import Cast
from tests.doors.matrix_world import CALLERS, RELATIONS, gather_world
from tests.doors.test_permission_matrix import (
    FINE,
    METHODS,
    Cell,
    Desk,
    _leave_and_connect,
    _Writes,
    expected,
    keys_of,
)
from tests.promises import rows
from zhenke.doors import permissions
from zhenke.doors.checks import Route, every_route
from zhenke.doors.permissions import ROUTES

PARTS = 4
LEAST = 20_000  # a run that denies less has lost sight of something
WHOLE_LOOK = 500  # calls, after which every table is hashed, whatever was counted


@dataclass
class Seen:
    """What came of it."""

    calls: int = 0
    wrong: list[str] = field(default_factory=list)


def watched(desk: Desk, routes: list[Route], methods: Iterable[str] = METHODS) -> Seen:
    """Make every call that the table denies; after each, hash the tables into which rows were written.

    The database's own count says which: it sees a row that is written in any words. Every so many calls, and at the
    end, all tables are hashed: what a count did not see is found there.
    """
    for route, caller, relation in product(routes, CALLERS, RELATIONS):
        for kind in {"customer", *keys_of(route).values()}:
            desk.world.key(kind, relation, caller)  # beforehand, so that no call is blamed for writing it
    seen, before, count = Seen(), rows.hashes(), rows.counted()
    for route, caller, method, relation in product(routes, CALLERS, methods, RELATIONS):
        cell, kinds = Cell(route.name, method, caller, relation), keys_of(route)
        if expected(ROUTES[route.name], cell, kinds) & FINE:
            continue
        desk.ask(cell, route, kinds)
        seen.calls += 1
        last, count = count, rows.counted()
        is_whole = seen.calls % WHOLE_LOOK == 0
        if count != last or is_whole:
            after = {**before, **rows.hashes(None if is_whole else rows.written(last, count))}
            if after != before:
                seen.wrong.append(f"{cell}: denied, and changed {rows.changed(before, after)}")
            before = after
    if left := rows.changed(before, rows.hashes()):
        seen.wrong.append(f"in the end, and unseen before: {left}")
    return seen


def opened(cast: Cast) -> Desk:
    """Return the desk of the matrix."""
    world = gather_world(cast)
    desk = Desk(world)
    _leave_and_connect(world)
    return desk


@pytest.mark.soak
@pytest.mark.django_db
class TestNoDeniedCall:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_changes_any_row_of_any_table(
        self, part: int, cast: Cast, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("ERROR", logger="django.request")
        began, routes = time.monotonic(), list(every_route())[part::PARTS]
        seen = watched(opened(cast), routes)
        with capsys.disabled():
            took = time.monotonic() - began
            print(
                f"\ndenied calls: {len(routes)} routes, {seen.calls} calls, {len(rows.tables())} tables, {took:.0f} s"
            )
        assert seen.wrong == [], f"{len(seen.wrong)} calls:\n" + "\n".join(seen.wrong[:200])
        assert seen.calls * PARTS >= LEAST


@pytest.mark.django_db
@pytest.mark.urls("tests.doors.leaky_urls")
class TestTheHarnessItself:
    """The harness finds faults that are planted, and what the counter of statements does not see."""

    @pytest.mark.parametrize("name", ["writes_first", "writes_behind"])
    def test_finds_a_call_that_is_denied_and_writes(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setitem(ROUTES, name, permissions.row(GET=permissions.PEOPLE))
        desk, writes = opened(cast), _Writes()
        route = next(route for route in every_route() if route.name == name)
        seen = watched(desk, [route], ["GET"])
        assert any("changed ['customers_customer']" in words for words in seen.wrong)
        with rows.connection.execute_wrapper(writes):
            desk.ask(Cell(name, "GET", "advisor", "other_brand"), route, keys_of(route))
        assert bool(writes.seen) == (name == "writes_first")

    def test_sees_any_row_of_any_table(self, cast: Cast) -> None:
        before = rows.hashes()
        assert rows.changed(before, rows.hashes()) == []
        cast.mei.save(update_fields=["name"])
        assert rows.changed(before, rows.hashes()) == []
        cast.mei.name = "梅"
        cast.mei.save(update_fields=["name"])
        assert rows.changed(before, rows.hashes()) == ["staff_staffmember"]
