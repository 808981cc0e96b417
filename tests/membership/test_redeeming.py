"""Rewards through the operations: put aside, handed over once, called off; who sees what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.cast import NOW, Cast, gather
from tests.membership.world import buys, open_house, ring
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import CustomerUnknown, customer_for
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.journeys.end_reservations import end_reservations
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.redeem_reward import redeem_reward
from zhenke.journeys.undo_merge import undo_merge
from zhenke.membership.models import PointsEntry, Redemption, Reward, RewardOffer
from zhenke.membership.operations import earn
from zhenke.membership.operations.redeeming import (
    RedemptionClosed,
    RedemptionKeyReused,
    RedemptionLate,
    Reserved,
    RewardHadBefore,
    RewardNotForTier,
    RewardNotOffered,
    RewardSoldOut,
    cancel_redemption,
    hand_over_reward,
    renew_code,
)
from zhenke.membership.operations.rewards import end_offer, end_reward, load_rewards, offer_reward, save_reward
from zhenke.membership.queries import balance_of, lots_of
from zhenke.membership.queries.rewards import (
    RedemptionUnknown,
    mall,
    redemption_by_code,
    redemption_with,
    redemptions_of,
    rewards_for,
)
from zhenke.membership.queries.uptake import uptake_by_offer, uptake_by_reward
from zhenke.membership.rules import BalanceTooLow, Cause
from zhenke.membership.rules.adjusting import OwnRecord
from zhenke.membership.rules.rewards import RewardDraft, RewardWrong
from zhenke.staff import SYSTEM

TODAY = date(2026, 11, 22)
DRAFT = RewardDraft("goods", "Jade care kit", "翡翠养护套装", 800, 38_00, date(2026, 1, 1))


def reward(**changed: object) -> Reward:
    """Put one reward into the mall."""
    draft = RewardDraft(**{**{name: getattr(DRAFT, name) for name in DRAFT.__slots__}, **changed})
    return save_reward(draft=draft, by=SYSTEM, now=NOW).reward


def gives(cast: Cast, points: int, cause: str = "1", months: int = 24) -> None:
    """Give Mrs Zhou points to spend at once."""
    earn(
        customer=cast.mrs_zhou, points=points, cause=Cause("by_hand", cause), on_date=TODAY, pending_days=0,
        months=months, by=SYSTEM, now=NOW,
    )  # fmt: skip


def has(cast: Cast) -> int:
    return balance_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY).spendable


def takes(cast: Cast, one: Reward, *, key: str = "desk:1") -> Reserved:
    return redeem_reward(customer=cast.mrs_zhou, reward=one.pk, cause=key, by=cast.mei, now=NOW)


@pytest.fixture
def house(cast: Cast) -> Cast:
    open_house()
    buys(cast, ring(1_000_00))
    gives(cast, 1000)
    return cast


class TestSaveReward:
    def test_changes_nothing_the_second_time(self, house: Cast) -> None:
        first = save_reward(draft=DRAFT, key="kit", by=house.zhu, now=NOW)
        assert save_reward(draft=DRAFT, key="kit", by=house.zhu, now=NOW).changed == ()
        assert Reward.objects.get() == first.reward

    def test_is_for_those_who_publish(self, house: Cast) -> None:
        with pytest.raises(NotAllowed):
            save_reward(draft=DRAFT, by=house.lin, now=NOW)

    def test_comes_from_defaults_once(self, house: Cast) -> None:
        assert load_rewards(drafts={"kit": DRAFT}, by=SYSTEM, now=NOW) == 1
        Reward.objects.update(points=900)
        assert load_rewards(drafts={"kit": DRAFT}, by=SYSTEM, now=NOW) == 0
        assert Reward.objects.get().points == 900

    def test_is_ended_once_and_comes_back_when_saved(self, house: Cast) -> None:
        kit = save_reward(draft=DRAFT, key="kit", by=house.zhu, now=NOW).reward
        assert [end_reward(reward=kit.pk, by=house.zhu, now=NOW) for _ in range(2)] == [True, False]
        assert mall(on=TODAY) == []
        save_reward(draft=DRAFT, key="kit", by=house.zhu, now=NOW)
        assert len(mall(on=TODAY)) == 1


class TestOfferReward:
    def test_makes_it_cheaper_for_its_days_once(self, house: Cast) -> None:
        kit = reward()
        for _ in range(2):
            offer_reward(reward=kit.pk, points=600, first_date=TODAY, last_date=TODAY, by=house.zhu, now=NOW)
        offer = RewardOffer.objects.get()
        made = takes(house, kit).redemption
        assert (made.points, made.offer_id, has(house)) == (600, offer.pk, 400)
        assert uptake_by_offer(viewer=house.lin, since=TODAY)[offer.pk].taken == 1
        assert [end_offer(reward=kit.pk, offer=offer.pk, by=house.zhu, now=NOW) for _ in range(2)] == [True, False]
        assert mall(on=TODAY)[0].price.points == 800

    def test_is_refused_when_it_is_not_cheaper(self, house: Cast) -> None:
        with pytest.raises(RewardWrong):
            offer_reward(reward=reward().pk, points=800, first_date=TODAY, last_date=TODAY, by=house.zhu, now=NOW)


class TestRedeemReward:
    def test_spends_the_points_with_the_redemption_as_cause(self, house: Cast) -> None:
        made = takes(house, reward())
        entry = PointsEntry.objects.get(kind="spend")
        assert (entry.cause_kind, entry.cause_id, has(house)) == ("redemption", str(made.redemption.pk), 200)
        assert made.redemption.cost_minor == 38_00
        assert made.redemption.until_date == TODAY + timedelta(days=14)

    def test_is_refused_on_ones_own_archive(self, house: Cast) -> None:
        Customer.objects.filter(pk=house.mrs_zhou.pk).update(name=house.mei.name)
        house.mrs_zhou.refresh_from_db()
        with pytest.raises(OwnRecord):
            takes(house, reward())
        assert (has(house), Redemption.objects.count()) == (1_000, 0)

    def test_keeps_no_code(self, house: Cast) -> None:
        made = takes(house, reward())
        made.redemption.refresh_from_db()
        assert len(made.code) == 16
        assert made.code not in str(vars(made.redemption))

    def test_does_nothing_the_second_time(self, house: Cast) -> None:
        kit = reward(points=100)
        first, again = takes(house, kit), takes(house, kit)
        assert (again.is_new, again.code, again.redemption) == (False, "", first.redemption)
        assert (has(house), Redemption.objects.count()) == (900, 1)

    def test_refuses_the_key_of_another(self, house: Cast) -> None:
        takes(house, reward(points=100))
        with pytest.raises(RedemptionKeyReused):
            takes(house, reward(points=100))

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"points": 1001}, BalanceTooLow),
            ({"stock": 0}, RewardSoldOut),
            ({"tiers": ("diamond",)}, RewardNotForTier),
            ({"last_date": TODAY - timedelta(days=1)}, RewardNotOffered),
        ],
    )
    def test_writes_nothing_when_refused(
        self, house: Cast, changed: dict[str, object], refusal: type[RuleBroken]
    ) -> None:
        with pytest.raises(refusal):
            takes(house, reward(**changed))
        assert (has(house), Redemption.objects.count()) == (1000, 0)

    def test_counts_stock_and_times(self, house: Cast) -> None:
        one, last = reward(points=10, per_person=1), reward(points=10, stock=1)
        takes(house, one)
        with pytest.raises(RewardHadBefore):
            takes(house, one, key="desk:2")
        held = takes(house, last, key="desk:3").redemption
        with pytest.raises(RewardSoldOut):
            takes(house, last, key="desk:4")
        cancel_redemption(redemption=held, by=house.mei, now=NOW)
        takes(house, last, key="desk:5")


class TestHandOverReward:
    def test_is_done_once(self, house: Cast) -> None:
        made = takes(house, reward()).redemption
        for _ in range(2):
            assert hand_over_reward(redemption=made, cause="desk:h", by=house.tao, now=NOW).state == "handed_over"
        with pytest.raises(RedemptionClosed):
            hand_over_reward(redemption=made, cause="desk:other", by=house.tao, now=NOW)
        with pytest.raises(RedemptionClosed):
            cancel_redemption(redemption=made, by=house.mei, now=NOW)
        assert has(house) == 200

    def test_is_refused_when_it_is_late(self, house: Cast) -> None:
        made = takes(house, reward(hold_days=1)).redemption
        with pytest.raises(RedemptionLate):
            hand_over_reward(redemption=made, cause="desk:h", by=house.tao, now=NOW + timedelta(days=2))

    def test_follows_the_newest_code_alone(self, house: Cast) -> None:
        made = takes(house, reward())
        fresh = renew_code(redemption=made.redemption, by=house.mei, now=NOW)
        found = redemption_by_code(viewer=house.tao, code=f" {fresh[:4]}-{fresh[4:].lower()} ")
        assert found == made.redemption
        with pytest.raises(RedemptionUnknown):
            redemption_by_code(viewer=house.tao, code=made.code)


class TestCancelRedemption:
    def test_gives_the_points_back_to_the_lots_they_were_of(self, house: Cast) -> None:
        gives(house, 500, "2", months=3)
        before = lots_of(viewer=SYSTEM, customer=house.mrs_zhou, on_date=TODAY)
        made = takes(house, reward()).redemption
        assert [cancel_redemption(redemption=made, by=house.mei, now=NOW) for _ in range(2)] == [True, False]
        assert lots_of(viewer=SYSTEM, customer=house.mrs_zhou, on_date=TODAY) == before
        with pytest.raises(RedemptionClosed):
            hand_over_reward(redemption=made, cause="desk:h", by=house.tao, now=NOW)

    def test_is_done_by_the_night_when_nobody_fetched_it(self, house: Cast) -> None:
        made = takes(house, reward(hold_days=2)).redemption
        assert end_reservations(now=NOW + timedelta(days=2)).redemptions == 0
        assert end_reservations(now=NOW + timedelta(days=3)).points == 800
        assert end_reservations(now=NOW + timedelta(days=3)).redemptions == 0
        made.refresh_from_db()
        assert (made.state, made.reason, has(house)) == ("cancelled", "not_fetched", 1000)


class TestRewardsFor:
    def test_recommends_with_the_reason(self, house: Cast) -> None:
        plain, ring_care = reward(), reward(points=300, goes_with=("ring",))
        found = rewards_for(viewer=house.mei, customer=house.mrs_zhou, on=TODAY)
        assert [one.reward for one in found] == [ring_care, plain]
        assert found[0].recommended is not None
        assert (found[0].recommended.because, found[0].recommended.word) == ("piece", "ring")

    def test_shows_a_stranger_nothing(self, house: Cast) -> None:
        made = takes(house, reward())
        for viewer in (house.qiao, house.tao, house.other, house.an):
            assert rewards_for(viewer=viewer, customer=house.mrs_zhou, on=TODAY) == []
            assert redemptions_of(viewer=viewer, customer=house.mrs_zhou) == []
            with pytest.raises(RedemptionUnknown):
                redemption_with(viewer=viewer, id=made.redemption.pk)
            if viewer is not house.an:
                with pytest.raises(CustomerUnknown):
                    customer_for(viewer=viewer, id=house.mrs_zhou.pk)

    def test_hides_a_code_from_another_brand(self, house: Cast) -> None:
        code = takes(house, reward()).code
        assert redemption_by_code(viewer=house.qiao, code=code).reward.name == "Jade care kit"
        with pytest.raises(RedemptionUnknown):
            redemption_by_code(viewer=house.other, code=code)


class TestUptake:
    def test_counts_points_and_cost_of_what_stands(self, house: Cast) -> None:
        kit = reward(points=100)
        for key in ("desk:1", "desk:2"):
            takes(house, kit, key=key)
        cancel_redemption(redemption=Redemption.objects.latest("pk"), by=house.mei, now=NOW)
        (one,) = uptake_by_reward(viewer=house.lin, since=TODAY).values()
        assert (one.waiting, one.called_off, one.people, one.points, one.cost_minor) == (1, 1, 1, 100, 38_00)
        assert uptake_by_reward(viewer=house.qiao, since=TODAY) == {}
        assert uptake_by_reward(viewer=house.an, since=TODAY) == {}, "one person is no crowd"


class TestHerArchive:
    def test_takes_its_redemptions_along_when_it_merges_and_back(self, house: Cast) -> None:
        takes(house, reward())
        merge = merge_customers(winner=house.mr_zhou.pk, loser=house.mrs_zhou.pk, choices={}, by=SYSTEM, now=NOW)
        assert Redemption.objects.get().customer_id == house.mr_zhou.pk
        undo_merge(merge=merge, by=SYSTEM, now=NOW)
        assert Redemption.objects.get().customer_id == house.mrs_zhou.pk
        cancel_redemption(redemption=Redemption.objects.select_related("shop").get(), by=house.mei, now=NOW)
        assert has(house) == 1000

    def test_is_told_and_forgotten(self, house: Cast) -> None:
        takes(house, reward())
        told = gather_access_pack(
            customer=house.mrs_zhou, checked="known_in_person", limits=EXPORT_LIMITS, by=house.lin, now=NOW
        )
        assert [(row["points"], row["state"]) for row in told["rewards_taken"]] == [(800, "reserved")]
        forget_customer(customer_id=house.mrs_zhou.pk, by=SYSTEM, now=NOW)
        row = Redemption.objects.get()
        assert (row.customer_id, row.state, row.token_hash, row.points) == (None, "cancelled", None, 800)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_hands_over_once_of_two_hundred(self) -> None:
        cast = self._house()
        made = takes(cast, reward()).redemption

        def hand(number: int) -> None:
            own = redemption_with(viewer=SYSTEM, id=made.pk)
            hand_over_reward(redemption=own, cause=f"desk:{number}", by=cast.mei, now=NOW)

        assert self._run(200, hand).count("ok") == 1

    def test_puts_the_last_one_aside_once(self) -> None:
        cast = self._house()
        last = reward(points=10, stock=1)
        outcomes = self._run(40, lambda number: takes(cast, last, key=f"desk:{number}"))
        assert outcomes.count("ok") == 1
        assert set(outcomes) == {"ok", "reward_sold_out"}
        assert has(cast) == 990

    def test_spends_one_balance_once(self) -> None:
        cast = self._house()
        kit = reward(points=1000)
        outcomes = self._run(40, lambda number: takes(cast, kit, key=f"desk:{number}"))
        assert outcomes.count("ok") == 1
        assert set(outcomes) == {"ok", "balance_too_low"}
        assert has(cast) == 0

    def _house(self) -> Cast:
        with transaction.atomic():
            cast = gather()
        open_house()
        buys(cast, ring(1_000_00))
        gives(cast, 1000)
        return cast

    def _run(self, count: int, act: Callable[[int], object], threads: int = 8) -> list[str]:
        """Let several threads do it, all beginning at one barrier; return how each ended."""
        barrier = Barrier(threads)

        def work(first: int) -> list[str]:
            barrier.wait()
            found = []
            for number in range(first, count, threads):
                try:
                    act(number)
                    found.append("ok")
                except RuleBroken as refusal:
                    found.append(refusal.code)
            connection.close()
            return found

        with ThreadPoolExecutor(threads) as pool:
            return [one for part in pool.map(work, range(threads)) for one in part]
