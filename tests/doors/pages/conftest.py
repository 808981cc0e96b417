"""Fixtures of the screens: the clock stands at the cast's own moment, and everybody can be signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import NOW, PASSWORD, Cast
from tests.doors.pages.browsing import CHROMIUM, DESK, PHONE
from tests.doors.pages.world import World, begin


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock at NOW, except where a browser has its own."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def plain_static(settings: object) -> None:
    """Serve static addresses without a manifest: these tests run before and after the front end is built."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def world(cast: Cast, request: pytest.FixtureRequest) -> World:
    """Mei's day, see world.py; as of now for a browser, which has no other clock."""
    return begin(cast, now=datetime.now(UTC)) if request.node.get_closest_marker("browser") else begin(cast)


@pytest.fixture
def desk(cast: Cast) -> Callable[[str], Client]:
    """Return a client at which somebody of the cast is signed in."""

    def of(who: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, who))
        return client

    return of


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
def page_of(chromium: Browser, cast: Cast, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a page of somebody's, signed in, or of nobody's; what the browser complains about fails the test."""
    said: list[str] = []

    def of(who: str, viewport: dict[str, int] = DESK) -> Page:
        page = chromium.new_context(viewport=viewport, base_url=live_server.url, locale="en-GB").new_page()  # type: ignore[arg-type]
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


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(page_of: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """Return a page of Mei's, once on the phone and once at the desk."""
    return page_of("mei", request.param)
