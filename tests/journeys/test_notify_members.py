"""Members are told of their points and tiers, each thing once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast
from tests.membership.world import buys, open_house, ring
from tests.messaging.world import open_messaging

from zhenke.basics.days import local_date
from zhenke.journeys.notify_members import NotifiedMembers, notify_members
from zhenke.membership.models import PointsLot, TierChange
from zhenke.membership.operations import activate_due, earn, expire_due
from zhenke.membership.rules import Cause
from zhenke.messaging.models import Message
from zhenke.staff import SYSTEM

TODAY = local_date(NOW, "Asia/Shanghai")


@pytest.fixture
def house(cast: Cast) -> Cast:
    open_house()
    open_messaging()
    return cast


def tells(days: int) -> NotifiedMembers:
    return notify_members(day=TODAY + timedelta(days=days), now=NOW + timedelta(days=days))


def has(cast: Cast, points: int, cause: str) -> int:
    earn(
        customer=cast.mrs_zhou, points=points, cause=Cause("by_hand", cause), on_date=TODAY, pending_days=0, months=6,
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    return (PointsLot.objects.latest("pk").expires_on_date - TODAY).days


class TestNotifyMembers:
    def test_says_once_for_each_step_what_ends(self, house: Cast) -> None:
        ends = has(house, 300, "a")
        has(house, 200, "b")
        told = [tells(ends - before).ending for before in (61, 60, 60, 59, 30, 29, 7, 7, 6, 0)]
        assert told == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0]
        rows = Message.objects.filter(template_key="points_expiring").order_by("queued_at")
        assert [row.fields["points"] for row in rows] == [500] * 3
        assert {row.fields["balance"] for row in rows} == {500}
        assert {row.customer_id for row in rows} == {house.mrs_zhou.pk}

    def test_says_nothing_of_points_that_are_gone(self, house: Cast) -> None:
        ends = has(house, 300, "a")
        expire_due(day=TODAY + timedelta(days=ends + 1), now=NOW)
        assert tells(ends - 7).ending == 0

    def test_says_once_that_a_sales_points_may_be_spent(self, house: Cast) -> None:
        sale = buys(house, ring(1_000_00), ring(500_00))
        assert tells(0).earned == 0, "they wait"
        activate_due(day=TODAY + timedelta(days=15), now=NOW + timedelta(days=15))
        assert [tells(15).earned, tells(15).earned, tells(16).earned] == [1, 0, 0]
        row = Message.objects.get(template_key="points_earned")
        assert (row.cause_id, row.fields) == (sale.pk, {"points": 1500, "balance": 1500})

    def test_says_once_that_a_tier_moved_and_nothing_of_joining(self, house: Cast) -> None:
        buys(house, ring(1_000_00))
        assert tells(0).tiers == 0
        buys(house, ring(900_000_00))
        assert TierChange.objects.exclude(from_tier="").exists()
        assert [tells(0).tiers, tells(0).tiers, tells(1).tiers] == [1, 0, 0]
        assert Message.objects.get(template_key="tier_changed").fields["tier"]

    def test_says_nothing_in_a_house_without_a_programme(self, cast: Cast) -> None:
        assert tells(0) == NotifiedMembers()
