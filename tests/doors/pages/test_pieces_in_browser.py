"""Pieces in a real browser, axe-clean at desk and phone: added, looked at, photographed, shared, handed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.catalogue.jewel_box import picture, ring
from tests.doors.axe import assert_both_clean, assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World
from zhenke.catalogue.models import Inspection, Piece, PiecePhoto, PieceShare
from zhenke.doors.pages.pieces.shared import BUDGET

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture(autouse=True)
def nobody_looked() -> None:
    """Nobody has used up how often may be looked."""
    BUDGET.forget()


class TestPieces:
    def test_a_piece_from_elsewhere_is_kept_in_under_a_minute(
        self, world: World, page_of: Callable[[str], Page]
    ) -> None:
        page = page_of("mei")
        page.goto(f"/customers/{world.cast.mrs_zhou.pk}/?tab=pieces")
        assert_both_clean(page)
        page.get_by_role("button", name="Add a piece").click()
        sheet = page.locator("#sheet")
        sheet.get_by_label("What is it?").fill("祖母的红宝石戒指")
        sheet.get_by_label("Category").select_option("ring")
        sheet.get_by_label("Main stone").select_option("ruby")
        assert_clean(page)
        sheet.get_by_role("button", name="Keep the piece").click()
        expect(page.get_by_role("link", name="祖母的红宝石戒指")).to_be_visible()
        assert Piece.objects.filter(name="祖母的红宝石戒指", customer=world.cast.mrs_zhou).count() == 1

    def test_a_piece_is_looked_at_with_undo_and_photographed(
        self, world: World, page_of: Callable[[str], Page], tmp_path: Path
    ) -> None:
        piece, page = ring(world.cast), page_of("mei")
        page.goto(f"/pieces/{piece.pk}/")
        assert_both_clean(page)
        page.get_by_role("button", name="Inspected today").click()
        expect(page.get_by_text("nothing to note")).to_be_visible()
        page.locator("[data-undo-button]").click()
        expect(page.get_by_text("Not looked at since it was bought.")).to_be_visible()
        assert not Inspection.objects.exists()

        file = tmp_path / "ring.jpg"
        file.write_bytes(picture())
        page.get_by_role("button", name="Add a photo").click()
        sheet = page.locator("#sheet")
        sheet.locator("input[type=file]").set_input_files(str(file))
        expect(sheet.locator("[data-file-name]")).to_have_text("ring.jpg")
        assert_clean(page)
        sheet.get_by_role("button", name="Keep the photo").click()
        photo = page.get_by_alt_text("Photo 1 of 六爪钻戒")
        expect(photo).to_be_visible()
        assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
        assert PiecePhoto.objects.count() == 1
        assert_both_clean(page)

    def test_every_sheet_is_clean(self, world: World, page_of: Callable[[str], Page]) -> None:
        piece, page = ring(world.cast), page_of("mei")
        page.goto(f"/pieces/{piece.pk}/")
        for name in (
            "Add a stone",
            "Change stone 1",
            "Add a certificate",
            "With a note",
            "Add a valuation",
            "Hand on",
            "Change",
            "It is for somebody else",
            "Share",
        ):
            page.get_by_role("button", name=name, exact=True).click()
            expect(page.locator("#sheet h2")).to_be_visible()
            assert_both_clean(page)
            page.keyboard.press("Escape")
            expect(page.locator("#sheet")).to_be_hidden()

    def test_a_link_shows_it_to_a_stranger_until_it_is_closed(
        self, world: World, page_of: Callable[[str], Page]
    ) -> None:
        piece, page = ring(world.cast), page_of("mei")
        page.goto(f"/pieces/{piece.pk}/")
        page.get_by_role("button", name="Share", exact=True).click()
        page.get_by_role("button", name="Make the link").click()
        link = page.locator("#shared-link").inner_text()
        assert page.locator("img.qr").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        assert_clean(page)
        stranger = page_of("")
        stranger.goto(link)
        expect(stranger.locator("h1")).to_have_text("六爪钻戒")
        assert_both_clean(stranger)
        page.reload()
        expect(page.get_by_text("looked at once")).to_be_visible()
        page.get_by_role("button", name="Close", exact=True).first.click()
        expect(page.get_by_text("Open links")).to_be_hidden()
        assert stranger.goto(link).status == 404  # type: ignore[union-attr]
        assert PieceShare.objects.get().revoked_at is not None

    def test_a_manager_sees_it_whole_for_a_reason(self, world: World, page_of: Callable[[str], Page]) -> None:
        piece, page = ring(world.cast), page_of("lin")
        page.goto(f"/pieces/{piece.pk}/")
        assert_both_clean(page)
        page.get_by_role("button", name="Show them").click()
        expect(page.locator("#sheet h2")).to_be_visible()
        assert_clean(page)
        page.get_by_role("button", name="For cleaning or repair").click()
        expect(page.get_by_text("GIA 2487710010")).to_be_visible()
        expect(page.locator("#sheet")).to_be_hidden()

    def test_it_is_handed_on(self, world: World, page_of: Callable[[str], Page]) -> None:
        piece, page = ring(world.cast), page_of("mei")
        page.goto(f"/pieces/{piece.pk}/")
        page.get_by_role("button", name="Hand on", exact=True).click()
        page.locator("#sheet input[type=search]").press_sequentially("ZK000002")
        page.locator("#piece-people .search-row").click()
        page.get_by_role("button", name="Hand it on to 周建国").click()
        expect(page.get_by_text("周丽华 → 周建国")).to_be_visible()
        piece.refresh_from_db()
        assert piece.customer_id == world.cast.mr_zhou.pk
