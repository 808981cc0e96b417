"""Taste, organisations and groupings in a real browser, axe-clean at desk and phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import NOW, Cast
from tests.doors.axe import assert_both_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World, begin
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_link, set_traits
from zhenke.customers.queries import traits_of

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture
def world(cast: Cast) -> World:
    """Mei's day, with much known of Mrs Zhou."""
    made = begin(cast)
    values = {"colour": ["green"], "wrist_cm": ["15.5"], "occupation": ["医生"], "budget_band": ["5000-15000"]}
    set_traits(customer=cast.mrs_zhou, values=values, by=cast.mei, now=NOW)
    return made


class TestTaste:
    def test_is_one_tap_away_and_changed_on_a_sheet(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("mei")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/?tab=preferences")
        expect(page.get_by_text("15.5 cm")).not_to_be_visible()
        page.locator("details.more > summary").click()
        expect(page.get_by_text("15.5 cm")).to_be_visible()
        assert_both_clean(page)
        page.get_by_role("button", name="Change: Sizes").click()
        page.get_by_label("Left ring finger").fill("US 99")
        page.locator("#sheet-body .button.is-filled").click()
        expect(page.locator("#sheet-body")).to_contain_text("it lies between 1 and 16")
        assert_both_clean(page)
        page.get_by_label("Left ring finger").fill("12")
        page.locator("#sheet-body .button.is-filled").click()
        expect(page.locator("#sheet")).not_to_be_visible()
        known = traits_of(viewer=world.cast.mei, customer=world.cast.mrs_zhou)
        assert [row.text for row in known["ring_left_ring"]] == ["12"]


class TestOrganisation:
    def test_shows_contacts_and_papers(self, world: World, page_of: Callable[[str], Page]) -> None:
        cast = world.cast
        house = Customer.objects.create(
            name="云锦酒店", kind="company", shop=cast.shop_a, owner=cast.mei, created_at=NOW, updated_at=NOW
        )
        add_link(customer=house, other=cast.mrs_zhou, kind="company_contact", job="采购", by=cast.mei, now=NOW)
        papers = {
            "legal_name": ["云锦酒店管理（深圳）有限责任公司水贝分公司第二营业部"],
            "tax_number": ["91440300708461136T"],
        }
        set_traits(customer=house, values=papers, by=cast.mei, now=NOW)
        page = page_of("mei")
        page.goto(f"/customers/{house.pk}/")
        expect(page.get_by_text("采购")).to_be_visible()
        assert_both_clean(page)
        page.get_by_role("link", name="Details").click()
        expect(page.get_by_text("91440300708461136T")).to_be_visible()
        assert_both_clean(page)


class TestGroupings:
    def test_open_the_list_that_they_count(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("lin")
        page.goto("/customers/groups/")
        assert_both_clean(page)
        page.get_by_role("link", name=re.compile("^Person")).click()
        expect(page.locator(".list-row")).to_have_count(Customer.objects.filter(shop=world.cast.shop_a).count())
        page.locator("[data-key=f]").click()
        expect(page.get_by_role("group", name="Kind of customer")).to_be_visible()
        assert_both_clean(page)
