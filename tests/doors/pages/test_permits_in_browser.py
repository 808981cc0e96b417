"""Looks for two in a real browser, axe-clean at desk and phone, and what lies over each sheet of paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.catalogue.jewel_box import NUMBER, ring
from tests.doors.axe import assert_both_clean, assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World
from zhenke.customers.models import Customer, LookPermit

pytestmark = [*IN_BROWSER, pytest.mark.slow]


class TestLooksForTwo:
    def test_from_asking_to_the_one_look(self, world: World, page_of: Callable[[str], Page]) -> None:
        piece, lin, zhu = ring(world.cast), page_of("lin"), page_of("zhu")
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=2, importance_reason="valued")
        lin.goto(f"/pieces/{piece.pk}/")
        lin.get_by_role("button", name="Show them").click()
        sheet = lin.locator("#sheet")
        expect(sheet.get_by_role("button", name="For cleaning or repair")).to_be_visible()
        assert_clean(lin)
        sheet.get_by_role("button", name="For cleaning or repair").click()
        expect(lin.get_by_text("Asked. Once a second person agrees")).to_be_visible()
        zhu.goto("/permits/")
        assert_both_clean(zhu)
        zhu.get_by_label("Your word").select_option("agree:known")
        zhu.get_by_role("button", name="Say it").click()
        expect(zhu.get_by_text("Agreed: one look within")).to_be_visible()
        assert LookPermit.objects.get().state == "agreed"
        lin.reload()
        lin.get_by_role("button", name="Show them").click()
        expect(sheet.get_by_text("you can look once until")).to_be_visible()
        assert_clean(lin)
        # Signed in a moment ago: that is proof enough.
        sheet.get_by_role("button", name="For cleaning or repair").click()
        expect(lin.get_by_text(NUMBER).first).to_be_visible()


class TestPaper:
    def test_names_who_prints_and_when_on_every_sheet(self, world: World, page_of: Callable[[str], Page]) -> None:
        page = page_of("lin")
        page.goto("/customers/")
        mark = page.locator(".print-mark")
        assert world.cast.mrs_zhou.name in page.content()
        expect(mark).to_be_hidden()
        page.emulate_media(media="print")
        expect(mark).to_be_visible()
        # Fixed is what a browser draws again on each sheet.
        assert mark.evaluate("it => getComputedStyle(it).position") == "fixed"
        lines = mark.locator("p").all_inner_texts()
        assert len(lines) == 6
        assert all(line.startswith(f"{world.cast.lin.name} · lin · 20") for line in lines)
