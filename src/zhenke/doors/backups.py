"""One sealed file with the database and the photos, made while the shop goes on; and the way back from it.

The keys are not in it, and neither is the list of the forgotten: without the keys it is noise, and whoever was
forgotten is erased again before the first request.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection, connections

from zhenke import __version__
from zhenke.basics.errors import ZhenkeError
from zhenke.basics.keyring import load_keyring
from zhenke.basics.streams import SealedWriter, StreamBroken, opened_pieces, read_head
from zhenke.doors.restored import mark_path, note_restore

KIND = "zhenke backup"
DATABASE = "database"
MEDIA = ("pieces", "notes")
"""Folders of the home that belong to rows of the database. Exports and handed-in files live for days: not kept."""


class BackupRefused(ZhenkeError):
    """The file is not put back. Facts: `reason`."""

    code = "backup_refused"
    message = "The backup is not put back: {reason}."


class BackupFailed(ZhenkeError):
    """The database's own tool could not do its part. Facts: `reason`."""

    code = "backup_failed"
    message = "The backup failed: {reason}."


@dataclass(frozen=True, slots=True)
class Backup:
    """One file: where, how large, when it was made, for which database."""

    path: Path
    size: int
    made_at: datetime
    engine: str


def backup_folder() -> Path:
    """Return where backups are kept unless another place is named."""
    return Path(settings.HOME) / "backups"


def make_backup(*, target: Path | None, at: datetime) -> Backup:
    """Write one sealed file and return it; it takes its name only when it is whole and on the disk.

    Errors: KeyringMissing; BackupFailed; FileExistsError if the file is there.
    """
    keyring = load_keyring(Path(settings.KEY_FILE))
    path = target or backup_folder() / f"zhenke-{at:%Y%m%d-%H%M%S}.backup"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    about = {"kind": KIND, "engine": connection.vendor, "version": __version__, "made_at": at.isoformat()}
    try:
        with _private(unfinished) as out:
            sealed = SealedWriter(out, keyring=keyring, about=about)
            with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar, _workshop() as room:
                tar.add(_copied_database(room), arcname=DATABASE, filter=_plain)
                for name in MEDIA:
                    if (Path(settings.HOME) / name).is_dir():
                        tar.add(Path(settings.HOME) / name, arcname=name, filter=_plain)
            sealed.finish()
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(path, path.stat().st_size, at, connection.vendor)


def restore_backup(*, path: Path, replaces: bool, keeps_tokens: bool = False) -> Backup:
    """Put a backup in the place of the database and the photos; the whole file is proved before anything is touched.

    What the copy has open ends before anybody is let in: `restored.finish_restore`, which leaves programs as they were
    if it `keeps_tokens`.

    Errors: BackupRefused for a file of another kind, house or database, a damaged one, and (unless it `replaces`) where
            a database is; KeyringMissing; BackupFailed. Nothing has changed then.
    """
    keyring = load_keyring(Path(settings.KEY_FILE))
    with _workshop() as room:
        try:
            with path.open("rb") as source:
                head = read_head(source)
            if head.get("kind") != KIND:
                raise BackupRefused(reason="it is no backup")
            if head.get("engine") != connection.vendor:
                raise BackupRefused(
                    reason=f"it is of {head.get('engine')}, and the database here is {connection.vendor}"
                )
            with path.open("rb") as source:
                opened = _Opened(opened_pieces(source, keyring=keyring))
                with tarfile.open(fileobj=opened, mode="r|") as tar:
                    tar.extractall(room, filter="data")
                opened.drain()
        except (StreamBroken, tarfile.TarError, OSError, EOFError) as fault:
            raise BackupRefused(reason=str(fault).rstrip(".") or "it is damaged") from fault
        _check_copy(room)
        if not replaces and _is_in_use():
            raise BackupRefused(reason="there is a database here already; say --replace to put the backup in its place")
        is_owed = mark_path().exists()
        note_restore(made_at=datetime.fromisoformat(head["made_at"]), keeps_tokens=keeps_tokens)
        try:
            _put_database(room / DATABASE)
        except BackupFailed:
            if not is_owed:  # nothing has changed, so nothing has to end
                mark_path().unlink()
            raise
        for name in MEDIA:
            _put_folder(room / name, Path(settings.HOME) / name)
    return Backup(path, path.stat().st_size, datetime.fromisoformat(head["made_at"]), head["engine"])


def last_backup() -> Backup | None:
    """Return the newest backup in the folder of the house, by what its head says; None if there is none."""
    found = []
    for path in backup_folder().glob("*.backup"):
        try:
            with path.open("rb") as source:
                head = read_head(source)
            made_at = datetime.fromisoformat(head["made_at"])
        except (StreamBroken, OSError, KeyError, ValueError):
            continue
        found.append(Backup(path, path.stat().st_size, made_at, str(head.get("engine"))))
    return max(found, key=lambda one: one.made_at, default=None)


class _Opened(RawIOBase):
    """The opened pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._held) < size or size < 0:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        size = len(self._held) if size < 0 else size
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def drain(self) -> None:
        """Prove the rest: a file that was cut off behind what the archive needs is damaged too."""
        for _ in self._pieces:
            pass


@contextmanager
def _workshop() -> Iterator[Path]:
    """Give a folder closed to others in the home, on the disk where its files belong; it is emptied afterwards."""
    with TemporaryDirectory(prefix=".backup-", dir=settings.HOME) as room:
        yield Path(room)


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Keep files and folders alone, without who owns them."""
    if not (member.isfile() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o700 if member.isdir() else 0o600
    return member


def _copied_database(room: Path) -> Path:
    """Copy the database by its own means, as of one moment, while others write."""
    copy = room / DATABASE
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        copy.chmod(0o600)
        return copy
    _run(["pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--file={copy}"])
    return copy


def _check_copy(room: Path) -> None:
    if not (room / DATABASE).is_file():
        raise BackupRefused(reason="there is no database in it")
    if connection.vendor == "sqlite":
        try:
            with closing(sqlite3.connect(room / DATABASE)) as copy:
                is_well = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                copy.execute("SELECT 1 FROM django_migrations").fetchone()
        except sqlite3.DatabaseError as fault:
            raise BackupRefused(reason="the database in it is damaged") from fault
        if not is_well:
            raise BackupRefused(reason="the database in it is damaged")
    else:
        _run(["pg_restore", "--list", str(room / DATABASE)], names_database=False)


def _is_in_use() -> bool:
    if connection.vendor == "sqlite" and not _database_path().exists():
        return False
    return "django_migrations" in connection.introspection.table_names()


def _put_database(copy: Path) -> None:
    connections.close_all()
    if connection.vendor == "sqlite":
        place = _database_path()
        for rest in ("-wal", "-shm"):
            place.with_name(place.name + rest).unlink(missing_ok=True)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        copy.replace(place)
        return
    _run(["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(copy)])


def _database_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _put_folder(copy: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    if copy.is_dir():
        copy.replace(place)


def _run(command: list[str], *, names_database: bool = True) -> None:
    """Run a tool of PostgreSQL; what it needs to sign in goes by its environment, never by the command line."""
    asked = connection.settings_dict
    given = {"PGHOST": asked["HOST"], "PGPORT": asked["PORT"], "PGUSER": asked["USER"], "PGPASSWORD": asked["PASSWORD"]}
    environment = os.environ | {name: str(value) for name, value in given.items() if value}
    if names_database:
        command = [*command[:1], f"--dbname={asked['NAME']}", *command[1:]]
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as fault:
        raise BackupFailed(reason=f"{command[0]} is not installed") from fault
    except subprocess.CalledProcessError as fault:
        lines = (fault.stderr or "").strip().splitlines()
        raise BackupFailed(reason=lines[-1] if lines else f"{command[0]} ended with {fault.returncode}") from fault
