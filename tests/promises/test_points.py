"""P1, P4, P5: points are conserved under concurrency, one balance is spent once, and simulated years break nothing.

Every random test prints its seed and replays from it. In `./check` a small measure, in `./check soak` the full one, by
environment: ZHENKE_POINTS_SEEDS, _STEPS, _CLIENTS, _PEOPLE (P1), _ROUNDS, _RIVALS (P4), _YEARS, _DAYS (P5).

Planted defects, each seen red: the lock on the accounts is left out; no transaction around a spending; the same cause
writes twice; a reversal makes no debt; the newest lot is spent first.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import NOW, Cast, gather
from tests.membership.test_ledger import TODAY, earned
from tests.promises.points_world import Client, World, faults_of, labels_now, open_world
from zhenke.membership.models import PointsEntry
from zhenke.membership.operations import reversing, spend, spending, writing
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.accounts import accounts_of
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules import BalanceTooLow, Cause
from zhenke.membership.rules.ledger import Place
from zhenke.staff import SYSTEM


def measure(name: str, small: int) -> int:
    """Return how much of something: small in `./check`, as the environment says in the soak."""
    return int(os.environ.get(f"ZHENKE_POINTS_{name}", small))


SEEDS, STEPS, CLIENTS = measure("SEEDS", 1), measure("STEPS", 240), measure("CLIENTS", 6)
PEOPLE, ROUNDS, RIVALS = measure("PEOPLE", 30), measure("ROUNDS", 3), measure("RIVALS", 8)
YEARS, DAYS = measure("YEARS", 6), measure("DAYS", 120)


@pytest.fixture
def wide_pool(transactional_db: None) -> Iterator[None]:
    """Let as many connections stand as there are clients; the pool of the house takes four by itself."""
    if connection.vendor != "postgresql":
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    before = options["pool"]
    options["pool"] = {"min_size": 1, "max_size": max(CLIENTS, RIVALS) + 4}
    connection.close()
    connection.close_pool()
    yield
    options["pool"] = before
    connection.close()
    connection.close_pool()


def all_at_once(acts: list[Callable[[], object]]) -> list[BaseException]:
    """Run acts in threads of their own, released by one barrier; return what they raised."""
    barrier, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            act()
        except BaseException as wrong:
            raised.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    return raised


def crowd(cast: Cast, seed: int) -> tuple[World, dict[int, tuple[str, str]], list[BaseException]]:
    """Let many clients loose on few accounts."""
    world = open_world(cast.shop_a, people=PEOPLE, hot=max(2, PEOPLE // 50), pairs=CLIENTS * 2, clients=CLIENTS)
    labels = labels_now()
    clients = [Client(world, number, Random(f"{seed}:{number}")) for number in range(CLIENTS)]

    def work(client: Client) -> Callable[[], None]:
        def steps() -> None:
            for _ in range(STEPS // CLIENTS):
                client.step()

        return steps

    return world, labels, all_at_once([work(client) for client in clients])


@pytest.mark.slow
@pytest.mark.points
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("wide_pool")
class TestConservation:
    @pytest.mark.parametrize("seed", range(SEEDS))
    def test_every_history_is_one_that_a_single_thread_could_have_made(self, seed: int) -> None:
        print(f"seed {seed}")
        world, labels, raised = crowd(gather(), seed)
        assert raised == []
        assert faults_of(world, labels) == []
        outcomes = {one.outcome for one in world.told}
        assert outcomes == {"ok", "too_low"}, outcomes
        kinds = set(PointsEntry.objects.values_list("kind", flat=True))
        assert {"earn", "spend", "cancel", "reverse", "adjust", "merge", "check"} <= kinds

    def test_finds_the_newest_lot_spent_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = spending.spent_legs

        def newest(*, held: Any, points: int, on_date: Any) -> Any:
            legs = real(held=held, points=points, on_date=on_date)
            lots = [lot for lot in reversed(held.live(on_date)) if lot.left >= points]
            if not lots:
                return legs
            return (replace(legs[0], points=-points, lot=lots[0].key), replace(legs[-1], points=points))

        monkeypatch.setattr(spending, "spent_legs", newest)
        world, labels, _ = crowd(gather(), 1)
        assert any("the model says" in fault for fault in faults_of(world, labels))

    def test_finds_a_cause_that_writes_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = writing.write_entry
        monkeypatch.setattr(spending, "write_entry", forgetful(real))
        world = open_world(gather().shop_a, people=2, hot=2)
        labels = labels_now()
        client = Client(world, 1, Random(1))
        for customer in world.people:
            client.spend(customer)
        spent = [one for one in world.told if one.what == "spend" and one.outcome == "ok"]
        spend(
            customer=spent[0].values["whose"], points=1, cause=Cause("test", spent[0].key), on_date=TODAY, by=SYSTEM,
            now=NOW,
        )  # fmt: skip
        assert any("the model refuses" in fault for fault in faults_of(world, labels))

    def test_finds_a_reversal_without_debt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = reversing.reversed_legs

        def debtless(**told: Any) -> Any:
            legs = real(**told)
            return tuple(
                replace(leg, place=Place.MEMBER, lot=told["lot"]) if leg.place == Place.DEBT else leg for leg in legs
            )

        monkeypatch.setattr(reversing, "reversed_legs", debtless)
        world = open_world(gather().shop_a, people=1, hot=1)
        client, labels = Client(world, 1, Random(1)), labels_now()
        client.earn(world.people[0], points=100, waits=False)
        spend(customer=world.people[0], points=120, cause=Cause("by_test", "1"), on_date=TODAY, by=SYSTEM, now=NOW)
        while client.earned:
            client.reverse()
        assert any("below_nothing" in fault for fault in faults_of(world, labels))


def forgetful(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return an entry's writer that takes every cause for a new one."""

    def write(cursor: Any, *, kind: str, programme: int, why: Any, checked: int | None = None) -> Any:
        why = replace(why, cause=Cause(why.cause.kind, f"{why.cause.id}:{os.urandom(4).hex()}"))
        return real(cursor, kind=kind, programme=programme, why=why, checked=checked)

    return write


def rivals(cast: Cast, act: Callable[..., object]) -> tuple[int, int]:
    """Let many spend 100 from 100 at the same moment, round after round; return the most and the fewest successes."""
    successes = []
    for number in range(ROUNDS):
        customer = _fresh(cast, number)

        def once(rival: int, customer: Any = customer, number: int = number) -> Callable[[], object]:
            cause = Cause("race", f"{number}:{rival}")
            return lambda: act(customer=customer, points=100, cause=cause, on_date=TODAY, by=SYSTEM, now=NOW)

        raised = all_at_once([once(rival) for rival in range(RIVALS)])
        assert [wrong for wrong in raised if not isinstance(wrong, BalanceTooLow)] == []
        successes.append(RIVALS - len(raised))
    return max(successes), min(successes)


def _fresh(cast: Cast, number: int) -> Any:
    customer = type(cast.mrs_zhou).objects.create(name=f"争{number}", shop=cast.shop_a, created_at=NOW, updated_at=NOW)
    earned(customer, 100, f"race:{number}")
    return customer


@contextmanager
def slow_to_write(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Between looking and writing let the others look, so that what is missing shows at once."""
    real, barrier = writing.write_entry, threading.Barrier(2)

    def late(*told: Any, **named: Any) -> Any:
        try:
            barrier.wait(timeout=0.2)
        except threading.BrokenBarrierError:
            barrier.reset()
        return real(*told, **named)

    monkeypatch.setattr(spending, "write_entry", late)
    yield


@pytest.mark.points
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("wide_pool")
class TestOneBalance:
    def test_is_spent_once_however_many_ask_at_the_same_moment(self) -> None:
        assert rivals(gather(), spend) == (1, 1)
        assert list(verify_ledger()) == []

    def test_is_seen_spent_twice_without_the_lock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has one writer; there the transaction is the lock, see the next test")
        monkeypatch.setattr(
            spending,
            "hold_accounts",
            lambda cursor, *, customer_id, programme, now: accounts_of(
                cursor, customer_id=customer_id, programme=programme
            ),
        )
        with slow_to_write(monkeypatch):
            assert rivals(gather(), spend)[0] > 1
        assert "account_below_nothing" in {fault.code for fault in verify_ledger()}

    def test_is_seen_spent_twice_without_a_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with slow_to_write(monkeypatch):
            assert rivals(gather(), spend.__wrapped__)[0] > 1  # type: ignore[attr-defined]
        assert "account_below_nothing" in {fault.code for fault in verify_ledger()}


class WorkerDied(Exception):
    """A worker is killed in the middle of its work."""


@contextmanager
def dying(rng: Random, chance: float) -> Iterator[None]:
    """Kill the worker at one of its statements, now and then."""
    at = rng.randrange(1, 9) if rng.random() < chance else 0
    count = 0

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            raise WorkerDied
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def simulate(cast: Cast, seed: int) -> tuple[str, list[str]]:
    """Live through some days on one thread with a worker that dies now and then; return the trace and what is wrong."""
    rng = Random(f"P5:{seed}")
    world = open_world(cast.shop_a, people=6, hot=2, pairs=4)
    labels = labels_now()
    client = Client(world, 0, rng)
    trace = hashlib.sha256()
    names = {str(customer.pk): str(number) for number, customer in enumerate((*world.people, *world.pairs))}
    for _ in range(DAYS):
        known = len(world.told)
        own, merged = list(client.own), list(client.merged)
        try:
            with transaction.atomic(), dying(rng, 0.05):
                client.step()
        except WorkerDied:
            del world.told[known:]
            client.own, client.merged = own, merged
            client.earned = [one for one in client.earned if PointsEntry.objects.filter(cause_id=one[0]).exists()]
            client.spent = [one for one in client.spent if PointsEntry.objects.filter(cause_id=one).exists()]
            trace.update(b"died")
        for one in world.told[known:]:
            whose = one.values.get("whose")
            told = (one.what, one.key, one.outcome, names[str(whose.pk)] if whose else "", one.values.get("points"))
            trace.update(repr(told).encode())
    for whose, customer in zip(names.values(), (*world.people, *world.pairs), strict=True):
        balance = balance_of(viewer=SYSTEM, customer=customer, on_date=world.day)
        trace.update(repr((whose, balance.spendable, balance.pending, balance.owed)).encode())
    return trace.hexdigest(), faults_of(world, labels)


@pytest.mark.slow
@pytest.mark.points
@pytest.mark.django_db
class TestSimulatedYears:
    @pytest.mark.parametrize("seed", range(YEARS))
    def test_break_no_promise(self, cast: Cast, seed: int) -> None:
        print(f"seed {seed}")
        assert simulate(cast, seed)[1] == []

    def test_are_the_same_for_the_same_seed(self, cast: Cast) -> None:
        traces = []
        for seed in (7, 7, 8):
            with transaction.atomic():
                traces.append(simulate(cast, seed)[0])
                transaction.set_rollback(True)
        assert traces[0] == traces[1] != traces[2]
