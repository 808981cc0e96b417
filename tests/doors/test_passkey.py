"""A passkey is made and used in a real browser, whose authenticator is a virtual one (promise P29)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright

from tests.cast import NOW, PASSWORD, Cast
from zhenke.staff import operations

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


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
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that nobody used before; whatever the browser refuses fails the test."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert refused == []


def virtual_device(context: BrowserContext, page: Page, *, verified: bool = True) -> tuple[CDPSession, str]:
    """Plug a virtual authenticator into the page; return its session and key."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(answer["authenticatorId"])


def sign_in(page: Page, address: str) -> None:
    """Sign Mei in with her password."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", "mei")
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]:not(#passkey_login)")
    page.wait_for_url(lambda url: "login" not in url)


def make_passkey(page: Page, address: str) -> None:
    """Make a passkey on the page of passkeys."""
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
    page.wait_for_selector("#mfa_webauthn_add")
    passwordless = page.locator("input[name=passwordless]")
    if not passwordless.is_checked():
        passwordless.check()
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add" not in url)


class TestPasskey:
    def test_signs_in_without_a_password(self, cast: Cast, live_server: Any, page: Page) -> None:
        address = live_server.url.replace("127.0.0.1", "localhost")
        session, device = virtual_device(page.context, page)
        sign_in(page, address)
        make_passkey(page, address)
        kept = Authenticator.objects.get(user=cast.mei, type=Authenticator.Type.WEBAUTHN)
        assert kept.wrap().is_passwordless
        assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

        page.context.clear_cookies()
        page.goto(f"{address}/me/")
        assert "/accounts/login/" in page.url
        page.click("#passkey_login")
        page.wait_for_url(f"{address}/me/")
        expect(page.locator("main h1")).to_have_text("梅雪")
        kept.refresh_from_db()
        assert kept.last_used_at is not None

    def test_does_not_sign_in_without_the_persons_finger(self, cast: Cast, live_server: Any, page: Page) -> None:
        address = live_server.url.replace("127.0.0.1", "localhost")
        session, device = virtual_device(page.context, page)
        sign_in(page, address)
        make_passkey(page, address)
        page.context.clear_cookies()
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.goto(f"{address}/accounts/login/")
        page.click("#passkey_login")
        page.wait_for_timeout(1_000)
        assert "/accounts/login/" in page.url
        page.goto(f"{address}/me/")
        assert "/accounts/login/" in page.url

    def test_is_dead_once_its_owner_left(self, cast: Cast, live_server: Any, page: Page) -> None:
        address = live_server.url.replace("127.0.0.1", "localhost")
        virtual_device(page.context, page)
        sign_in(page, address)
        make_passkey(page, address)
        operations.let_go(member=cast.mei, by=cast.zhu, now=NOW)
        page.goto(f"{address}/me/")
        assert "/accounts/login/" in page.url
        page.click("#passkey_login")
        page.wait_for_timeout(1_000)
        page.goto(f"{address}/me/")
        assert "/accounts/login/" in page.url
