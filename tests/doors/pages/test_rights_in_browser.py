"""Consent, rights and the self sign-up in a real browser, axe-clean at desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.doors.axe import assert_both_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World, begin
from zhenke.customers.models import ConsentEntry, Customer
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.pages.join.views import LOOKS, WRITES
from zhenke.staff import SYSTEM

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture(autouse=True)
def nobody_looked() -> None:
    """Nobody has used up how often may be looked."""
    LOOKS.forget()
    WRITES.forget()


@pytest.fixture
def world(cast: Cast) -> World:
    """Mei's day as of now: the browser and its server have no other clock."""
    now = datetime.now(UTC)
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now)
    return begin(cast, now=now)


class TestConsent:
    def test_is_seen_in_one_tap_given_and_all_taken_back(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("mei")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/")
        page.get_by_role("button", name="Consent").click()
        sheet = page.locator("#sheet")
        expect(sheet.get_by_text("Not asked").first).to_be_visible()
        assert_both_clean(page)
        sheet.get_by_role("link", name="Change: New pieces and offers").click()
        sheet.get_by_text("WeChat").click()
        sheet.get_by_text("Signed on paper").click()
        assert_both_clean(page)
        sheet.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("The answer is kept.")).to_be_visible()
        assert ConsentEntry.objects.get().channel == "wechat"
        page.get_by_role("button", name="Consent").click()
        sheet.get_by_role("button", name="Wants nothing more from us").click()
        page.locator("#confirm-yes").click()
        expect(page.get_by_text("Everything is taken back.")).to_be_visible()
        assert ConsentEntry.objects.filter(state="withdrawn").count() == 7


class TestRights:
    def test_pages_are_clean_and_lead_to_the_copy(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("lin")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/rights/")
        assert_both_clean(page)
        page.get_by_text("Identity card seen").click()
        page.get_by_role("button", name="Make the copy").click()
        expect(page.get_by_role("heading", name="Days that come back")).to_be_visible()
        assert_both_clean(page)
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/looks/")
        expect(page.get_by_text("Copy of everything handed out")).to_be_visible()
        assert_both_clean(page)


class TestJoin:
    def test_a_customer_writes_herself_down_by_the_code(self, world: World, page_of: Callable[[str], Page]) -> None:
        mei = page_of("mei")
        mei.goto("/customers/new/")
        mei.get_by_role("button", name="Sign-up code").click()
        mei.locator("#sheet").get_by_role("button", name="Make the code").click()
        address = mei.locator("#shared-link").inner_text()
        assert_both_clean(mei)
        page = page_of("")
        page.goto(address)
        assert_both_clean(page)
        page.get_by_label("Name").fill("何念")
        page.get_by_label("Phone", exact=True).first.fill("13900139000")
        page.locator("label.chip", has_text="WeChat").first.click()
        page.get_by_role("button", name="Write me down").click()
        expect(page.get_by_text("Thank you. We have written it down.")).to_be_visible()
        assert_both_clean(page)
        made = Customer.objects.get(name="何念")
        assert ConsentEntry.objects.get(customer=made).purpose == "care"
