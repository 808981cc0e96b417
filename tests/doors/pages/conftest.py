"""Fixtures of the screens: the clock stands at the cast's own moment, and everybody can be signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
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
def world(cast: Cast) -> World:
    """Mei's day, see world.py."""
    return begin(cast)


@pytest.fixture
def desk(cast: Cast) -> Callable[[str], Client]:
    """Return a client at which somebody of the cast is signed in."""

    def of(who: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, who))
        return client

    return of
