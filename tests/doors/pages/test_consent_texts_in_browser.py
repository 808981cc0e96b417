"""Texts of consent, holds, the proof and the guardian's part of a form in a real browser, axe-clean at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.doors.axe import assert_both_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import PHONE, World, begin
from zhenke.customers.models import ConsentText, Customer, LegalHold
from zhenke.customers.operations import give_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture
def world(cast: Cast) -> World:
    """Mei's day as of now, with two who said yes to offers."""
    now = datetime.now(UTC)
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now)
    world = begin(cast, now=now)
    for customer in (cast.mrs_zhou, cast.mr_zhou):
        how = {"purpose": "marketing", "channels": ("wechat",), "proof": "paper", "proof_note": "A-17"}
        give_consent(customer=customer, by=cast.mei, now=now, **how)  # type: ignore[arg-type]
    return world


class TestTextsOfConsent:
    def test_are_previewed_put_in_force_and_put_back(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("zhu")
        page.goto("/settings/consent/")
        assert_both_clean(page)
        page.get_by_role("link", name="New pieces and offers").click()
        page.get_by_label("Text, English").fill("You may write to me of new pieces.")
        page.get_by_text("The meaning: every yes ends").click()
        page.get_by_role("button", name="See it as the customer does").click()
        expect(page.get_by_text("2 customers are asked again")).to_be_visible()
        assert_both_clean(page)
        page.get_by_role("button", name="Put in force").first.click()
        expect(page.get_by_text("Version 2 is in force.")).to_be_visible()
        assert_both_clean(page)
        page.get_by_role("button", name="Put in force again").click()
        page.locator("#confirm-yes").click()
        expect(page.get_by_text("Version 3 is in force.")).to_be_visible()
        assert ConsentText.objects.get(purpose="marketing", version=3).holds_from == 1


class TestHolds:
    def test_are_set_and_read_when_somebody_asks_to_be_forgotten(
        self, world: World, page_of: Callable[[str], Page]
    ) -> None:
        page = page_of("zhu")
        page.goto("/settings/holds/")
        assert_both_clean(page)
        page.get_by_label("phone or card number").fill(PHONE)
        page.get_by_label("Why").fill("Case 2026-17")
        page.get_by_label("Until").fill((datetime.now(UTC) + timedelta(days=90)).date().isoformat())
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_text("Case 2026-17")).to_be_visible()
        assert_both_clean(page)
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/rights/")
        expect(page.get_by_text("Case 2026-17")).to_be_visible()
        assert_both_clean(page)
        assert LegalHold.objects.get().customer == world.cast.mrs_zhou


class TestProof:
    def test_can_be_read_and_printed(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("zhu")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/consent/proof/")
        expect(page.get_by_text("A-17")).to_be_visible()
        assert_both_clean(page)


class TestGuardian:
    def test_is_asked_for_when_the_birthday_is_under_fourteen(
        self, world: World, page_of: Callable[[str], Page]
    ) -> None:
        page = page_of("mei")
        page.goto("/customers/new/")
        page.locator("input[name=name]").fill("周小宝")
        for name, value in (("month", "5"), ("day", "6"), ("year", "2019")):
            page.locator(f"input[name={name}]").fill(value)
        page.get_by_role("button", name="Add customer").click()
        expect(page.get_by_text("Under 14 nothing is kept without the guardian.")).to_be_visible()
        assert_both_clean(page)
        page.get_by_text("Signed on paper").click()
        page.get_by_label("The guardian's phone or card number").fill(PHONE)
        page.get_by_role("button", name="Add customer").click()
        expect(page.get_by_text("is in your book.")).to_be_visible()
        assert Customer.objects.filter(name="周小宝").exists()
