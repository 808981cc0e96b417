"""Fixtures of every test: keys for sealed fields, and the fixed cast."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast, gather
from zhenke.basics.cipher import make_keyring

APPEND_ONLY = import_module("zhenke.membership.migrations.0002_append_only")
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


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """The ledger's triggers refuse to empty it, as they must; a test that commits leaves rows which the next must not
    meet. So around Django's own emptying, and only here, in the open, the triggers go and come back. The table of what
    is limited (sign-ins, codes) belongs to no model: Django would leave it as it is.
    """
    real = BaseDatabaseOperations.execute_sql_flush

    def past_the_guard(self: Any, sql_list: list[str]) -> None:
        with self.connection.schema_editor(atomic=False) as editor:
            APPEND_ONLY.unguard(None, editor)
        try:
            real(self, sql_list)
            caches["default"].clear()
        finally:
            with self.connection.schema_editor(atomic=False) as editor:
                APPEND_ONLY.guard(None, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", past_the_guard)
        yield


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The fixed cast, see tests/cast.py."""
    yield gather()
