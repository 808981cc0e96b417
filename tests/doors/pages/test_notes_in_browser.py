"""A note in the browser: a colleague picked with one tap, a photo let in, her line on Today opened; axe-clean."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.basics.test_pictures import photo
from tests.doors.axe import assert_clean
from tests.doors.pages.browsing import DESK, IN_BROWSER, PHONE
from tests.doors.pages.world import World
from zhenke.customers.models import Interaction, Mention

pytestmark = IN_BROWSER
WORDS = "总店调来两条珍珠项链，照片在这里"


class TestNote:
    @pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
    def test_names_a_colleague_who_opens_it_from_her_day(
        self,
        world: World,
        page_of: Callable[..., Page],
        size: dict[str, int],
        settings: Any,
        tmp_path: Path,
    ) -> None:
        settings.HOME = tmp_path
        page = page_of("mei", size)
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/?tab=timeline")
        page.locator(".acts").get_by_role("button", name="Note").click()
        sheet = page.locator("#sheet")
        sheet.get_by_label("In a few words").fill(WORDS)
        sheet.get_by_text("林静", exact=True).click()
        picture = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        sheet.locator("input[type=file]").set_input_files(files=[picture])
        expect(sheet.locator("[data-file-name]")).to_have_text("IMG_0001.jpg")
        assert_clean(page)
        sheet.get_by_role("button", name="Write it down").click()
        entry = page.locator("#entries li", has_text=WORDS)
        expect(entry).to_contain_text("For 林静")
        expect(entry.locator("img")).to_have_js_property("complete", True)
        assert entry.locator("img").evaluate("one => one.naturalWidth") > 0
        assert_clean(page)

        hers = page_of("lin", size)
        expect(hers.locator("#part-mentions")).to_contain_text("For you to read")
        assert_clean(hers)
        hers.get_by_role("link", name="names you in a note").click()
        hers.wait_for_url(re.compile(r"/customers/\d+/\?tab=timeline&after="))
        expect(hers.locator(f"#entry-{Interaction.objects.get(kind='note').pk}")).to_contain_text(WORDS)
        hers.goto("/")
        expect(hers.locator("#part-mentions")).to_have_count(0)
        assert Mention.objects.get().seen_at is not None

    def test_is_taken_back_by_the_toast(self, world: World, page_of: Callable[..., Page]) -> None:
        page = page_of("mei", PHONE)
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/?tab=timeline")
        page.locator(".acts").get_by_role("button", name="Note").click()
        page.locator("#sheet").get_by_label("In a few words").fill(WORDS)
        page.locator("#sheet").get_by_role("button", name="Write it down").click()
        expect(page.locator("#entries")).to_contain_text(WORDS)
        page.locator("#toasts [data-undo-button]").click()
        expect(page.locator("#entries")).not_to_contain_text(WORDS)
        assert not Interaction.objects.filter(kind="note").exists()
