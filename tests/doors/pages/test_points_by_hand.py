"""Points of one member over HTTP: what came and went, and points by hand, which two agree to from the limit on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import queries_of, text_of
from tests.membership.world import open_house
from zhenke.basics.days import local_date
from zhenke.membership.models import PointsProposal
from zhenke.membership.operations import earn
from zhenke.membership.queries import balance_of
from zhenke.membership.rules import Cause
from zhenke.staff import SYSTEM

Desk = Callable[[str], Client]
TODAY = local_date(NOW, "Asia/Shanghai")
WAITING = "/membership/waiting/"


@pytest.fixture
def house(cast: Cast) -> Cast:
    """A house in which Mrs Zhou has 1,000 points."""
    open_house()
    earn(
        customer=cast.mrs_zhou, points=1_000, cause=Cause("by_hand", "start"), on_date=TODAY, pending_days=0,
        months=24, by=SYSTEM, now=NOW,
    )  # fmt: skip
    return cast


def her(cast: Cast) -> str:
    return f"/customers/{cast.mrs_zhou.pk}/points/"


def has(cast: Cast) -> int:
    return balance_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY).spendable


class TestMemberPoints:
    def test_tells_what_came_and_went(self, house: Cast, desk: Desk) -> None:
        page = text_of(desk("mei"), her(house))
        assert "Earned 1,000 points" in page
        assert "by hand</h2>" not in page

    def test_goes_on_page_by_page(self, house: Cast, desk: Desk) -> None:
        for number in range(25):
            earn(
                customer=house.mrs_zhou, points=number + 1, cause=Cause("by_hand", f"n{number}"), on_date=TODAY,
                pending_days=0, months=24, by=SYSTEM, now=NOW,
            )  # fmt: skip
        first = desk("mei").get(her(house))
        assert "Earned 1,000 points" not in first.content.decode()
        page = text_of(desk("mei"), f"{her(house)}?before={first.context['next']}")
        assert "Earned 1,000 points" in page
        assert "Newest" in page

    def test_is_absent_for_strangers(self, house: Cast, desk: Desk) -> None:
        assert desk("qiao").get(her(house)).status_code == 404

    def test_stays_within_its_queries(self, house: Cast, desk: Desk) -> None:
        assert len(queries_of(desk("lin"), her(house))) <= 18


class TestByHand:
    def test_gives_and_takes_a_few_once(self, house: Cast, desk: Desk) -> None:
        given = {"way": "give", "points": "200", "reason": "goodwill", "key": "k1"}
        for _twice in range(2):
            assert desk("lin").post(her(house), given).status_code == 302
        assert has(house) == 1_200
        desk("lin").post(her(house), given | {"way": "take", "points": "50", "key": "k2", "reason": "correction"})
        page = text_of(desk("lin"), her(house))
        assert "+200 points by hand" in page
        assert "-50 points by hand" in page
        assert has(house) == 1_150

    def test_is_not_for_advisors(self, house: Cast, desk: Desk) -> None:
        given = {"way": "give", "points": "200", "reason": "goodwill", "key": "k1"}
        assert desk("mei").post(her(house), given).status_code == 403

    def test_refuses_more_than_she_has_and_says_so_at_the_field(self, house: Cast, desk: Desk) -> None:
        taken = {"way": "take", "points": "450", "reason": "other"}
        for key in ("k1", "k2"):
            desk("lin").post(her(house), taken | {"key": key})
        answer = desk("lin").post(her(house), taken | {"key": "k3"})
        assert answer.status_code == 422
        assert "There are 100 points to spend, not 450." in answer.content.decode()
        answer = desk("lin").post(her(house), taken | {"points": "0", "key": "k4"})
        assert answer.status_code == 422
        assert has(house) == 100

    def test_waits_for_somebody_else_from_the_limit_on(self, house: Cast, desk: Desk) -> None:
        desk("lin").post(her(house), {"way": "give", "points": "500", "reason": "complaint", "key": "k1"})
        row = PointsProposal.objects.get()
        assert has(house) == 1_000
        assert "you asked; somebody else agrees" in text_of(desk("lin"), WAITING)
        desk("lin").post(f"{WAITING}{row.pk}/", {"act": "agree"})
        assert has(house) == 1_000
        assert "1 waits for a second person" in text_of(desk("zhu"), "/membership/")
        assert "+500 points by hand" in text_of(desk("zhu"), WAITING)
        for _twice in range(2):
            desk("zhu").post(f"{WAITING}{row.pk}/", {"act": "agree"})
        assert has(house) == 1_500
        assert "Nothing waits" in text_of(desk("zhu"), WAITING)

    def test_changes_nothing_when_it_is_refused(self, house: Cast, desk: Desk) -> None:
        desk("lin").post(her(house), {"way": "take", "points": "700", "reason": "complaint", "key": "k1"})
        row = PointsProposal.objects.get()
        desk("zhu").post(f"{WAITING}{row.pk}/", {"act": "refuse"})
        assert has(house) == 1_000

    def test_is_out_of_sight_of_other_shops(self, house: Cast, desk: Desk) -> None:
        desk("lin").post(her(house), {"way": "give", "points": "500", "reason": "complaint", "key": "k1"})
        row = PointsProposal.objects.get()
        assert desk("mei").post(f"{WAITING}{row.pk}/", {"act": "agree"}).status_code == 403
        assert len(queries_of(desk("zhu"), WAITING)) <= 12
