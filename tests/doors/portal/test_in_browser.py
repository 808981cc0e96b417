"""The member site on a phone of 390 points, in both languages: clean for other eyes and hands, a walk through all of it
as a member takes it, and the shell that an installed app keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.doors.axe import assert_both_clean, assert_clean
from tests.doors.pages.browsing import IN_BROWSER
from tests.doors.pages.browsing import PHONE as PHONE_SIZE
from tests.doors.pages.conftest import chromium  # noqa: F401
from tests.doors.pages.world import PHONE, World
from tests.doors.portal.conftest import Codes
from zhenke.customers.models import ConsentEntry, MemberPasskey, MemberSession
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = [*IN_BROWSER, pytest.mark.slow]
PLACES = ("/", "/points/", "/pieces/", "/consent/", "/mine/", "/mine/correct/", "/mine/looks/", "/mine/forget/")


@pytest.fixture
def address(live_server: LiveServer, settings: Settings) -> str:
    """The member site at the live server's port."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, settings.PORTAL_HOST]
    return str(live_server.url).replace("localhost", settings.PORTAL_HOST).replace("127.0.0.1", settings.PORTAL_HOST)


@pytest.fixture(params=["en-GB", "zh-CN"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:  # noqa: F811
    """A phone that reads English or Chinese; what breaks the policy of a page fails."""
    context = chromium.new_context(viewport=PHONE_SIZE, locale=request.param)  # type: ignore[arg-type]
    made = context.new_page()
    faults: list[str] = []
    made.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    made.on("pageerror", lambda fault: faults.append(str(fault)))
    yield made
    assert faults == []
    context.close()


def sign_in(page: Page, address: str, codes: Codes) -> None:
    page.goto(address)
    assert_clean(page)
    page.fill("input[name=contact]", PHONE)
    page.click("main form button")
    page.wait_for_url("**/sign-in/code/")
    assert_clean(page)
    page.fill("input[name=code]", codes.last())
    page.click("main form button.is-filled")
    page.wait_for_url("**/sign-in/known/")
    assert_clean(page)
    day = (datetime.now(UTC) + timedelta(days=8)).date()
    page.select_option("select[name=month]", str(day.month))
    page.select_option("select[name=day]", str(min(day.day, 28 if day.month == 2 else 31)))
    page.click("main form button.is-filled")
    page.wait_for_url(f"{address}/")


class TestOnThePhone:
    def test_a_member_walks_through_all_of_it(self, world: World, codes: Codes, address: str, page: Page) -> None:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=datetime.now(UTC))
        sign_in(page, address, codes)
        for place in PLACES:
            page.goto(address + place)
            assert_both_clean(page)
        page.goto(f"{address}/pieces/")
        page.click("main a.opens-row")
        assert_clean(page)
        assert str(world.cast.mrs_zhou.pk) not in page.url
        page.goto(f"{address}/consent/")
        switch = page.locator("#for-care ~ form button").first
        for checked in ("true", "false"):
            switch.click()
            page.wait_for_load_state()
            assert switch.get_attribute("aria-checked") == checked
        assert ConsentEntry.objects.filter(customer=world.cast.mrs_zhou).count() == 2
        MemberSession.objects.update(free_from_at=datetime.now(UTC))
        page.goto(f"{address}/mine/copy/")
        assert_clean(page)
        page.click("main form button.is-filled")
        page.wait_for_load_state()
        assert_both_clean(page)
        page.goto(f"{address}/nowhere/")
        assert_clean(page)

    def test_a_passkey_of_the_device_signs_in(self, world: World, codes: Codes, address: str, page: Page) -> None:
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        about = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        device.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {**about, "isUserVerified": True, "automaticPresenceSimulation": True}},
        )
        sign_in(page, address, codes)
        MemberSession.objects.update(free_from_at=datetime.now(UTC))
        page.goto(f"{address}/mine/passkeys/")
        assert_both_clean(page)
        page.click("form[data-passkey] button")
        page.wait_for_selector("button.is-danger")
        assert MemberPasskey.objects.get().customer == world.cast.mrs_zhou
        page.goto(f"{address}/mine/")
        page.click("form[action='/sign-out/'] button:not(.is-plain)")
        page.wait_for_url("**/sign-in/")
        assert_clean(page)
        page.click("form[data-passkey] button")
        page.wait_for_url(f"{address}/")
        assert page.locator("h1").inner_text().strip()

    def test_keeps_the_shell_alone_and_shows_it_without_a_connection(
        self, world: World, codes: Codes, address: str, page: Page
    ) -> None:
        sign_in(page, address, codes)
        page.goto(f"{address}/mine/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        kept = page.evaluate(
            "async () => { const found = []; for (const name of await caches.keys()) "
            "for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname); "
            "return found; }"
        )
        assert "/offline/" in kept and all(one == "/offline/" or one.startswith("/static/") for one in kept)
        page.context.set_offline(True)
        page.goto(f"{address}/mine/")
        assert "周丽华" not in page.content() and page.locator("main h1").count() == 1
        page.context.set_offline(False)
