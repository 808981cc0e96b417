"""What a reader with other eyes and hands needs of a page, looked for in the browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.doors.pages.browsing import DESK, PHONE

_AT_REST = """() => Promise.all(document.getAnimations()
  .filter(motion => motion.effect.getComputedTiming().endTime !== Infinity)
  .map(motion => motion.finished.catch(() => null)))"""


def assert_clean(page: Page) -> None:
    """Nothing on the page, once at rest, is out of reach for a screen reader, too pale, or wider than the page."""
    page.evaluate(_AT_REST)
    found = Axe().run(page)
    where = f"{page.url} {page.viewport_size}"
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def assert_both_clean(page: Page) -> None:
    """The page is clean on the phone and at the desk; it keeps its size."""
    wanted = page.viewport_size
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_clean(page)
    if wanted:
        page.set_viewport_size(wanted)
