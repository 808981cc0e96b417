"""Pytest plug-in: prepares the home folder, keys and (on request) a real PostgreSQL before Django reads its settings.

`ZHENKE_TEST_DB=postgres` runs the same tests on PostgreSQL; `ZHENKE_TEST_PG_URL` names a server that already runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from bench.postgres import start_postgres, stop_postgres

from zhenke.basics.cipher import make_keyring

_started: list[Path] = []


def _start_postgres() -> str:
    folder = Path(tempfile.mkdtemp(prefix="zhenke-pg-"))
    _started.append(folder)
    return f"{start_postgres(folder, 'fsync=off')}/postgres"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment before Django's settings are read; workers of a parallel run inherit it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenke.settings")
    if "ZHENKE_TEST_HOME" in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix="zhenke-test-"))
    os.environ["ZHENKE_TEST_HOME"] = os.environ["ZHENKE_HOME"] = str(home)
    os.environ.pop("ZHENKE_CONFIG", None)
    _started.append(home)
    (home / "keys").mkdir()
    (home / "keys" / "secret").write_text("only-for-tests-" + "0" * 50)
    # Here, before the workers of a parallel run start: two of them would race for the file.
    make_keyring(home / "keys" / "fields.json")
    if os.environ.get("ZHENKE_TEST_DB") == "postgres":
        os.environ["ZHENKE_DATABASE_URL"] = os.environ.get("ZHENKE_TEST_PG_URL") or _start_postgres()
    else:
        os.environ.pop("ZHENKE_DATABASE_URL", None)
        # A file, not memory: other connections (exports, workers, the web server of browser tests) must see it too.
        os.environ["ZHENKE_TEST_SQLITE"] = str(home / "test.sqlite3")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started and remove its folders (the first process of a parallel run only)."""
    for folder in _started:
        stop_postgres(folder)
        shutil.rmtree(folder, ignore_errors=True)
