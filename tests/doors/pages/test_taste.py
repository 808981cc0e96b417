"""The taste tab and its sheet: most used first, the rest behind "More", values checked at their field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, text_of
from zhenke.customers.models import Customer
from zhenke.customers.operations import save_custom_field, set_traits
from zhenke.customers.queries import traits_of

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def tab(client: Client, world: World) -> str:
    return text_of(client, f"/customers/{world.cast.mrs_zhou.pk}/?tab=preferences")


def known_of(world: World) -> dict[str, list[str]]:
    rows = traits_of(viewer=world.cast.lin, customer=world.cast.mrs_zhou)
    return {key: sorted(row.text for row in values) for key, values in rows.items()}


class TestTab:
    def test_shows_the_most_used_before_more_and_the_rest_behind_it(self, world: World, desk: Desk) -> None:
        given = {"ring_size": ["12"], "wrist_cm": ["15.5"], "budget_band": ["5000-15000"], "occupation": ["医生"]}
        set_traits(customer=world.cast.mrs_zhou, values=given, by=world.cast.mei, now=NOW)
        before, _, behind = tab(desk("mei"), world).partition('<details class="more part">')
        for word in ("HK 12", "¥5,000–¥15,000", "Jadeite"):
            assert word in before and f">{word}<" not in behind.partition("</details>")[0], word
        for word in ("15.5 cm", "医生", "Ask before the first fitting"):
            assert word in behind, word

    def test_hides_what_the_role_is_not_shown(self, world: World, desk: Desk) -> None:
        given = {"health": ["孕期"], "occupation": ["医生"], "colour": ["green"]}
        set_traits(customer=world.cast.mrs_zhou, values=given, by=world.cast.lin, now=NOW)
        seen = {name: tab(desk(name), world) for name in ("lin", "mei", "an")}
        assert [name for name, page in seen.items() if "孕期" in page] == []
        assert [name for name, page in seen.items() if "reveal/?trait=" in page] == ["lin"]
        assert [name for name, page in seen.items() if "医生" in page] == ["lin", "mei"]
        assert all("Green" in page for page in seen.values())

    def test_of_an_organisation_begins_with_its_papers(self, world: World, desk: Desk) -> None:
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(kind="company")
        papers = {"legal_name": ["丽华贸易有限公司"], "payment_terms": ["monthly"]}
        set_traits(customer=world.cast.mrs_zhou, values=papers, by=world.cast.mei, now=NOW)
        before = tab(desk("mei"), world).partition('<details class="more part">')[0]
        assert "丽华贸易有限公司" in before and "Once a month" in before and "The organisation" in before


class TestSheet:
    def test_keeps_a_group_and_takes_away_what_is_emptied(self, world: World, desk: Desk) -> None:
        taste = f"/customers/{world.cast.mrs_zhou.pk}/traits/?group=taste"
        mei = desk("mei")
        form = {"metal": ["gold", "pt950"], "metal-more": "玫瑰金、银", "stone": ["jadeite"]}
        for _ in range(2):
            assert mei.post(taste, form, headers=HTMX).status_code == 204
        assert known_of(world) == {"metal": ["gold", "pt950", "玫瑰金", "银"], "stone": ["jadeite"]}
        mei.post(taste, {"metal": ["gold"]}, headers=HTMX)
        assert known_of(world) == {"metal": ["gold"]}

    def test_that_is_asked_most_is_brief_and_keeps_other_words(self, world: World, desk: Desk) -> None:
        set_traits(customer=world.cast.mrs_zhou, values={"metal": ["玫瑰金"]}, by=world.cast.mei, now=NOW)
        address = f"/customers/{world.cast.mrs_zhou.pk}/traits/?group=often"
        page = text_of(desk("mei"), address, headers=HTMX)
        assert 'name="metal-more" value="玫瑰金"' in page and 'name="style-more"' not in page
        form = {"metal-more": "玫瑰金", "stone": ["jadeite"], "ring_size": "US 6.5"}
        desk("mei").post(address, form, headers=HTMX)
        assert known_of(world) == {"metal": ["玫瑰金"], "stone": ["jadeite"], "ring_size": ["6.5 us"]}

    def test_says_at_the_field_what_is_wrong_and_keeps_nothing(self, world: World, desk: Desk) -> None:
        before = known_of(world)
        address = f"/customers/{world.cast.mrs_zhou.pk}/traits/?group=sizes"
        answer = desk("mei").post(address, {"ring_left_ring": "12", "wrist_cm": "155"}, headers=HTMX)
        assert answer.status_code == 422
        assert "it lies between 10 and 26 (centimetres)" in answer.content.decode()
        assert known_of(world) == before

    def test_asks_own_fields_in_their_group_with_their_words(self, world: World, desk: Desk) -> None:
        save_custom_field(
            key="sport", name_en="Sport", name_zh="运动", kind="several", choices=["golf", "swim"],
            choice_words={"golf": ["Golf", "高尔夫"], "swim": ["Swimming", "游泳"]}, group="person",
            by=world.cast.zhu, now=NOW,
        )  # fmt: skip
        address = f"/customers/{world.cast.mrs_zhou.pk}/traits/?group=person"
        mei = desk("mei")
        assert "Swimming" in mei.get(address, headers=HTMX).content.decode()
        mei.post(address, {"custom.sport": ["golf", "swim"]}, headers=HTMX)
        assert known_of(world)["custom.sport"] == ["golf", "swim"]
        assert "Swimming" in tab(mei, world)

    def test_asks_nothing_that_the_role_is_not_shown(self, world: World, desk: Desk) -> None:
        address = f"/customers/{world.cast.mrs_zhou.pk}/traits/?group=care"
        assert 'name="health"' in desk("lin").get(address, headers=HTMX).content.decode()
        page = desk("mei").get(address, headers=HTMX).content.decode()
        assert 'name="allergy"' in page and 'name="health"' not in page

    def test_of_a_stranger_is_not_there(self, world: World, desk: Desk) -> None:
        address = f"/customers/{world.cast.mrs_zhou.pk}/traits/"
        assert desk("qiao").get(address, headers=HTMX).status_code == 404
        assert desk("qiao").post(address, {"metal": ["gold"]}, headers=HTMX).status_code == 404
