"""Fixtures of the member site: the clock stands, and a phone on which Mrs Zhou signs in as she would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import NOW, Cast
from tests.doors.pages.conftest import desk, plain_static, world  # noqa: F401  (the same fixtures)
from tests.doors.pages.world import PHONE, World
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.portal.delivery import COURIER
from zhenke.doors.portal.passkeys.views import TRIES
from zhenke.staff import SYSTEM

HOST = "member.localhost"


@pytest.fixture(autouse=True)
def fresh_budget() -> Iterator[None]:
    """Begin each test with no tries made."""
    TRIES.forget()
    yield


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock at NOW, except where a browser has its own."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield


class Codes:
    """The screen to which codes go: what came of the last one."""

    def __init__(self, screen: pytest.CaptureFixture[str]) -> None:
        self._screen = screen
        self._seen: list[str] = []

    def all(self) -> list[str]:
        """Return every code that was sent, in order."""
        COURIER.submit(int).result()
        self._seen += re.findall(r"(\d{6})", self._screen.readouterr().err)
        return self._seen

    def last(self) -> str:
        """Return the last one."""
        return self.all()[-1]


@pytest.fixture
def codes(capsys: pytest.CaptureFixture[str], settings: Settings) -> Codes:
    """Show codes on the screen, and read it."""
    settings.PORTAL_CODES = "console"
    return Codes(capsys)


def phone(**more: str) -> Client:
    """Return a phone that has never been here."""
    return Client(headers={"host": HOST, "accept-language": "en", **more})


def give_birthday(client: Client) -> None:
    """Say what a new device is asked for: her birthday is eight days after NOW."""
    assert client.post("/sign-in/known/", {"month": "11", "day": "30"})["Location"] == "/"


@pytest.fixture
def signed_in(world: World, codes: Codes) -> Callable[..., Client]:  # noqa: F811
    """Return a phone on which somebody has signed in with the code, and said her birthday."""
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)

    def of(contact: str = PHONE, client: Client | None = None) -> Client:
        client = client or phone()
        assert client.post("/sign-in/", {"contact": contact}).status_code == 302
        answer = client.post("/sign-in/code/", {"code": codes.last()})
        if answer["Location"] == "/sign-in/known/":
            give_birthday(client)
        return client

    return of


@pytest.fixture
def mrs_zhou(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    """Her phone, a day after the first sign-in: free to do everything."""
    return signed_in()
