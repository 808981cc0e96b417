"""The main flow in a real browser: sign in, Today, done and undone; a new customer; a sale; all of it axe-clean."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.doors.axe import assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World
from zhenke.care.models import Task
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_customer
from zhenke.customers.operations.duplicates import PairDraft, keep_pairs
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.sales.models import Sale

pytestmark = IN_BROWSER


class TestToday:
    def test_is_done_in_two_taps_and_undone_in_one(self, world: World, page: Page) -> None:
        page.goto("/")
        row = page.locator(".list-row.task", has_text="周丽华")
        expect(row).to_contain_text("Bought 翡翠手镯 6 days ago.")
        row.get_by_role("button", name="Done", exact=True).click()
        sheet = page.locator("#sheet")
        expect(sheet).to_be_visible()
        first = sheet.locator("input[name=next_date]").input_value()
        sheet.get_by_text("No answer").click()
        expect(sheet.locator("input[name=next_date]")).not_to_have_value(first)
        assert_clean(page)
        sheet.get_by_role("button", name="Done", exact=True).click()
        expect(sheet).to_be_hidden()
        expect(row).to_have_count(0)
        expect(page.get_by_text("1 of 1")).to_be_visible()
        page.locator("[data-undo-button]").click()
        expect(row).to_have_count(1)
        world.wear_check.refresh_from_db()
        assert world.wear_check.state == Task.State.OPEN

    def test_is_walked_and_closed_by_keyboard(self, world: World, page: Page) -> None:
        page.goto("/")
        page.keyboard.press("j")
        expect(page.locator(".opens-row:focus")).to_have_text("周丽华")
        page.keyboard.press("e")
        expect(page.locator("#sheet")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#sheet")).to_be_hidden()


class TestNewCustomer:
    def test_is_in_the_book_in_under_a_minute(self, world: World, page: Page) -> None:
        page.goto("/customers/new/")
        page.fill("#id_name", "吴敏")
        page.fill("#id_phone", "13800138000")
        expect(page.locator("#hints")).to_contain_text("This may be 周丽华")
        page.fill("#id_phone", "13900139000")
        expect(page.locator("#hints")).not_to_contain_text("周丽华")
        page.get_by_text("Lunar", exact=True).click()
        page.fill("#id_month", "8")
        page.fill("#id_day", "15")
        expect(page.locator("#birthday-words")).to_contain_text("八月十五")
        page.get_by_text("Pure gold").click()
        assert_clean(page)
        page.get_by_role("button", name="Add customer").click()
        page.wait_for_url(re.compile(r"/customers/\d+/$"))
        expect(page.locator("h1")).to_have_text("吴敏")
        assert Customer.objects.filter(name="吴敏").count() == 1


class TestCounterSale:
    def test_adds_up_while_it_is_typed_and_ends_at_the_receipt(self, world: World, page: Page) -> None:
        page.goto("/sales/new/")
        page.locator("#buyer input[type=search]").press_sequentially("ZK000001")
        page.locator("#buyers .search-row").first.click()
        expect(page.locator("#buyer")).to_contain_text("周丽华")
        styles = page.locator("input[name=style]")
        styles.press_sequentially("RG2002")
        expect(page.locator("#styles .search-row")).to_have_count(1)
        styles.press("Enter")
        line = page.locator("[data-line]")
        expect(line).to_have_count(1)
        expect(styles).to_have_value("")
        line.locator("[data-sum=weight]").fill("3.52")
        line.locator("[data-sum=per-gram]").fill("950.50")
        expect(line.locator("[data-sum=amount]")).to_have_value("3345.76")
        expect(page.locator("[data-total]")).to_have_text("3,345.76")
        assert_clean(page)
        page.get_by_role("button", name="Write the sale down").click()
        page.wait_for_url(re.compile(r"/sales/\d+/$"))
        expect(page.locator(".page-head")).to_contain_text("¥3,345.76")
        assert_clean(page)
        assert Sale.objects.filter(amount_minor=334_576, customer=world.cast.mrs_zhou).count() == 1


class TestEveryPage:
    def test_would_be_told_of_a_fault(self, world: World, page: Page) -> None:
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
        assert Axe().run(page).violations_count == 1

    def test_is_axe_clean(self, world: World, page: Page) -> None:
        her = f"/customers/{world.cast.mrs_zhou.pk}/"
        tabs = [f"{her}?tab={tab}" for tab in ("timeline", "purchases", "dates", "preferences", "tasks", "grade")]
        for address in ("/", "/customers/", "/customers/?likes=jadeite", "/search/?q=ZK", *tabs):
            page.goto(address)
            assert_clean(page)

    def test_shows_its_sheets_axe_clean(self, world: World, page: Page) -> None:
        her = f"/customers/{world.cast.mrs_zhou.pk}/"
        sheets = ("note/", "task/", "date/", "person/", "contact/")
        page.goto(her)
        for rest in sheets:
            page.evaluate(f"htmx.ajax('GET', '{her}{rest}', '#sheet-body')")
            expect(page.locator("#sheet form")).to_have_attribute("action", f"{her}{rest}")
            expect(page.locator("#sheet")).to_be_visible()
            assert_clean(page)
            page.keyboard.press("Escape")


class TestDuplicates:
    def test_are_looked_at_merged_and_taken_apart_again(self, world: World, page: Page) -> None:
        now, mei = datetime.now(UTC), world.cast.mei
        other = add_customer(draft=CustomerDraft(name="周莉华", phones=("13800138000",)), by=mei, now=now)
        first, second = sorted((world.cast.mrs_zhou.pk, other.pk))
        keep_pairs(pairs=[PairDraft(first, second, 996, ("pinyin", "phone"))], now=now)
        page.goto("/customers/duplicates/")
        expect(page.get_by_text("1 pair to look at")).to_be_visible()
        assert_clean(page)
        page.locator("a.opens-row").click()
        expect(page.get_by_role("heading", name="One person, or two?")).to_be_visible()
        assert_clean(page)
        page.locator("input[name=name][value=loser]").check()
        page.get_by_role("button", name="Merge into 周丽华").click()
        page.wait_for_url(f"**/customers/{world.cast.mrs_zhou.pk}/")
        expect(page.get_by_role("heading", name="周莉华")).to_be_visible()
        expect(page.get_by_text("Merged from two archives", exact=True)).to_be_visible()
        assert_clean(page)
        page.locator("[data-undo-button]").click()
        expect(page.get_by_role("heading", name="周丽华")).to_be_visible()
        assert Customer.objects.filter(pk=other.pk).exists()
