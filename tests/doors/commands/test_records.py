"""`zhenke records`: the figures of the last night, for the house or a shop, as a table or JSON."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests.cast import NOW, Cast

from zhenke.basics.errors import BadInput
from zhenke.customers.operations import add_customer
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.doors.commands.records import records
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.journeys.count_records import count_records
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    return CliRunner().invoke(records, arguments, catch_exceptions=False).output


class TestRecords:
    def test_says_that_no_night_has_counted(self, cast: Cast) -> None:
        assert "zhenke night" in said()
        assert json.loads(said("--json"))["on_date"] is None

    def test_prints_the_house_and_then_one_shop(self, cast: Cast) -> None:
        load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
        draft = CustomerDraft(name="何念", phones=("13900000001",), shop=cast.shop_b, owner=cast.qiao)
        add_customer(draft=draft, by=SYSTEM, now=NOW)
        for days in (7, 0):
            count_records(today=NOW.date() - timedelta(days=days))
        house = json.loads(said("--json"))
        assert {one["shop_id"] for one in house["groups"]} == {str(cast.shop_a.pk), str(cast.shop_b.pk)}
        assert house["people"] == sum(one["people"] for one in house["groups"])
        assert len(house["weeks"]) == 2
        shop = json.loads(said("--shop", "B", "--json"))
        assert (shop["people"], [one["owner_id"] for one in shop["groups"]]) == (1, [str(cast.qiao.pk)])
        phone = next(one for one in shop["fields"] if one["field"] == "phone")
        assert (phone["asked"], phone["missing"], phone["filled"]) == (1, 0, 100)
        table = said("--shop", "B")
        assert cast.qiao.name in table
        assert "100%" in table
        assert "何念" not in table

    def test_refuses_a_shop_that_is_none(self, cast: Cast) -> None:
        with pytest.raises(BadInput):
            said("--shop", "NONE")
