"""Points at the till over HTTP: quote, hold, spend with the sale, give back; parallel holds of one balance."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from tests.cast import Cast
from tests.doors.api.till import API, CALLS, Till, bill, open_shop, sale_body, till_of
from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.staff import SYSTEM

TWENTY = 20


def left(cast: Cast) -> int:
    today = local_date(now(), "Asia/Shanghai")
    return balance_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=today).spendable


@pytest.fixture
def till(cast: Cast) -> Till:
    open_shop()
    return till_of(cast)


class TestPointsAtTheTill:
    def test_are_quoted_held_and_spent_with_the_sale(self, till: Till) -> None:
        call = CALLS["hold_for_sale"](till)
        path = call.path.removesuffix("/hold")
        told = till.post(f"{path}/quote", {"lines": bill(), "shop": "A", "spend_points": 1_000}).json()
        assert (told["spendable"], told["most_points"], told["most_worth"]["minor"]) == (10_000, 10_000, 100_00)
        assert (told["earned"], told["lines"][0]["rate_of"], told["lines"][0]["pays_nothing"]) == (990, "fixed", "")
        first, again = till.post(call.path, call.body), till.post(call.path, call.body)
        assert (first.status_code, again.status_code, left(till.cast)) == (201, 200, 9_000)
        body = sale_body(source_key=call.body["source_key"], spend_points=1_000)
        sold = till.post("/sales", body).json()
        assert (sold["points_spent"], sold["paid_with_points"]["minor"], left(till.cast)) == (1_000, 10_00, 9_000)
        off = till.post(f"{path}/cancel", {"source_key": call.body["source_key"]})
        assert (off.status_code, off.json()["code"]) == (409, "hold_over")

    def test_come_back_when_the_hold_is_called_off(self, till: Till) -> None:
        call = CALLS["cancel_held"](till)
        assert [till.post(call.path, call.body).json()["points"] for _ in range(2)] == [1_000, 1_000]
        assert left(till.cast) == 10_000

    def test_are_nothing_to_a_till_that_does_not_see_her(self, till: Till) -> None:
        hold = CALLS["hold_for_sale"](till)
        stranger = till_of(till.cast, shop=till.cast.shop_b)
        body = hold.body | {"shop": "B"}
        assert stranger.post(hold.path, body).status_code == 404
        assert stranger.post(hold.path.replace("/hold", "/quote"), {"lines": bill()}).status_code == 404
        assert left(till.cast) == 10_000


@pytest.mark.django_db(transaction=True)
class TestParallelHolds:
    def test_of_one_balance_are_won_by_exactly_one(self, till: Till) -> None:
        """Twenty tills at one moment want all she has (P4)."""
        call = CALLS["hold_for_sale"](till)

        def hold(number: int) -> tuple[int, str]:
            body = call.body | {"source_key": f"parallel:{number}", "points": 10_000}
            try:
                answer = Client().generic(
                    "POST", f"{API}{call.path}", json.dumps(body), "application/json", headers=till.headers(),
                    secure=True,
                )  # fmt: skip
                return answer.status_code, answer.json().get("code", "")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(TWENTY) as pool:
            answers = list(pool.map(hold, range(TWENTY)))
        assert sorted(answers) == [(201, ""), *[(409, "balance_too_low")] * (TWENTY - 1)]
        assert left(till.cast) == 0
        assert not list(verify_ledger())
        assert connection.vendor in ("sqlite", "postgresql")
