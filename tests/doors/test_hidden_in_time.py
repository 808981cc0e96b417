"""Promise P12: a thing of another shop and a thing that is not there differ in nothing, also not in time.

Every route with a key in its address is asked for both by turns, through the whole stack of middleware. The other
shop's customer has a long history, so that work which is done with her before the refusal takes its time. Taken is the
processor time of the answering thread: a busy machine delays an answer, but does not make it more work. The collector
of dead objects rests meanwhile, and which of the two comes first is drawn, so that no rhythm falls on one of them.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.cast import NOW, Cast
from tests.doors.matrix_world import CALLERS, TODAY, World, gather_world
from tests.doors.test_permission_matrix import FINE, METHODS, Cell, Desk, _leave_and_connect, expected, keys_of
from zhenke.basics.errors import NotFound
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, Interaction
from zhenke.doors import permissions
from zhenke.doors.checks import Route, every_route
from zhenke.doors.permissions import ROUTES
from zhenke.sales.models import Sale
from zhenke.staff.queries import within_scope

FOREIGN, ABSENT = "other_brand", "none"
LIMIT_MS = 5.0
WARM_UPS, PAIRS, MORE_PAIRS = 2, 7, 60
HISTORY = 300
ROUTES_AT_LEAST, QUESTIONS_AT_LEAST = 42, 60  # what there is today; a route more is asked without being named here

pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.django_db]


@dataclass(frozen=True)
class Question:
    """One route and method, and a caller for whom another shop's thing must look absent."""

    route: Route
    method: str
    caller: str


@dataclass
class Heard:
    """What came back of both: status and length of each answer, and the milliseconds of work it took."""

    answers: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: {FOREIGN: set(), ABSENT: set()})
    took_ms: dict[str, list[float]] = field(default_factory=lambda: {FOREIGN: [], ABSENT: []})

    @property
    def difference_ms(self) -> float:
        """How much longer the foreign one takes, median against median."""
        return median(self.took_ms[FOREIGN]) - median(self.took_ms[ABSENT])


def questions() -> Iterator[Question]:
    """Yield every route with a key by each of its methods; the callers who may ask at all take turns.

    HEAD is GET without its body: the same view, so it is not asked again.
    """
    turn = 0
    for route in every_route():
        kinds = keys_of(route)
        for method in sorted({*METHODS} - {"HEAD"}):
            callers = [one for one in CALLERS if _must_look_absent(route, method, one, kinds)]
            if callers:
                yield Question(route, method, callers[turn % len(callers)])
                turn += 1


def _must_look_absent(route: Route, method: str, caller: str, kinds: dict[str, str]) -> bool:
    """Return whether the caller may ask this of her own things, and not of another shop's."""
    own, foreign = (
        expected(ROUTES[route.name], Cell(route.name, method, caller, relation), kinds) for relation in ("own", FOREIGN)
    )
    return bool(kinds and own & FINE) and foreign == {404}


def ask_for_both(desk: Desk, question: Question, pairs: int) -> Heard:
    """Ask for the foreign and for the absent thing by turns, so that a busy moment of the machine falls on both."""
    heard, kinds, draw = Heard(), keys_of(question.route), Random(pairs)
    gc.disable()
    try:
        for turn in range(WARM_UPS + pairs):
            for relation in draw.sample((FOREIGN, ABSENT), 2):
                cell = Cell(question.route.name, question.method, question.caller, relation)
                began = time.thread_time()
                heard.answers[relation].add(desk.ask(cell, question.route, kinds))
                if turn >= WARM_UPS:
                    heard.took_ms[relation].append((time.thread_time() - began) * 1_000)
    finally:
        gc.enable()
    return heard


def judge(desk: Desk, question: Question) -> tuple[Heard, list[str]]:
    """Return what was heard and what is wrong with it; a difference counts if it is there with more pairs too."""
    heard = ask_for_both(desk, question, PAIRS)
    if abs(heard.difference_ms) > LIMIT_MS:
        heard = ask_for_both(desk, question, MORE_PAIRS)
    name, wrong = f"{question.route.name} {question.method} by {question.caller}", []
    if abs(heard.difference_ms) > LIMIT_MS:
        wrong.append(f"{name}: the foreign one takes {heard.difference_ms:+.1f} ms")
    one, other = heard.answers[FOREIGN], heard.answers[ABSENT]
    if one != other or len(one) != 1 or {status for status, _ in one} != {404}:
        wrong.append(f"{name}: foreign {sorted(one)}, absent {sorted(other)}")
    return heard, wrong


@pytest.fixture
def desk(cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture) -> Desk:
    """The desk of the permission matrix, in whose world the foreign customer has a long history."""
    caplog.set_level("ERROR", logger="django.request")  # writing down hundreds of refusals is no part of the time
    settings.API_CALLS_A_MINUTE = 100_000
    world = gather_world(cast)
    _leave_and_connect(world)
    _give_history(world)
    return Desk(world)


def _give_history(world: World) -> None:
    key, (shop, owner) = world.key("customer", FOREIGN, ""), world.place(FOREIGN, "")
    seen = {"customer_id": key, "shop": shop, "advisor": owner, "sold_at": NOW, "sold_date": TODAY, "created_at": NOW}
    Sale.objects.bulk_create(Sale(source_key=f"h-{new_id()}", amount_minor=100, **seen) for _ in range(HISTORY))
    Interaction.objects.bulk_create(
        Interaction(customer_id=key, kind="note", at=NOW, text="She looked at rings.") for _ in range(HISTORY)
    )


class TestEveryRouteWithAKey:
    def test_takes_as_long_for_what_is_hidden_as_for_what_is_absent(
        self, desk: Desk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = list(questions())
        began, heard, wrong = time.monotonic(), [], []
        for question in asked:
            one, faults = judge(desk, question)
            heard.append(one)
            wrong += faults
        routes, widest = {one.route.name for one in asked}, max(abs(one.difference_ms) for one in heard)
        with capsys.disabled():
            took = time.monotonic() - began
            print(f"\nhidden in time: {len(routes)} routes, {len(asked)} questions, ≤ {widest:.2f} ms, {took:.0f} s")
        assert wrong == []
        assert len(routes) >= ROUTES_AT_LEAST and len(asked) >= QUESTIONS_AT_LEAST


def reads_first(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Work on whoever is there, then ask whether she is the caller's: the planted fault."""
    found = Customer.objects.filter(pk=customer_id).first()
    until = time.thread_time() + (2 * LIMIT_MS / 1_000 if found else 0)
    while time.thread_time() < until:
        pass
    return asks_first(request, customer_id)


def asks_first(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask whether she is the caller's before anything else."""
    if not Customer.objects.filter(within_scope(request.user), pk=customer_id).exists():
        raise NotFound
    return HttpResponse("ok")


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("reads-first/<int:customer_id>/", reads_first, name="reads_first"),
    path("asks-first/<int:customer_id>/", asks_first, name="asks_first"),
]


@pytest.mark.urls(__name__)
class TestTheStopWatchItself:
    @pytest.mark.parametrize(("name", "faults"), [("reads_first", 1), ("asks_first", 0)])
    def test_finds_the_view_that_works_before_it_asks(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, faults: int
    ) -> None:
        for view in (reads_first, asks_first):
            monkeypatch.setitem(ROUTES, view.__name__, permissions.row(GET=permissions.PEOPLE))
        question = next(one for one in questions() if (one.route.name, one.method) == (name, "GET"))
        _, wrong = judge(desk, question)
        assert len(wrong) == faults, wrong
        assert all("the foreign one takes +" in words for words in wrong)
