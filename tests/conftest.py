"""Fixtures of every test: keys for sealed fields, and the fixed cast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast, gather
from zhenke.basics.cipher import make_keyring

# A slow moment of the machine is no failure; a failing example prints what replays it.
hypothesis_settings.register_profile("zhenke", deadline=None, print_blob=True)
hypothesis_settings.load_profile("zhenke")


@pytest.fixture(scope="session", autouse=True)
def keys() -> Path:
    """Make the keys of sealed fields once for the test home."""
    if not settings.KEY_FILE.exists():
        make_keyring(settings.KEY_FILE)
    return Path(settings.KEY_FILE)


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is uploaded in one worker of a parallel run is not seen by another."""
    settings.HOME = tmp_path_factory.mktemp("home")


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The fixed cast, see tests/cast.py."""
    yield gather()
