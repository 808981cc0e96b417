"""What must be true before anything is served: keys, secret, database settings of promise P3, tables up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from zhenke.basics.cipher import KeyringMissing, load_keyring
from zhenke.basics.errors import RuleBroken

SQLITE_MUST = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
POSTGRES_MUST = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class NotReady(RuleBroken):
    """Zhenke must not start like this."""

    code = "not_ready"
    message = "{reason}"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, whether it is well, what to do if not; a warning is well today and soon may not be."""

    name: str
    is_well: bool
    words: str
    is_warning: bool = False


def _keys() -> Iterator[Finding]:
    secret = Path(settings.SECRET_FILE)
    well = bool(settings.SECRET_KEY)
    yield Finding("secret", well, "sessions are signed" if well else f"{secret} is missing; run `zhenke init`")
    try:
        load_keyring(Path(settings.KEY_FILE))
        yield Finding("keys", True, "encrypted fields can be read and written")
    except KeyringMissing:
        yield Finding("keys", False, f"{settings.KEY_FILE} is missing; run `zhenke init`, or bring the file back")
    for path in (secret, Path(settings.KEY_FILE)):
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding("key file", False, f"{path} can be read by others; run: chmod 600 {path}")


def _durability() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in SQLITE_MUST}
        found_mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
        yield Finding("transactions", found_mode == "IMMEDIATE", f"transaction_mode is {found_mode}, must be IMMEDIATE")
        must: dict[str, object] = dict(SQLITE_MUST)
    else:
        with connection.cursor() as cursor:
            found = {}
            for name in POSTGRES_MUST:
                cursor.execute(f"SHOW {name}")
                found[name] = cursor.fetchone()[0]
        must = dict(POSTGRES_MUST)
    for name, value in must.items():
        yield Finding(
            name, found[name] == value, f"{name} is {found[name]}, must be {value}: nothing saved may be lost"
        )


def _tables() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    words = "up to date" if not missing else f"{len(missing)} steps behind; run `zhenke init`"
    yield Finding("tables", not missing, words)


def findings() -> list[Finding]:
    """Return everything that was looked at.

    Errors: none; an unreachable database is a finding.
    """
    found = list(_keys())
    try:
        found += [*_durability(), *_tables()]
    except DatabaseError as refused:
        found.append(Finding("database", False, f"cannot be reached: {str(refused).splitlines()[0]}"))
    return found


def must_be_ready() -> None:
    """Raise NotReady, with every reason, unless all is well."""
    bad = [f"{finding.name}: {finding.words}" for finding in findings() if not finding.is_well]
    if bad:
        raise NotReady(reason="Zhenke does not start. " + "; ".join(bad) + ".")
