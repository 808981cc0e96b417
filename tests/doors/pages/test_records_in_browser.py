"""Figures of records, two sources side by side and what is asked, in a real browser, axe-clean at desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.doors.axe import assert_both_clean, assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World
from zhenke.customers.models import Customer, FreshnessRules
from zhenke.customers.operations import change_customer
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.customers.operations.loading import LoadRow, load_customers
from zhenke.customers.rules.intake import Written
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.journeys.count_records import count_records
from zhenke.staff import SYSTEM

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture
def counted(world: World) -> World:
    """Counted a week ago and today; a file says another district than Mei."""
    now, cast = datetime.now(UTC), world.cast
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=now)
    change_customer(customer=cast.mrs_zhou, changes={"region": "深圳"}, by=cast.mei, now=now)
    row = LoadRow(1, cast.shop_a.pk, None, {"region": "香港"}, "ZK000001")
    load_customers(rows=[row], by=cast.lin, now=now, written=Written())
    for days in (7, 0):
        count_records(today=now.date() - timedelta(days=days))
    return world


class TestRecords:
    def test_leads_from_the_figures_to_the_choice_by_keyboard(
        self, counted: World, page_of: Callable[..., Page]
    ) -> None:
        page, her = page_of("lin"), Customer.objects.filter(pk=counted.cast.mrs_zhou.pk)
        page.goto("/records/")
        assert_both_clean(page)
        page.get_by_text("value on which sources differ").click()
        expect(page.locator("h1")).to_have_text("Two sources differ")
        assert_both_clean(page)
        page.get_by_role("link", name="Side by side: 周丽华").press("Enter")
        right = page.get_by_role("button", name="Region: 深圳 is right")
        expect(right).to_be_visible()
        assert_clean(page)
        right.press("Enter")
        expect(page.get_by_text("Decided: Region.")).to_be_visible()
        assert her.get().region == "深圳"
        page.locator("[data-undo-button]").click()
        expect(page.get_by_text("To be decided again.")).to_be_visible()
        expect(page.get_by_role("link", name="Side by side: 周丽华")).to_be_visible()
        assert her.get().region == "香港"


class TestWhatIsAsked:
    def test_says_beforehand_what_it_would_ask(self, counted: World, page_of: Callable[..., Page]) -> None:
        page = page_of("zhu")
        page.goto("/settings/freshness/")
        expect(page.get_by_text("small tasks a night")).to_be_visible()
        assert_both_clean(page)
        page.get_by_label("Small tasks a day for each advisor").fill("0")
        page.get_by_label("Small tasks a day for each advisor").blur()
        expect(page.get_by_text("At most 0 small tasks a night")).to_be_visible()
        page.get_by_role("button", name="Publish as version 2").click()
        expect(page.get_by_text("Version 2 is in force.", exact=False).first).to_be_visible()
        assert FreshnessRules.objects.order_by("-version").values_list("version", "a_day").first() == (2, 0)
