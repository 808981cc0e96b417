"""Points in the journeys: the night, adjustments, a merge and its undo, a copy, and being forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override
from tests.cast import NOW, Cast
from tests.membership.test_ledger import TODAY, balance, earned, spent

from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.stream.timeline import timeline_of
from zhenke.journeys.adjust_points import adjust_points, decide_points
from zhenke.journeys.expire_points import expire_points
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.membership.models import PointsAccount
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.membership.rules.clocks import Tick
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


def night(days: int) -> Tick:
    """Return the moment of a night so many days on, the machine having run all the time."""
    return Tick(TODAY + timedelta(days=days), NOW + timedelta(days=days), "boot", days * 86_400)


class TestExpirePoints:
    def test_goes_on_from_night_to_night(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", pending_days=2, months=1)
        done = [expire_points(tick=night(day)) for day in range(40)]
        assert [(day, one.activated_points) for day, one in enumerate(done) if one.activated] == [(2, 100)]
        assert [(day, one.expired_points) for day, one in enumerate(done) if one.expired] == [(33, 100)]
        again = expire_points(tick=night(39))
        assert (again.activated, again.expired, again.checks, again.is_held) == (0, 0, 0, False)
        assert list(verify_ledger()) == []

    def test_catches_up_after_nights_that_were_left_out(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", pending_days=2, months=1)
        expire_points(tick=night(0))
        done = expire_points(tick=night(90))
        assert (done.activated_points, done.expired_points) == (100, 100)

    def test_ends_nothing_while_the_clock_is_not_believed_and_then_all_of_it(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        expire_points(tick=night(0))
        ahead = Tick(TODAY + timedelta(days=400), NOW + timedelta(days=400), "boot", 86_400)
        held = expire_points(tick=ahead)
        assert held.is_held and held.expired == 0
        assert balance(cast.mrs_zhou) == (100, 0, 0)
        assert not expire_points(tick=night(1)).is_held
        assert expire_points(tick=night(33)).expired_points == 100


class TestAdjustPoints:
    def test_takes_two_above_the_limit(self, cast: Cast) -> None:
        asked = adjust_points(customer=cast.mrs_zhou, points=5_000, key="k", reason="complaint", by=cast.lin, now=NOW)
        assert asked.proposal is not None
        decide_points(proposal_id=asked.proposal.pk, agrees=True, by=cast.zhu, now=NOW)
        assert balance(cast.mrs_zhou) == (5_000, 0, 0)


class TestOfHers:
    def test_a_merge_moves_points_and_its_undo_gives_them_back(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 100, "1")
        merge = merge_customers(winner=cast.mrs_zhou.pk, loser=cast.mr_zhou.pk, choices={}, by=cast.lin, now=NOW)
        assert balance(cast.mrs_zhou) == (100, 0, 0)
        undo_merge(merge=merge, by=cast.lin, now=NOW)
        assert (balance(cast.mrs_zhou), balance(cast.mr_zhou)) == ((0, 0, 0), (100, 0, 0))
        assert list(verify_ledger()) == []

    def test_her_copy_tells_all_of_them(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 30, "1")
        pack = gather_access_pack(customer=cast.mrs_zhou, checked="id_card", limits=EXPORT_LIMITS, by=cast.lin, now=NOW)
        told = [(row["what"], row.get("points", row.get("spendable", 0))) for row in pack["points"]]
        assert told == [("balance", 70), ("lot", 70), ("movement", 100), ("movement", -30)]

    def test_her_timeline_tells_what_came_and_went(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", pending_days=1)
        expire_points(tick=night(1))
        spent(cast.mrs_zhou, 30, "1")
        with override("en"):
            page = timeline_of(viewer=cast.mei, customer=cast.mrs_zhou, now=NOW, kind="points")
        assert [entry.title for entry in page.entries] == ["Spent 30 points", "Earned 100 points"]
        assert timeline_of(viewer=cast.an, customer=cast.mrs_zhou, now=NOW, kind="points").entries == []
        assert timeline_of(viewer=cast.qiao, customer=cast.mrs_zhou, now=NOW, kind="points").entries == []

    def test_are_nobodys_when_she_is_forgotten(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        key = cast.mrs_zhou.pk
        done = forget_customer(customer_id=key, by=SYSTEM, now=NOW)
        assert done.counts["points_accounts"] == 3
        assert not PointsAccount.objects.filter(customer=key).exists()
        assert list(verify_ledger()) == []
