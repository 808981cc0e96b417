"""A visit on the phone: three taps and a word, a follow-up planned, found again by a word; axe-clean, not too wide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.doors.axe import assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World
from zhenke.care.models import Task
from zhenke.customers.models import Visit
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.grading.models import Grade
from zhenke.staff import SYSTEM

pytestmark = IN_BROWSER


class TestVisit:
    def test_is_written_down_and_found_by_a_word(self, world: World, page: Page) -> None:
        now = datetime.now(UTC)
        load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=now)
        Grade.objects.filter(customer=world.cast.mrs_zhou).update(letter="A")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/")
        expect(page.locator("#ask-title")).to_have_text("To ask next time")
        page.locator(".acts").get_by_role("button", name="Visit").click()
        sheet = page.locator("#sheet")
        expect(sheet).to_contain_text("周丽华 was here")
        assert_clean(page)
        sheet.get_by_label("Looked at").fill("BG1001, a very long necklace of south sea pearls with a diamond clasp")
        sheet.get_by_text("To ask the family", exact=True).click()
        sheet.get_by_text("30", exact=True).click()
        sheet.get_by_label("When").fill((now + timedelta(days=3)).date().isoformat())
        sheet.get_by_role("button", name="Write it down").click()
        expect(page.locator("#entries")).to_contain_text("Visit · 30 minutes")
        expect(page.locator("#entries")).to_contain_text("Ask again after the visit")
        expect(page.locator("#ask-title")).to_have_text("To ask next time")
        assert_clean(page)
        assert (Visit.objects.count(), Task.objects.filter(step="by_hand").count()) == (1, 1)
        page.get_by_label("Search the timeline").fill("pearls")
        expect(page.locator("#entries")).not_to_contain_text("Bought")
        expect(page.locator("#entries")).to_contain_text("south sea pearls")
