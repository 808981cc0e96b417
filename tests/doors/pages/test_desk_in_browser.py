"""The manager's screens in a real browser, axe-clean: a whole import, grading by slider, the board, settings."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.doors.axe import assert_both_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.world import World, begin
from zhenke.customers.models import ImportRun
from zhenke.doors.demo.sample_files import write_sample_files
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.doors.jobs.undo_import import undo_import_task
from zhenke.grading.models import Scheme
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.models import Sale

pytestmark = [*IN_BROWSER, pytest.mark.slow]


@pytest.fixture
def world(cast: Cast) -> World:
    """Mei's day as of now, everybody graded."""
    now = datetime.now(UTC)
    begun = begin(cast, now=now)
    regrade_customers(reason="night", now=now)
    return begun


class TestImport:
    def test_brings_a_tills_file_in_and_takes_it_back(
        self, world: World, page_of: Callable[..., Page], tmp_path: Path
    ) -> None:
        files = write_sample_files(tmp_path, today=date(2026, 11, 20))
        page, sold_before = page_of("zhu"), Sale.objects.count()
        page.goto("/imports/")
        assert_both_clean(page)
        page.get_by_text("Sales", exact=True).click()
        page.set_input_files("input[type=file]", str(files.sales))
        expect(page.locator("[data-file-name]")).to_have_text("销售流水.csv")
        page.get_by_role("button", name="Read the file").click()

        expect(page.locator("h1")).to_have_text("What is in which column?")
        expect(page.get_by_text("Read as GB18030")).to_be_visible()
        expect(page.get_by_label("“实收金额” becomes")).to_have_value("amount")
        expect(page.get_by_label("“日期” becomes")).to_have_value("sold_at")
        assert_both_clean(page)
        page.get_by_label("Rows of a shop that is not known here").select_option("default")
        page.get_by_label("Advisors who do not work here").select_option("nobody")
        page.get_by_label("Remember these columns as").fill("老收银机")
        page.get_by_role("button", name="Try it out").click()

        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        assert_both_clean(page)
        trial = ImportRun.objects.get()
        run_import_task.func(str(trial.pk))
        take = page.get_by_role("button", name="Take in 57 rows")
        expect(take).to_be_visible()
        expect(page.get_by_text("“3.2两半” is no weight")).to_be_visible()
        assert_both_clean(page)
        assert Sale.objects.count() == sold_before

        take.click()
        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        run = ImportRun.objects.get(is_dry_run=False)
        run_import_task.func(str(run.pk))
        expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
        assert_both_clean(page)
        run.refresh_from_db()
        assert (run.rows_in, run.created, run.rejected) == (60, 57, len(files.bad_sales))
        assert Sale.objects.count() == sold_before + run.figures["sales"]
        with page.expect_download() as download:
            page.get_by_role("link", name="Download to mend").click()
        lines = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
        assert len(lines) == 1 + len(files.bad_sales)

        page.get_by_role("button", name="Undo this import").click()
        page.locator("#confirm-yes").click()
        expect(page.get_by_text("Taking it back")).to_be_visible()
        undo_import_task.func(str(run.pk))
        expect(page.get_by_text("Everything is as it was before.")).to_be_visible()
        assert Sale.objects.count() == sold_before


class TestGrading:
    def test_follows_the_slider_and_publishes(self, world: World, page_of: Callable[..., Page]) -> None:
        page = page_of("zhu")
        page.goto("/grading/")
        expect(page.locator("#preview svg[width]").first).to_be_visible()
        assert_both_clean(page)
        page.get_by_text("By score").click()
        page.get_by_label("A ≥").fill("99")
        page.get_by_label("B ≥").fill("98")
        page.get_by_label("C ≥").fill("97")
        page.get_by_label("D ≥").fill("96")
        page.get_by_label("D ≥").press("Tab")
        expect(page.locator("#preview")).to_contain_text("1 of 1 would move")
        expect(page.locator("#preview")).to_contain_text("周丽华")
        slider = page.get_by_label("How recent")
        slider.focus()
        for _ in range(5):
            slider.press("ArrowRight")
        expect(page.locator("[data-weights-total]")).to_have_text("100")
        assert_both_clean(page)
        page.get_by_label("What changes, and why").fill("Recent buyers first")
        page.get_by_role("button", name="Publish as version 2").click()
        expect(page.get_by_text("Version 2 is in force.", exact=False).first).to_be_visible()
        scheme = Scheme.objects.get(is_current=True)
        assert (scheme.version, scheme.note) == (2, "Recent buyers first")
        assert sum(scheme.rules["weights"].values()) == 100
        assert scheme.rules["weights"]["recency"] == 25
        assert scheme.rules["pyramid"]["method"] == "score"
        assert_both_clean(page)


class TestBoardAndSettings:
    def test_are_clean_on_desk_and_phone(self, world: World, page_of: Callable[..., Page]) -> None:
        page, cast = page_of("zhu"), world.cast
        plan = world.wear_check.plan_id
        for address in (
            "/board/",
            "/settings/",
            "/settings/roles/",
            "/settings/shops/",
            "/settings/shops/new/",
            f"/settings/shops/{cast.brand.pk}/",
            f"/settings/shops/{cast.shop_a.pk}/",
            "/settings/staff/",
            "/settings/staff/new/",
            f"/settings/staff/{cast.mei.pk}/",
            f"/settings/staff/{cast.mei.pk}/leave/",
            "/settings/care/",
            f"/settings/care/{plan}/",
            "/settings/fields/",
            "/settings/programs/",
            "/settings/trail/",
        ):
            page.goto(address)
            page.wait_for_timeout(300)
            assert_both_clean(page)
