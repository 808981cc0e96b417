"""The member's points with their history in plain words, her tier and what is missing to the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.portal.conftest import Codes, give_birthday, phone
from tests.membership.world import buys, gold, open_house, ring
from zhenke.basics.days import DayOfYear
from zhenke.customers.operations import add_contact, add_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(cast: Cast, codes: Codes) -> Callable[[], Client]:
    """Return a phone on which Mrs Zhou is signed in, in a house with a programme."""
    open_house()
    add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
    add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(11, 30, year=1985), by=cast.mei, now=NOW)

    def of() -> Client:
        mine = phone()
        mine.post("/sign-in/", {"contact": "13800138000"})
        mine.post("/sign-in/code/", {"code": codes.last()})
        give_birthday(mine)
        return mine

    return of


class TestPoints:
    def test_tells_what_came_and_what_is_missing_in_words(self, cast: Cast, enter: Callable[[], Client]) -> None:
        sale = buys(cast, ring(1_200_000), gold(800_000), days_ago=20)
        page = enter().get("/points/").content.decode()
        assert "For a purchase" in page and "more for" in page and 'max="1000"' in page
        for key in (cast.mrs_zhou.pk, sale.pk, *(line.pk for line in sale.lines.all())):
            assert str(key) not in page

    def test_says_so_where_there_is_nothing_yet(self, enter: Callable[[], Client]) -> None:
        mine = enter()
        page = mine.get("/points/").content.decode()
        assert "Your first purchase makes you a member" in page and "Nothing has come or gone yet." in page
        assert mine.get("/").status_code == 200

    def test_stands_on_the_card_too_and_is_never_anothers(self, cast: Cast, enter: Callable[[], Client]) -> None:
        buys(cast, ring(9_900_000), days_ago=20, card="ZK000002")
        mine = enter()
        assert "tag is-accent" not in mine.get("/").content.decode()
        assert "For a purchase" not in mine.get("/points/").content.decode()
        buys(cast, ring(1_200_000), days_ago=1)
        assert "tag is-accent" in mine.get("/").content.decode()

    def test_takes_nothing_that_is_sent(self, cast: Cast, enter: Callable[[], Client]) -> None:
        mine = enter()
        assert mine.post("/points/", {"points": "99999", "tier": "diamond"}).status_code == 405
