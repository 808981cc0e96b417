"""The mall, a member's rewards, and the counter that takes a code, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import World, text_of
from tests.membership.world import SYSTEM
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.doors.defaults.rewards import COUPONS
from zhenke.membership.models import Coupon, CouponKind, Redemption, Reward, RewardOffer
from zhenke.membership.operations import earn
from zhenke.membership.operations.coupons import issue_coupons, save_coupon_kind
from zhenke.membership.operations.rewards import save_reward
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries import balance_of
from zhenke.membership.rules import Cause
from zhenke.membership.rules.rewards import RewardDraft

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TODAY = NOW.date()
FORM = {
    "kind": "goods", "name": "Tea set", "name_zh": "茶具", "points": "500", "cost": "88", "per_person": "0",
    "hold_days": "14", "first_date": TODAY.isoformat(), "goes_with": "jade_bangle，gold",
}  # fmt: skip


@pytest.fixture
def mall(world: World) -> Reward:
    """A programme with a member who has 1,000 points, and one reward for 800."""
    her = world.cast.mrs_zhou
    load_first_rules(rules=PROGRAMME_RULES, now=NOW)
    review_members(customer_ids=[her.pk], on=TODAY, reason="night", now=NOW)
    earn(
        customer=her, points=1000, cause=Cause("by_hand", "1"), on_date=TODAY, pending_days=0, months=24, by=SYSTEM,
        now=NOW,
    )  # fmt: skip
    draft = RewardDraft("goods", "Jade care kit", "翡翠养护套装", 800, 38_00, date(2026, 1, 1))
    return save_reward(draft=draft, key="kit", by=SYSTEM, now=NOW).reward


def her(world: World) -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/rewards/"


def put_aside(desk: Desk, world: World, mall: Reward) -> str:
    """Put the reward aside as Mei does; return the code on the page."""
    answer = desk("mei").post(f"{her(world)}redeem/", {"reward": mall.pk, "key": "k1"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'id="reward-code">([A-Z0-9-]+)<', answer.content.decode())
    assert found
    return found[1]


class TestRewards:
    def test_shows_cost_only_to_who_sees_the_figures(self, world: World, desk: Desk, mall: Reward) -> None:
        assert "Jade care kit" in text_of(desk("mei"), "/membership/rewards/")
        assert "38" not in text_of(desk("mei"), "/membership/rewards/")
        assert "¥38 each" in text_of(desk("lin"), "/membership/rewards/")

    def test_takes_a_new_one_and_says_what_is_wrong(self, world: World, desk: Desk, mall: Reward) -> None:
        assert desk("zhu").post("/membership/rewards/new/", FORM).status_code == 302
        made = Reward.objects.get(name="Tea set")
        assert (made.points, made.cost_minor, made.goes_with) == (500, 88_00, ["jade_bangle", "gold"])
        wrong = desk("zhu").post("/membership/rewards/new/", {**FORM, "last_date": "2020-01-01"})
        assert wrong.status_code == 422
        assert "The last day lies before the first." in wrong.content.decode()
        assert desk("lin").post("/membership/rewards/new/", FORM).status_code == 403

    def test_is_made_cheaper_for_some_days(self, world: World, desk: Desk, mall: Reward) -> None:
        days = {"offer_points": "600", "offer_first": TODAY.isoformat(), "offer_last": TODAY.isoformat()}
        place = f"/membership/rewards/{mall.pk}/"
        assert desk("zhu").post(f"{place}offers/", days).status_code == 302
        assert "instead of 800" in text_of(desk("mei"), "/membership/rewards/")
        wrong = desk("zhu").post(f"{place}offers/", {**days, "offer_points": "800"})
        assert "fewer points than the reward does" in wrong.content.decode()
        offer = RewardOffer.objects.get()
        assert desk("zhu").post(f"{place}offers/{offer.pk}/end/").status_code == 302
        assert "instead of 800" not in text_of(desk("mei"), "/membership/rewards/")
        assert desk("zhu").post(f"{place}end/").status_code == 302
        assert "Jade care kit" not in text_of(desk("mei"), "/membership/rewards/")


class TestHerRewards:
    def test_puts_aside_once_and_shows_the_code_once(self, world: World, desk: Desk, mall: Reward) -> None:
        assert "Put aside" in text_of(desk("mei"), her(world))
        put_aside(desk, world, mall)
        again = desk("mei").post(f"{her(world)}redeem/", {"reward": mall.pk, "key": "k1"})
        assert "reward-code" not in again.content.decode()
        assert Redemption.objects.count() == 1

    def test_says_why_not(self, world: World, desk: Desk, mall: Reward) -> None:
        put_aside(desk, world, mall)
        assert "Not enough points yet" in text_of(desk("mei"), her(world))
        desk("mei").post(f"{her(world)}redeem/", {"reward": mall.pk, "key": "k2"})
        assert Redemption.objects.count() == 1

    def test_calls_off_and_gives_the_points_back(self, world: World, desk: Desk, mall: Reward) -> None:
        put_aside(desk, world, mall)
        row = Redemption.objects.get()
        assert desk("mei").post(f"{her(world)}{row.pk}/cancel/").status_code == 302
        assert balance_of(viewer=SYSTEM, customer=world.cast.mrs_zhou, on_date=TODAY).spendable == 1000

    def test_lists_her_coupons(self, world: World, desk: Desk, mall: Reward) -> None:
        names, terms = COUPONS["year_end"]
        kind = save_coupon_kind(
            key="y", names=names, terms=terms, first_date=TODAY, last_date=TODAY, by=SYSTEM, now=NOW
        )
        issue_coupons(kind=kind.pk, customer_ids=[world.cast.mrs_zhou.pk], cause="c", on_date=TODAY, by=SYSTEM, now=NOW)
        told = text_of(desk("mei"), her(world))
        assert "Year-end savings" in told
        assert "¥150 off from ¥3,000 on" in told
        assert "Year-end savings" in text_of(desk("lin"), "/membership/rewards/")
        assert "Year-end savings" not in text_of(desk("mei"), "/membership/rewards/")

    def test_is_nothing_to_a_stranger(self, world: World, desk: Desk, mall: Reward) -> None:
        put_aside(desk, world, mall)
        row = Redemption.objects.get()
        for path in ("", "redeem/", f"{row.pk}/code/", f"{row.pk}/cancel/"):
            client = desk("qiao")
            answer = client.get(her(world)) if not path else client.post(f"{her(world)}{path}", {"reward": mall.pk})
            assert answer.status_code == 404, path


class TestHandOver:
    def test_says_what_a_code_opens_and_hands_it_over_once(self, world: World, desk: Desk, mall: Reward) -> None:
        code = put_aside(desk, world, mall)
        found = desk("tao").post("/membership/hand-over/", {"reward_code": code}).content.decode()
        assert "Jade care kit" in found
        assert "周丽华" not in found, "Tao does not know of Mei's customer"
        hand = {"reward_code": code, "act": "hand_over", "key": "h1"}
        assert desk("tao").post("/membership/hand-over/", hand).status_code == 302
        again = desk("tao").post("/membership/hand-over/", {**hand, "key": "h2"})
        assert again.status_code == 422
        assert "handed over or called off before" in again.content.decode()
        assert Redemption.objects.get().closed_by == world.cast.tao

    def test_knows_nothing_of_a_wrong_code_or_another_brands(self, world: World, desk: Desk, mall: Reward) -> None:
        code = put_aside(desk, world, mall)
        for who, given in (("tao", "AAAA"), ("tao", ""), ("other", code)):
            answer = desk(who).post("/membership/hand-over/", {"reward_code": given})
            assert answer.status_code == 422
            assert "Jade care kit" not in answer.content.decode()


def year_end() -> CouponKind:
    """Return a kind of coupon that is given in these days."""
    names, terms = COUPONS["year_end"]
    return save_coupon_kind(
        key="year_end", names=names, terms=terms, first_date=TODAY, last_date=TODAY, by=SYSTEM, now=NOW
    )


class TestCouponGive:
    def test_gives_one_once_and_offers_no_more_of_it(self, world: World, desk: Desk, mall: Reward) -> None:
        kind = year_end()
        page = text_of(desk("mei"), her(world))
        assert f'value="{kind.pk}"' in page
        address, mei = f"/customers/{world.cast.mrs_zhou.pk}/coupons/give/", desk("mei")
        for _twice in range(2):
            assert mei.post(address, {"coupon": kind.pk, "key": "g1"}).status_code == 302
        assert Coupon.objects.filter(customer=world.cast.mrs_zhou).count() == 1
        assert f'value="{kind.pk}"' not in text_of(mei, her(world))

    def test_is_refused_to_strangers_and_on_ones_own_archive(self, world: World, desk: Desk, mall: Reward) -> None:
        kind = year_end()
        address = f"/customers/{world.cast.mrs_zhou.pk}/coupons/give/"
        assert desk("qiao").post(address, {"coupon": kind.pk, "key": "g1"}).status_code == 404
        type(world.cast.mrs_zhou).objects.filter(pk=world.cast.mrs_zhou.pk).update(name=world.cast.mei.name)
        desk("mei").post(address, {"coupon": kind.pk, "key": "g2"})
        desk("lin").post(address, {"coupon": "no number", "key": "g3"})
        assert not Coupon.objects.exists()


class TestCouponAtTheCounter:
    def test_is_offered_under_its_holder_and_stands_on_the_receipt(
        self, world: World, desk: Desk, mall: Reward
    ) -> None:
        her_key, kind = world.cast.mrs_zhou.pk, year_end()
        issue_coupons(kind=kind.pk, customer_ids=[her_key], cause="gift", on_date=TODAY, by=SYSTEM, now=NOW)
        coupon, mei = Coupon.objects.get(), desk("mei")
        page = text_of(mei, f"/sales/new/?customer={her_key}")
        assert f'value="{coupon.pk}"' in page
        assert f'value="{coupon.pk}"' not in text_of(desk("qiao"), f"/sales/new/?customer={her_key}")
        given = {
            "key": "c1", "buyer": "known", "customer": her_key, "sold_at": "2026-11-22T10:30", "advisor": "mei",
            "line": ["aa"], "aa-description": "ring", "aa-quantity": "1", "aa-amount": "1,000", "coupon": coupon.pk,
        }  # fmt: skip
        poor = mei.post("/sales/new/", given)
        assert poor.status_code == 422
        assert "This coupon takes nothing off this bill." in poor.content.decode()
        sold = mei.post("/sales/new/", given | {"aa-amount": "4,000"})
        assert "took ¥150 off" in text_of(mei, sold["Location"])
        other = mei.post("/sales/new/", given | {"key": "c2", "buyer": "nobody", "customer": ""})
        assert other.status_code == 422
