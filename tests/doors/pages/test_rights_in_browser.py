"""Consent, rights and the self sign-up in a real browser, axe-clean at desk and phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cast import PASSWORD, Cast
from tests.doors.axe import assert_clean
from tests.doors.pages.world import World, begin
from zhenke.customers.models import ConsentEntry, Customer
from zhenke.customers.operations.consent import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.pages.join.views import LOOKS, WRITES
from zhenke.staff import SYSTEM

CHROMIUM = Path("/usr/bin/chromium")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the module."""
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium: Browser, cast: Cast, live_server: Any) -> Iterator[Callable[[str], Page]]:
    """Return a page of somebody's, signed in, or of nobody's; what the browser complains about fails the test."""
    said: list[str] = []
    LOOKS.forget()
    WRITES.forget()

    def of(who: str) -> Page:
        page = chromium.new_context(viewport=DESK, base_url=live_server.url, locale="en-GB").new_page()  # type: ignore[arg-type]
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
        if who:
            page.goto("/accounts/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(re.compile(r"/$"))
        return page

    yield of
    for context in chromium.contexts:
        context.close()
    assert said == []


@pytest.fixture
def world(cast: Cast) -> World:
    """Mei's day as of now: the browser and its server have no other clock."""
    now = datetime.now(UTC)
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now)
    return begin(cast, now=now)


def assert_both_clean(page: Page) -> None:
    """Clean at the desk and on the phone."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_clean(page)


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
