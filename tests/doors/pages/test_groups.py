"""Groupings: their page with counts, their filters on the list, and what who sees only crowds is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW, Cast
from tests.doors.pages.world import World, queries_of, text_of
from zhenke.basics.days import DayOfYear, local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date, save_custom_field, save_view, set_traits
from zhenke.grading.models import Grade

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TODAY = local_date(NOW, "Asia/Shanghai")


def crowd_of(cast: Cast, many: int, **fields: object) -> list[Customer]:
    """Make so many customers of Mei's."""
    given = {"shop": cast.shop_a, "owner": cast.mei, "created_at": NOW, "updated_at": NOW, **fields}
    return [Customer.objects.create(name=f"群{number}", **given) for number in range(many)]


@pytest.fixture
def known(world: World) -> World:
    """Mrs Zhou with everything that groups her."""
    cast = world.cast
    wanted = (TODAY + timedelta(days=20)).isoformat()
    values = {"occasion": ["banquet"], "style": ["chinese"], "motive": ["gift"], "intent_date": [wanted]}
    set_traits(customer=cast.mrs_zhou, values=values, by=cast.mei, now=NOW)
    add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(5, 20, year=1986), by=cast.mei, now=NOW)
    Customer.objects.filter(pk=cast.mrs_zhou.pk).update(region="罗湖区")
    return world


def shown(client: Client, query: str) -> list[str]:
    """Return who of the couple a list shows."""
    page = text_of(client, f"/customers/?{query}")
    return [name for name in ("周丽华", "周建国") if f">{name}</a>" in page]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("standing=new&standing=old", "New, bought once or Came back"),
            ("deals=past", "deals: Past"),
            ("deals=open", "deals: In progress"),
            ("deals=coming", "deals: Upcoming"),
            ("age=35_44", "age 35 to 44"),
            ("region=罗湖区", "in 罗湖区"),
            ("occasion=banquet&occasion=daily", "wears it for Banquets or Every day"),
            ("style=chinese", "style New Chinese"),
            ("motive=gift", "buys for Gifts"),
        ],
    )
    def test_keep_her_and_read_as_a_sentence(self, known: World, desk: Desk, query: str, sentence: str) -> None:
        Grade.objects.filter(customer=known.cast.mr_zhou.pk).update(lifetime_frequency=0)
        assert shown(desk("lin"), query) == ["周丽华"], query
        assert sentence in text_of(desk("lin"), f"/customers/?{query}")

    def test_by_kind_and_weight(self, known: World, desk: Desk) -> None:
        Customer.objects.filter(pk=known.cast.mr_zhou.pk).update(kind="company")
        assert shown(desk("lin"), "kind=company&kind=government") == ["周建国"]
        assert shown(desk("lin"), "kind=person") == ["周丽华"]
        Grade.objects.filter(customer=known.cast.mrs_zhou.pk).update(letter="B")
        assert "周丽华" in shown(desk("lin"), "rank=key")
        assert "周丽华" not in shown(desk("lin"), "rank=general&rank=scattered")

    def test_by_an_own_field_unless_it_is_hidden(self, known: World, desk: Desk) -> None:
        cast = known.cast
        for key, level in (("tea", 2), ("ill", 4)):
            save_custom_field(
                key=key, name_en=key.title(), name_zh=key, kind="yes_no", level=level, by=cast.zhu, now=NOW
            )
        set_traits(customer=cast.mrs_zhou, values={"custom.tea": ["yes"], "custom.ill": ["yes"]}, by=cast.lin, now=NOW)
        assert shown(desk("lin"), "own=tea%3Dyes") == ["周丽华"]
        # Of level 4 who leads sees masks: no filter sees through them.
        assert shown(desk("lin"), "own=ill%3Dno") == shown(desk("lin"), "")
        assert shown(desk("mei"), "own=tea%3Dyes") == ["周丽华"]
        assert shown(desk("mei"), "own=tea%3Dno") == []
        # Over what she is not shown the filter does nothing, and the sheet does not offer it.
        assert shown(desk("mei"), "own=ill%3Dno") == shown(desk("mei"), "")
        sheet = text_of(desk("mei"), "/customers/filters/")
        assert "Tea" in sheet and "Ill" not in sheet

    def test_of_ages_are_refused_to_who_sees_no_birthday(self, known: World, desk: Desk) -> None:
        assert desk("ji").get("/customers/?age=35_44").status_code == 403
        assert 'name="age"' not in text_of(desk("ji"), "/customers/filters/")

    @pytest.mark.parametrize("query", ["standing=new", "rank=key", "deals=coming", "kind=company", "age=35_44",
                                       "region=x", "occasion=daily", "style=classic", "motive=self"])  # fmt: skip
    def test_keep_the_budget_of_sql(self, known: World, desk: Desk, query: str) -> None:
        for who in ("mei", "lin", "zhu"):
            queries = queries_of(desk(who), f"/customers/?{query}")
            assert len(queries) <= 6, "\n".join([who, query, *queries])


class TestGroupsPage:
    def test_counts_each_group_and_opens_its_list(self, known: World, desk: Desk) -> None:
        crowd_of(known.cast, 3, region="罗湖区")
        page = text_of(desk("lin"), "/customers/groups/")
        for word, count, url in (
            ("罗湖区", 4, "region=%E7%BD%97%E6%B9%96%E5%8C%BA"),
            ("Banquets", 1, "occasion=banquet"),
            ("35 to 44", 1, "age=35_44"),
            ("Jadeite", 1, "likes=jadeite"),
            ("Upcoming, a day is set", 1, "deals=coming"),
        ):
            assert f'?{url}"><span>{word}</span><span class="num">{count}</span>' in page, word

    def test_counts_the_viewers_own_lists(self, known: World, desk: Desk) -> None:
        save_view(name="宴会的客人", filters={"occasion": ["banquet"]}, by=known.cast.lin, now=NOW)
        assert '<span>宴会的客人</span><span class="num">1</span>' in text_of(desk("lin"), "/customers/groups/")
        assert "宴会的客人" not in text_of(desk("zhu"), "/customers/groups/")

    def test_shows_crowds_only_to_who_may_see_only_crowds(self, known: World, desk: Desk) -> None:
        crowd_of(known.cast, 9, region="福田区")
        page = text_of(desk("an"), "/customers/groups/")
        assert "福田区" not in page and "Banquets" not in page
        crowd_of(known.cast, 1, region="福田区")
        assert '<span>福田区</span><span class="num">10</span>' in text_of(desk("an"), "/customers/groups/")

    def test_of_a_stranger_counts_nobody(self, known: World, desk: Desk) -> None:
        for who in ("qiao", "other"):
            page = text_of(desk(who), "/customers/groups/")
            assert "罗湖区" not in page and "Banquets" not in page and "35 to 44" not in page

    def test_keeps_its_budget_of_sql(self, known: World, desk: Desk) -> None:
        for who in ("mei", "lin", "zhu", "an"):
            queries = queries_of(desk(who), "/customers/groups/")
            assert len(queries) <= 14, "\n".join([who, *queries])
