"""Promise P12: every route × method × ten callers × six relations answers what the permission table says.

Generated from the URL map, so a route that is added tomorrow is in it tomorrow. A cell is counted only if its request
was sent. Each relation puts the key of another row into the address, and into query and body.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import Cast
from tests.doors.matrix_world import ANONYMOUS, CALLERS, LEAVER, MAKERS, RELATIONS, World, gather_world, is_visible
from zhenke.basics.clock import now
from zhenke.basics.ids import new_id
from zhenke.doors import permissions
from zhenke.doors.checks import Route, every_route, routes_have_rows
from zhenke.doors.permissions import ROUTES, Row
from zhenke.doors.walls import UndeclaredRoute
from zhenke.staff.models import ApiToken, StaffMember
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import Role

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Parts of addresses that are no key of an object: a word the route knows.
SAMPLES: dict[str, object] = {
    "key": "x",
    "uidb36": "1",
    "letter": "A",
    "language": "en",
    "version": 1,
    "subject": "customers",
    "kind": "note",
    "number": 1,
    "token": "no-such-link",
    "purpose": "care",
    "told": "receipts",
}
# Routes behind an open wall that answer so for a reason of their own; each with the reason.
ALSO: dict[str, set[int]] = {
    "mfa_activate_totp": {403},  # has one already
    "mfa_deactivate_totp": {404},  # has none
    "mfa_view_recovery_codes": {404},
    "mfa_generate_recovery_codes": {403},
    "mfa_download_recovery_codes": {404},
    "import_reject_file": {404},  # the run kept no file
    "mfa_reauthenticate": {404},
    "shared_piece": {404, 429},  # no link has this secret; who tries many must wait
    "shared_piece_photo": {404, 429},
    "join": {404, 429},
    "sms_hook": {403, 429},  # unsigned
    "message_rules_again": {404},  # no version was published
    "settings_consent_again": {404},  # no version was published
    "mfa_reauthenticate_webauthn": {404},
    "api-1:membership": {404},  # is no member
}
SIGN_IN_FIRST = {302, 303}
FINE = {200, 201, 202, 204, 301, 302, 303, 304, 400, 409, 413, 415, 422, 428}
PARTS = 4  # so that several workers can share them
SECRET = "zk_only-for-the-matrix"


@dataclass(frozen=True)
class Cell:
    """One square of the matrix."""

    route: str
    method: str
    caller: str
    relation: str


@dataclass
class Tally:
    """What came of it."""

    cells: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class _Writes:
    """Counts statements that change rows."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip()[:7].upper() in {"INSERT ", "UPDATE ", "DELETE ", "REPLACE"}:
            self.seen.append(sql[:90])
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever an allowed call writes, so that every cell meets the same world; journeys may be durable inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def expected(row: Row, cell: Cell, kinds: dict[str, str]) -> set[int]:
    """Return the statuses that the table allows for one cell."""
    is_in = cell.caller not in {ANONYMOUS, LEAVER}
    if not row.methods:
        return {404}
    who = row.who(cell.method)
    if row.scope:
        is_in = cell.caller == Role.INTEGRATION
        if not is_in:
            return {401}
    elif not is_in:
        return FINE | ALSO.get(cell.route, set()) if who and ANONYMOUS in who else SIGN_IN_FIRST
    if who is None:
        return {405}
    if cell.caller not in who:
        return {303} if who == {ANONYMOUS} else {403}
    if not all(is_visible(kind, cell.relation, cell.caller) for kind in kinds.values()):
        return {404}
    return FINE | ALSO.get(cell.route, set())


class Desk:
    """Sends requests through the whole stack of middleware, without the cost of a browser."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cookies = {caller: _session(world.members[caller]) for caller in CALLERS if caller in world.members}
        self.make = RequestFactory()
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def ask(self, cell: Cell, route: Route, kinds: dict[str, str]) -> tuple[int, int]:
        """Return status and length of the answer to one cell."""
        keys = {name: self.world.key(kind, cell.relation, cell.caller) for name, kind in kinds.items()}
        words = {name: SAMPLES[name] for name in route.parameters if name not in keys}
        path = reverse(route.name, kwargs={**words, **keys})
        foreign = str(self.world.key("customer", cell.relation, cell.caller))
        given = {"customer": foreign, "customer_id": foreign, "id": foreign}
        is_api = bool(ROUTES[route.name].scope)
        headers: dict[str, str] = {}
        if is_api and cell.caller == Role.INTEGRATION:
            headers = {"Authorization": f"Bearer {SECRET}", "Idempotency-Key": f"m-{new_id()}"}
        if cell.method in {"GET", "HEAD"}:
            # The programs' door refuses questions that it did not offer, before it looks for the object.
            asked = {} if is_api else given
            request = self.make.generic(cell.method, path, query_params=asked, headers=headers)
        elif is_api:
            request = self.make.generic(cell.method, path, json.dumps(given), "application/json", headers=headers)
        elif cell.method == "POST":
            request = self.make.post(path, given)
        else:
            request = self.make.generic(cell.method, path)
        return self._answer(request, cell)

    def response(self, request: HttpRequest, caller: str) -> HttpResponse:
        """Return the answer to a request of a caller; whatever it writes stays written."""
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        if caller in self.cookies:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = self.cookies[caller]
        return self.handler.get_response(request)  # type: ignore[return-value]

    def _answer(self, request: HttpRequest, cell: Cell) -> tuple[int, int]:
        is_read = cell.relation == "own" and cell.method in {"GET", "POST"}
        if cell.caller in self.cookies and cell.caller != LEAVER and not is_read:
            # Each caller's session is read for GET and POST of every route, whatever the object; else it is known.
            request._cached_user = copy(self.world.members[cell.caller])  # type: ignore[attr-defined]
        response = self.response(request, cell.caller)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        return response.status_code, len(body)


def _session(member: StaffMember) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    # Proved the password just now (and for an hour), so that no cell hides behind being asked for it again.
    record_authentication(SimpleNamespace(session=store), member, method="password", reauthenticated=True)
    store[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] += 3600
    store.create()
    return str(store.session_key)


def keys_of(route: Route) -> dict[str, str]:
    """Return which parameters of the address are keys, and of what."""
    kinds = {parameter: ROUTES[route.name].kind_of(parameter) for parameter in route.parameters}
    return {parameter: kind for parameter, kind in kinds.items() if kind}


def relations_asked(row: Row, method: str) -> tuple[str, ...]:
    """Return whose things a method is asked for: of one that the route does not take the answer knows no object.

    There two relations are enough at every commit; tests/doors/test_denied_hashes.py asks all of them in the soak.
    """
    return RELATIONS if row.who(method) is not None else (RELATIONS[0], RELATIONS[-1])


def _judge(tally: Tally, desk: Desk, route: Route, writes: _Writes) -> None:
    row, kinds = ROUTES[route.name], keys_of(route)
    for caller in CALLERS:
        for method in METHODS:
            hidden: dict[str, tuple[int, int]] = {}
            for relation in relations_asked(row, method):
                cell = Cell(route.name, method, caller, relation)
                wanted = expected(row, cell, kinds)
                is_denied = not wanted & FINE
                writes.seen.clear()
                with nullcontext() if is_denied else undone():
                    status, length = desk.ask(cell, route, kinds)
                tally.cells += 1
                tally.statuses[status] += 1
                if status not in wanted:
                    tally.wrong.append(f"{cell}: {status}, the table says {'in' if wanted & FINE else sorted(wanted)}")
                if is_denied and writes.seen:
                    tally.wrong.append(f"{cell}: denied, and wrote: {writes.seen}")
                if wanted == {404}:
                    hidden[relation] = (status, length)
            if len(set(hidden.values())) > 1:
                tally.wrong.append(f"{route.name} {method} {caller}: hidden and absent differ: {hidden}")


# What differs between the databases is how a scope becomes SQL; tests/staff proves that on both.
@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.django_db
class TestPermissionMatrix:
    def test_every_route_has_a_row(self) -> None:
        assert routes_have_rows() == []

    def test_every_key_in_an_address_has_a_kind_that_the_matrix_can_make(self) -> None:
        unknown = {
            f"{route.name}: {parameter} → {kind or 'not in SAMPLES'}"
            for route in every_route()
            for parameter in route.parameters
            if (kind := ROUTES[route.name].kind_of(parameter)) not in MAKERS
            and not (kind == "" and parameter in SAMPLES)
        }
        assert unknown == set()

    @pytest.mark.parametrize("part", range(PARTS))
    def test_every_cell_answers_as_the_table_says(
        self, part: int, cast: Cast, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("ERROR", logger="django.request")
        world = gather_world(cast)
        desk = Desk(world)
        _leave_and_connect(world)
        routes = list(every_route())[part::PARTS]
        for route in routes:  # made beforehand, so that no cell is blamed for writing them
            for kind in {"customer", *keys_of(route).values()}:
                for caller in CALLERS:
                    for relation in RELATIONS:
                        world.key(kind, relation, caller)
        tally, writes, began = Tally(), _Writes(), time.monotonic()
        with connection.execute_wrapper(writes):
            for route in routes:
                _judge(tally, desk, route, writes)
        with capsys.disabled():
            took = time.monotonic() - began
            print(
                f"\npermission matrix: {len(routes)} routes, {tally.cells} cells, {took:.0f} s, {dict(tally.statuses)}"
            )
        assert tally.wrong == [], f"{len(tally.wrong)} cells:\n" + "\n".join(tally.wrong[:400])
        asked = sum(len(relations_asked(ROUTES[route.name], method)) for route in routes for method in METHODS)
        assert tally.cells == asked * len(CALLERS)
        assert tally.cells > 40_000 / PARTS


def _leave_and_connect(world: World) -> None:
    """Let the leaver go in the laxest way (the session stays), and give the program a token of every scope."""
    StaffMember.objects.filter(pk=world.members[LEAVER].pk).update(is_active=False)
    scopes = [f"{row.scope}:{act}" for row in ROUTES.values() if row.scope for act in ("read", "write")]
    at = now()
    ApiToken.objects.create(
        name="matrix",
        acts_as=world.members[Role.INTEGRATION],
        token_hash=token_hash(SECRET),
        hint="zk_",
        scopes=sorted(set(scopes)),
        made_at=at,
        expires_at=at + timedelta(days=1),
        last_used_at=at + timedelta(hours=1),  # noted already, so that no denied cell is blamed for noting it
    )


@pytest.mark.django_db
@pytest.mark.urls("tests.doors.leaky_urls")
class TestTheMatrixItself:
    """The matrix finds faults that are planted."""

    @pytest.mark.parametrize(
        ("name", "finds"),
        [
            ("leaks", "relation='other_brand'): 200, the table says [404]"),
            ("writes_first", 'denied, and wrote: [\'UPDATE "customers_customer"'),
            ("tells", "hidden and absent differ"),
            ("refuses", ": 403, the table says in"),
        ],
    )
    def test_finds_a_planted_fault(self, cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str, finds: str) -> None:
        monkeypatch.setitem(ROUTES, name, permissions.row(GET=permissions.PEOPLE))
        world = gather_world(cast)
        _leave_and_connect(world)
        desk, tally, writes = Desk(world), Tally(), _Writes()
        for caller in CALLERS:
            for relation in RELATIONS:
                world.key("customer", relation, caller)
        route = next(route for route in every_route() if route.name == name)
        with connection.execute_wrapper(writes):
            _judge(tally, desk, route, writes)
        assert any(finds in fault for fault in tally.wrong), tally.wrong[:5]

    def test_finds_a_route_without_a_row_which_is_never_served(self, cast: Cast, client: Client) -> None:
        assert {"leaks", "tells"} <= {str(error.msg).split("'")[1] for error in routes_have_rows()}
        client.force_login(cast.zhu)
        with pytest.raises(UndeclaredRoute):
            client.get("/refuses/")
