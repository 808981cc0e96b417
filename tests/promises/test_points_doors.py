"""P4 over the doors: whoever wants all of one balance, at a till, a counter or a desk, at one moment: one gets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from tests.cast import Cast
from tests.doors.api.till import API, Till, bill, open_shop, sale_body, till_of
from tests.membership.world import open_house
from tests.promises.test_points import RIVALS, ROUNDS, wide_pool
from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.membership.models import PointsEntry, Reward
from zhenke.membership.operations import earn
from zhenke.membership.operations.rewards import save_reward
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules import Cause
from zhenke.membership.rules.rewards import RewardDraft
from zhenke.staff import SYSTEM

ALL = 400
Act = Callable[[], object]
__all__ = ["wide_pool"]


def member(cast: Cast, number: int) -> Customer:
    """Write down somebody new with a card, a tier, and points."""
    at, today = now(), local_date(now(), "Asia/Shanghai")
    her = Customer.objects.create(
        name=f"争{number}", shop=cast.shop_a, card_number=f"RACE{number}", created_at=at, updated_at=at
    )
    review_members(customer_ids=[her.pk], on=today, reason="night", now=at)
    cause = Cause("by_hand", f"race:{number}")
    earn(customer=her, points=ALL, cause=cause, on_date=today, pending_days=0, months=24, by=SYSTEM, now=at)
    return her


def desk_of(cast: Cast) -> Client:
    """Return the desk of the shop's manager."""
    desk = Client()
    desk.force_login(cast.lin)
    return desk


def opened(cast: Cast) -> tuple[Till, Client, Reward]:
    """Open the house; return a till, a desk, and a reward that takes all she has."""
    open_shop()
    open_house()
    draft = RewardDraft("goods", "Care kit", "养护套装", ALL, 38_00, local_date(now(), "Asia/Shanghai"))
    return till_of(cast), desk_of(cast), save_reward(draft=draft, by=SYSTEM, now=now()).reward


def ways(till: Till, desk: Client, her: Customer, reward: Reward) -> list[Act]:
    """Return one call for each way in that takes points, each for all she has."""

    def call(path: str, body: object) -> object:
        text = json.dumps(body)
        return Client().generic("POST", f"{API}{path}", text, "application/json", headers=till.headers(), secure=True)

    address = f"/customers/{her.pk}"
    key = f"k{new_id()}"
    sale = sale_body(buyer={"card_number": her.card_number}, spend_points=ALL)
    held = {"source_key": f"hold:{key}", "lines": bill(), "shop": "A", "points": ALL}
    counter = {
        "key": key, "buyer": "known", "customer": her.pk, "sold_at": "2026-11-22T10:30", "advisor": "mei",
        "line": ["aa"], "aa-style_no": "R1", "aa-description": "ring", "aa-quantity": "1", "aa-amount": "12,800",
        "spend_points": ALL,
    }  # fmt: skip
    by_hand = {"way": "take", "points": ALL, "reason": "other", "key": key}
    return [
        lambda: call(f"{address}/points/hold", held),
        lambda: call("/sales", sale),
        lambda: desk.post("/sales/new/", counter),
        lambda: desk.post(f"{address}/rewards/redeem/", {"reward": reward.pk, "key": key}),
        lambda: desk.post(f"{address}/points/", by_hand),
    ]


def at_once(acts: list[Act]) -> list[object]:
    """Call all at the same moment, each on a connection of its own; return the answers."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> object:
        barrier.wait(timeout=60)
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.points
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("wide_pool")
class TestOneBalanceOverTheDoors:
    def test_is_spent_once_by_whichever_way(self, cast: Cast) -> None:
        till, desk, reward = opened(cast)
        won = set()
        for number in range(ROUNDS):
            her = member(cast, number)
            calls = [ways(till, desk, her, reward) for _ in range(max(1, RIVALS // 5))]
            answers = at_once([act for some in calls for act in some])
            assert [answer for answer in answers if answer.status_code >= 500] == []  # type: ignore[attr-defined]
            taken = PointsEntry.objects.filter(
                legs__account__customer=her, legs__account__kind="member", legs__points__lt=0
            ).distinct()
            [entry] = taken
            won.add(entry.cause_kind)
            today = local_date(now(), "Asia/Shanghai")
            assert balance_of(viewer=SYSTEM, customer=her, on_date=today).spendable == 0
        assert won
        assert list(verify_ledger()) == []

    def test_is_open_to_each_way_alone(self, cast: Cast) -> None:
        """Each of the ways does take points when nobody else asks: a race that some never run proves nothing."""
        till, desk, reward = opened(cast)
        today = local_date(now(), "Asia/Shanghai")
        for number in range(5):
            her = member(cast, number)
            ways(till, desk, her, reward)[number]()
            assert balance_of(viewer=SYSTEM, customer=her, on_date=today).spendable == 0, number
