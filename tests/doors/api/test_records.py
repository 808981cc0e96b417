"""How well customers are known over the api: shops and advisors, crowds only, nothing of others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.doors.api.till import Till, till_of
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_customer
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.journeys.count_records import count_records
from zhenke.staff import SYSTEM

NAMES = {"people", "filled_percent", "right_percent"}


@pytest.fixture
def counted(till: Till) -> Till:
    """Twelve customers of Mei's, a third without a phone, and eleven of Qiao's, counted twice."""
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
    cast = till.cast
    Customer.objects.filter(pk__in=[cast.mrs_zhou.pk, cast.mr_zhou.pk]).update(owner=cast.mei)
    for number in range(12):
        phones = (f"1390000{number:04d}",) if number % 3 else ()
        draft = CustomerDraft(name=f"客{number}", phones=phones, shop=cast.shop_a, owner=cast.mei)
        add_customer(draft=draft, by=SYSTEM, now=NOW)
    for number in range(11):
        add_customer(draft=CustomerDraft(name=f"人{number}", shop=cast.shop_b, owner=cast.qiao), by=SYSTEM, now=NOW)
    for days in (7, 0):
        count_records(today=NOW.date() - timedelta(days=days))
    return till


class TestRecords:
    def test_before_the_first_night_there_are_none(self, till: Till) -> None:
        told = till.get("/records").json()
        assert (told["on_date"], told["whole"]["people"], told["groups"]) == (None, 0, [])

    def test_tells_shops_and_then_the_advisors_of_one(self, counted: Till) -> None:
        told = counted.get("/records").json()
        assert told["on_date"] == NOW.date().isoformat()
        assert told["whole"]["people"] == sum(one["people"] for one in told["groups"])
        assert {one["shop_id"] for one in told["groups"]} == {
            str(shop.pk) for shop in (counted.cast.shop_a, counted.cast.shop_b)
        }
        phone = next(one for one in told["fields"] if one["field"] == "phone")
        assert (phone["missing"] > 0, phone["filled_percent"]) == (True, round(0.5 + 100 * 8 / phone["asked"] - 0.5))
        assert [week["on_date"] for week in told["weeks"]] == [
            (NOW.date() - timedelta(days=days)).isoformat() for days in (7, 0)
        ]
        one = counted.get("/records", shop="A").json()
        assert [
            (group["owner_id"], group["name"]) for group in one["groups"] if group["filled_percent"] is not None
        ] == [(str(counted.cast.mei.pk), counted.cast.mei.name)]
        assert set(one["groups"][0]) > NAMES

    def test_hides_shops_that_are_not_the_tokens(self, counted: Till) -> None:
        stranger = till_of(counted.cast, shop=counted.cast.other_brand)
        assert stranger.get("/records").json()["whole"]["people"] == 0
        hidden, absent = (stranger.get("/records", shop=code) for code in ("A", "NONE"))
        assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())
        assert hidden.status_code == 404

    def test_needs_the_scope(self, counted: Till) -> None:
        assert till_of(counted.cast, scopes=("sales:read",)).get("/records").status_code == 403
