"""Rights that are given, in any shop, and no more often than the tier has them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.cast import NOW, Cast, gather
from tests.membership.world import buys, open_house, ring
from zhenke.basics.errors import NotAllowed
from zhenke.membership.models import RightUse
from zhenke.membership.operations.rights import (
    NotAMember,
    RightKeyReused,
    RightNotHers,
    RightUsedUp,
    give_right,
    take_right_back,
)
from zhenke.membership.queries.members import member_card, right_use_with, tier_moves
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

TODAY = NOW.date()


@pytest.fixture
def house(cast: Cast) -> Cast:
    """Mrs Zhou has gold: one polish a year."""
    open_house()
    buys(cast, ring(30_000_00))
    return cast


class TestGiveRight:
    def test_writes_down_who_gave_what_in_which_shop(self, house: Cast) -> None:
        given = give_right(customer=house.mrs_zhou, right="polish", cause="desk:1", by=house.mei, now=NOW)
        use = given.use
        assert (given.is_new, use.shop_id, use.by_id, use.tier, use.on_date) == (
            True, house.shop_a.pk, house.mei.pk, "gold", TODAY,
        )  # fmt: skip
        assert AuditEntry.objects.filter(action="right_given").count() == 1

    def test_gives_once_when_the_same_cause_comes_twice(self, house: Cast) -> None:
        first = give_right(customer=house.mrs_zhou, right="polish", cause="desk:1", by=house.mei, now=NOW)
        again = give_right(customer=house.mrs_zhou, right="polish", cause="desk:1", by=house.mei, now=NOW)
        assert (again.is_new, again.use.pk, RightUse.objects.count()) == (False, first.use.pk, 1)
        with pytest.raises(RightKeyReused):
            give_right(customer=house.mrs_zhou, right="cleaning", cause="desk:1", by=house.mei, now=NOW)

    def test_counts_over_all_shops_and_anew_each_year(self, house: Cast) -> None:
        give_right(customer=house.mrs_zhou, right="polish", cause="a", shop=house.shop_b, by=SYSTEM, now=NOW)
        with pytest.raises(RightUsedUp):
            give_right(customer=house.mrs_zhou, right="polish", cause="b", by=house.mei, now=NOW)
        later = NOW + timedelta(days=60)
        assert give_right(customer=house.mrs_zhou, right="polish", cause="c", by=house.mei, now=later).is_new
        for number in range(3):
            give_right(customer=house.mrs_zhou, right="cleaning", cause=f"d{number}", by=house.mei, now=NOW)

    @pytest.mark.parametrize("right", ["discount", "advisor", "home_visit", "unheard_of"])
    def test_refuses_what_nobody_hands_out_or_her_tier_has_not(self, house: Cast, right: str) -> None:
        with pytest.raises(RightNotHers):
            give_right(customer=house.mrs_zhou, right=right, cause="a", by=house.mei, now=NOW)

    def test_refuses_who_may_not_and_who_is_no_member(self, house: Cast) -> None:
        with pytest.raises(NotAllowed):
            give_right(customer=house.mrs_zhou, right="polish", cause="a", by=house.ji, now=NOW)
        with pytest.raises(NotAMember):
            give_right(customer=house.mr_zhou, right="polish", cause="a", by=house.mei, now=NOW)
        assert not RightUse.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTwoShopsAtOnce:
    def test_give_a_right_that_is_there_once_once(self) -> None:
        cast = gather()
        open_house()
        buys(cast, ring(30_000_00))

        def give(number: int) -> bool:
            try:
                give_right(customer=cast.mrs_zhou, right="polish", cause=f"at:{number}", by=SYSTEM, now=NOW)
            except RightUsedUp:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(give, range(6))) == 1
        assert connection.vendor in ("sqlite", "postgresql")


class TestTakeRightBack:
    def test_counts_as_not_given_and_changes_nothing_twice(self, house: Cast) -> None:
        use = give_right(customer=house.mrs_zhou, right="polish", cause="a", by=house.mei, now=NOW).use
        assert take_right_back(use=use, by=house.mei, now=NOW)
        assert not take_right_back(use=use, by=house.mei, now=NOW)
        assert give_right(customer=house.mrs_zhou, right="polish", cause="b", by=house.mei, now=NOW).is_new
        with pytest.raises(NotAllowed):
            take_right_back(use=use, by=house.an, now=NOW)


class TestMemberCard:
    def test_says_the_tier_what_is_missing_and_what_is_left(self, house: Cast) -> None:
        give_right(customer=house.mrs_zhou, right="polish", cause="a", by=house.mei, now=NOW)
        card = member_card(viewer=house.mei, customer=house.mrs_zhou, on=TODAY)
        assert card is not None
        assert card.missing is not None
        assert (card.tier.key, card.missing.tier.key, card.missing.left) == ("gold", "platinum", 50_000_00)
        assert {one.right.key: one.left for one in card.rights}["polish"] == 0
        assert [use.right for use in card.uses] == ["polish"]

    def test_tells_a_stranger_and_marketing_nothing(self, house: Cast) -> None:
        use = give_right(customer=house.mrs_zhou, right="polish", cause="a", by=house.mei, now=NOW).use
        for stranger in (house.qiao, house.tao, house.other, house.an):
            assert member_card(viewer=stranger, customer=house.mrs_zhou, on=TODAY) is None
            assert tier_moves(viewer=stranger, customer=house.mrs_zhou) == []
            assert right_use_with(viewer=stranger, id=use.pk) is None
        assert [move.to_tier for move in tier_moves(viewer=house.mei, customer=house.mrs_zhou)] == ["gold"]
