"""The shop board over HTTP: findings from the figures, filters, masks, and its budget of queries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast
from tests.doors.pages.world import World, queries_of, text_of

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def chart(page: str, name: str) -> dict[str, object]:
    """Return the description of one chart of a page."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found, name
    return json.loads(found[1])


class TestBoardPage:
    def test_is_for_those_who_lead(self, cast: Cast, desk: Desk) -> None:
        for who in ("mei", "shu"):
            assert desk(who).get("/board/").status_code == 403
        for who in ("lin", "hua", "zhu", "an", "ji"):
            assert desk(who).get("/board/").status_code == 200

    def test_teaches_the_next_step_while_nothing_is_sold(self, cast: Cast, desk: Desk) -> None:
        assert "Nothing to show yet" in text_of(desk("other"), "/board/")

    def test_shows_what_was_sold_as_findings(self, world: World, desk: Desk) -> None:
        page = text_of(desk("lin"), "/board/")
        assert "¥12,800" in page
        assert "The first twelve months of sales" in page
        assert "Bangle: 100\u00a0% of the sales" in page
        assert chart(page, "trend")["series"][0]["values"][-1] == 12_800  # type: ignore[index]
        assert chart(page, "buyers")["series"][0]["values"] == [0, 1]  # type: ignore[index]
        assert sum(chart(page, "pyramid")["series"][0]["values"]) == 1  # type: ignore[index]

    def test_shows_each_viewer_only_the_own_shops(self, world: World, desk: Desk) -> None:
        assert "¥12,800" in text_of(desk("hua"), "/board/")
        for who in ("other",):
            assert "¥12,800" not in text_of(desk(who), "/board/")
        shop_b = text_of(desk("zhu"), f"/board/?shop={world.cast.shop_b.pk}")
        assert "¥12,800" not in shop_b
        assert "周丽华" not in shop_b

    def test_knows_no_shop_of_somebody_else(self, world: World, desk: Desk) -> None:
        for wanted in (world.cast.shop_b.pk, world.cast.other_brand.pk, 1, "x"):
            assert desk("lin").get(f"/board/?shop={wanted}").status_code == 404

    def test_masks_names_for_marketing_and_auditors(self, world: World, desk: Desk) -> None:
        assert "周丽华" in text_of(desk("lin"), "/board/")
        page = text_of(desk("ji"), "/board/")
        assert "周丽华" not in page
        assert "周**" in page

    def test_tells_marketing_nothing_of_fewer_than_ten_people(self, world: World, desk: Desk) -> None:
        page = text_of(desk("an"), "/board/")
        assert "周" not in page.replace("万象城", "")
        assert "12,800" not in page and "Figures of fewer than ten people are left out" in page
        assert "Figures of fewer than ten" not in text_of(desk("lin"), "/board/")

    @pytest.mark.parametrize("span", ["month", "quarter", "year", "twelve", "nonsense"])
    def test_takes_any_span(self, world: World, desk: Desk, span: str) -> None:
        assert "¥12,800" in text_of(desk("lin"), f"/board/?span={span}")

    @pytest.mark.parametrize("who", ["lin", "hua", "zhu", "an"])
    def test_asks_at_most_twelve_queries(self, world: World, desk: Desk, who: str) -> None:
        assert len(queries_of(desk(who), "/board/")) <= 12
