"""The mall on the member site: what she may have, put aside with its code, fetched once at the counter, given back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.portal.conftest import phone
from tests.membership.world import buys, open_house, ring
from zhenke.basics.days import local_date
from zhenke.membership.models import Coupon, CouponKind, Redemption, Reward
from zhenke.membership.operations import earn
from zhenke.membership.operations.coupons import save_coupon_kind
from zhenke.membership.operations.rewards import save_reward
from zhenke.membership.queries import balance_of
from zhenke.membership.rules import Cause
from zhenke.membership.rules.coupons import CouponTerms
from zhenke.membership.rules.rewards import RewardDraft
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW, "Asia/Shanghai")


@pytest.fixture
def kit(cast: Cast) -> Reward:
    """A care kit for 800 points, and Mrs Zhou with 1,000."""
    open_house()
    buys(cast, ring(1_000_00), key="mall:1")
    earn(
        customer=cast.mrs_zhou, points=1_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
        months=24, by=SYSTEM, now=NOW,
    )  # fmt: skip
    draft = RewardDraft("goods", "Jade care kit", "翡翠养护套装", 800, 38_00, date(2026, 1, 1))
    return save_reward(draft=draft, by=SYSTEM, now=NOW).reward


@pytest.fixture
def her(mrs_zhou: Client) -> Iterator[Client]:
    """Her phone, two days after she first signed in with it: free to do everything."""
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield mrs_zhou


def shown(client: Client) -> str:
    return client.get("/rewards/").content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def has(cast: Cast) -> int:
    return balance_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY).spendable


def takes(client: Client) -> str:
    """Take the first reward, and return the page with its code."""
    page = shown(client)
    given = {"reward": hidden(page, "reward"), "key": hidden(page, "key")}
    return client.post("/rewards/take/", given).content.decode()


class TestRewards:
    def test_are_shown_for_her_without_a_key_of_anything(self, cast: Cast, kit: Reward, her: Client) -> None:
        page = shown(her)
        assert "Jade care kit" in page
        assert "Take it" in page
        for key in (kit.pk, cast.mrs_zhou.pk):
            assert str(key) not in page
        assert "/rewards/" in her.get("/points/").content.decode()

    def test_teach_who_is_no_member_yet(self, cast: Cast, her: Client) -> None:
        open_house()
        assert "your first purchase makes you one" in shown(her)

    def test_are_put_aside_once_and_fetched_with_the_code(
        self, cast: Cast, kit: Reward, her: Client, desk: Callable[[str], Client]
    ) -> None:
        page = shown(her)
        given = {"reward": hidden(page, "reward"), "key": hidden(page, "key")}
        first = her.post("/rewards/take/", given)
        assert first["Cache-Control"] == "no-store"
        again = her.post("/rewards/take/", given).content.decode()
        assert "This is yours already" in again
        assert (Redemption.objects.count(), has(cast)) == (1, 200)
        code = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", first.content.decode())
        assert code
        hand = {"reward_code": code[0], "act": "hand_over", "key": "h1"}
        desk("mei").post("/membership/hand-over/", hand)
        assert Redemption.objects.get().state == "handed_over"
        assert "Received" in shown(her)

    def test_are_given_back_with_their_points(self, cast: Cast, kit: Reward, her: Client) -> None:
        takes(her)
        taken = hidden(shown(her), "taken")
        renewed = her.post("/rewards/code/", {"taken": taken}).content.decode()
        assert "data:image/svg" in renewed
        for _twice in range(2):
            assert her.post("/rewards/cancel/", {"taken": taken}).status_code in (302, 422)
        assert has(cast) == 1_000
        assert "Called off" in shown(her)

    def test_are_not_given_when_points_or_pieces_are_missing(self, cast: Cast, kit: Reward, her: Client) -> None:
        page = shown(her)
        given = {"reward": hidden(page, "reward"), "key": "k1"}
        takes(her)
        answer = her.post("/rewards/take/", given)
        assert answer.status_code == 422
        assert "There are 200 points to spend, not 800." in answer.content.decode()
        assert "Not enough points yet" in shown(her)

    def test_are_not_taken_from_a_new_device(
        self, cast: Cast, kit: Reward, signed_in: Callable[..., Client], her: Client
    ) -> None:
        new = signed_in(client=phone())
        page = shown(new)
        answer = new.post("/rewards/take/", {"reward": hidden(page, "reward"), "key": hidden(page, "key")})
        assert (answer.status_code, has(cast), Redemption.objects.count()) == (422, 1_000, 0)

    def test_of_another_session_mean_nothing(
        self, cast: Cast, kit: Reward, her: Client, signed_in: Callable[..., Client]
    ) -> None:
        takes(her)
        taken, reward = hidden(shown(her), "taken"), "0" * 24
        other = signed_in(client=phone())
        assert other.post("/rewards/code/", {"taken": taken}).status_code == 404
        assert other.post("/rewards/cancel/", {"taken": taken}).status_code == 404
        assert her.post("/rewards/take/", {"reward": reward, "key": "k"}).status_code == 422
        assert Redemption.objects.get().state == "reserved"


class TestCoupons:
    @pytest.fixture
    def kind(self, kit: Reward) -> CouponKind:
        """A coupon that any member may claim, once."""
        return save_coupon_kind(
            key="autumn", names=("Autumn", "金秋券"),
            terms=CouponTerms("fixed", off_minor=100_00, least_minor=1_000_00),
            first_date=TODAY, last_date=date(2026, 12, 31), is_open=True, by=SYSTEM, now=NOW,
        )  # fmt: skip

    def test_are_claimed_once(self, kind: CouponKind, her: Client) -> None:
        page = shown(her)
        assert "Autumn" in page and str(kind.pk) not in page
        given = {"coupon": hidden(page, "coupon"), "key": "k1"}
        for _twice in range(2):
            assert her.post("/rewards/claim/", given)["Location"] == "/rewards/"
        assert her.post("/rewards/claim/", given | {"key": "k2"}).status_code == 302
        assert Coupon.objects.count() == 1
        assert "Waits to be used" in shown(her) and "Claim it" not in shown(her)

    def test_are_not_for_who_is_no_member(self, cast: Cast, her: Client) -> None:
        open_house()
        save_coupon_kind(
            key="autumn", names=("Autumn", "金秋券"), terms=CouponTerms("fixed", off_minor=100_00),
            first_date=TODAY, last_date=date(2026, 12, 31), is_open=True, by=SYSTEM, now=NOW,
        )  # fmt: skip
        assert "Claim it" not in shown(her)
        assert her.post("/rewards/claim/", {"coupon": "0" * 24}).status_code == 302
        assert not Coupon.objects.exists()
