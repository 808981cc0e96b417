"""Who has come in: found by card, phone or name within sight, and known in one glance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.customers.operations import add_contact, add_link, set_trait
from zhenke.customers.operations.words import write_terms

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TYPING = {**HTMX, "HX-Target": "hits"}
BUDGET = 16


def glance_address(world: World) -> str:
    """Return the address of Mrs Zhou's glance."""
    return reverse("reception_glance", args=[world.cast.mrs_zhou.pk])


@pytest.fixture
def known(world: World) -> World:
    """Mrs Zhou can be found by her name."""
    write_terms(customer=world.cast.mrs_zhou)
    return world


class TestReception:
    @pytest.mark.parametrize("typed", ["周", "zlh", PHONE, PHONE[-4:], "周 8000"])
    def test_finds_her_by_what_she_says(self, known: World, desk: Desk, typed: str) -> None:
        answer = desk("mei").post("/reception/", {"q": typed}, headers=TYPING)
        assert "周丽华" in answer.content.decode()

    def test_opens_the_only_one_on_enter_as_a_scanner_does(self, known: World, desk: Desk) -> None:
        answer = desk("mei").post("/reception/", {"q": PHONE})
        assert (answer.status_code, answer["Location"]) == (302, glance_address(known))
        swapped = desk("mei").post("/reception/", {"q": PHONE}, headers={**HTMX, "HX-Target": "found"})
        assert swapped["HX-Redirect"] == glance_address(known)

    def test_tells_a_stranger_only_whose_she_is(self, known: World, desk: Desk) -> None:
        page = desk("qiao").post("/reception/", {"q": PHONE}, headers=TYPING).content.decode()
        assert known.cast.mei.name in page
        assert known.cast.shop_a.name in page
        assert "周丽华" not in page
        assert str(known.cast.mrs_zhou.pk) not in page

    def test_tells_a_stranger_nothing_for_a_part_of_a_phone(self, known: World, desk: Desk) -> None:
        page = desk("qiao").post("/reception/", {"q": PHONE[-4:]}, headers=TYPING).content.decode()
        assert known.cast.mei.name not in page

    def test_offers_a_new_archive_for_a_new_face(self, known: World, desk: Desk) -> None:
        page = desk("mei").post("/reception/", {"q": "孙悟空"}, headers=TYPING).content.decode()
        assert reverse("new_customer") in page

    def test_keeps_what_was_typed_out_of_the_address(self, known: World, desk: Desk) -> None:
        assert "周丽华" not in text_of(desk("mei"), "/reception/?q=周")


class TestGlance:
    def test_says_the_six_things(self, known: World, desk: Desk) -> None:
        her = known.cast.mrs_zhou
        set_trait(customer=her, key="ring_size", text="12", by=known.cast.mei, now=NOW)
        set_trait(customer=her, key="allergy", text="nickel", by=known.cast.mei, now=NOW)
        page = text_of(desk("mei"), glance_address(known))
        for said in (
            "周丽华",
            "Jadeite",
            "Ring size HK 12",
            "Nickel",
            "翡翠手镯 6 days ago",
            "Wear check",
            "Birthday in",
        ):
            assert said in page, said

    def test_shows_no_phone(self, known: World, desk: Desk) -> None:
        add_contact(customer=known.cast.mrs_zhou, kind="wechat", text="zhou_lihua", by=known.cast.mei, now=NOW)
        page = text_of(desk("mei"), glance_address(known))
        assert PHONE not in page
        assert "zhou_lihua" not in page

    @pytest.mark.parametrize("who", ["qiao", "tao", "other"])
    def test_does_not_exist_for_a_stranger(self, known: World, desk: Desk, who: str) -> None:
        assert desk(who).get(glance_address(known)).status_code == 404

    def test_hides_notes_and_name_from_marketing(self, known: World, desk: Desk) -> None:
        her = known.cast.mrs_zhou
        type(her).objects.filter(pk=her.pk).update(caution="a private matter")
        page = text_of(desk("an"), glance_address(known))
        assert "a private matter" not in page
        assert "周丽华" not in page

    def test_shows_what_her_partner_likes(self, known: World, desk: Desk) -> None:
        cast = known.cast
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.lin, now=NOW)
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.mei)
        set_trait(customer=cast.mr_zhou, key="metal", text="pt950", by=cast.mei, now=NOW)
        page = text_of(desk("mei"), glance_address(known))
        assert "周建国" in page and "Platinum 950" in page
        assert len(queries_of(desk("mei"), glance_address(known))) <= BUDGET + 3

    def test_says_nothing_of_a_partner_out_of_sight(self, known: World, desk: Desk) -> None:
        cast = known.cast
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.lin, now=NOW)
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        assert "周建国" not in text_of(desk("mei"), glance_address(known))

    def test_asks_few_questions(self, known: World, desk: Desk) -> None:
        assert len(queries_of(desk("mei"), glance_address(known))) <= BUDGET

    def test_opens_the_note_as_a_visit(self, known: World, desk: Desk) -> None:
        address = reverse("customer_note", args=[known.cast.mrs_zhou.pk])
        sheet = desk("mei").get(f"{address}?kind=visit", headers=HTMX).content.decode()
        assert 'value="visit"' in sheet
        chosen = sheet[sheet.index('value="visit"') :][:200]
        assert "checked" in chosen
