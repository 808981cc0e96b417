"""The files of exports: made with the recipient's mark, kept sealed under names nobody can guess, and deleted."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.basics.boxes import opened_box, sealed_box
from zhenke.basics.days import DayOfYear
from zhenke.basics.tables.sheets import Cell, csv_file, xlsx_file
from zhenke.basics.watermarks import codes_in, marked, plain, written, written_in
from zhenke.customers.models import Export
from zhenke.customers.operations.exports import ExportGone
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.words.days import yearly_day
from zhenke.doors.words.exports import COLUMN_WORDS
from zhenke.doors.words.people import GENDER_WORDS, KIND_WORDS, source_word
from zhenke.journeys.make_export import Row, make_export

_NAME = re.compile(r"[0-9a-f]{64}")


def make_file(export: Export, *, clock: Callable[[], datetime]) -> bool:
    """Make the file of one export; False if it is not to be made or was taken back meanwhile."""
    written: list[str] = []

    def write(rows: Sequence[Row]) -> tuple[str, str]:
        key, box = sealed_box(file_of(export, rows, at=clock()))
        written.append(_keep(box))
        return written[0], key

    done = make_export(export=export, limits=EXPORT_LIMITS, write=write, clock=clock)
    if not done:
        drop_files(written)
    return done


def file_of(export: Export, rows: Sequence[Row], *, at: datetime) -> bytes:
    """Return the file: a line that names the recipient, the headings, and each row with the unseen mark and a name."""
    with translation.override(export.language):
        head = _(
            "For %(name)s (%(username)s) only, %(day)s, number %(number)s. Purpose: %(purpose)s. Do not pass on."
        ) % {
            "name": export.asked_by.name,
            "username": export.asked_by.username,
            "day": at.date().isoformat(),
            "number": export.watermark,
            "purpose": export.purpose,
        }
        handed_to = plain(f"{export.asked_by.name} {written(export.watermark)}")
        headings = [*(str(COLUMN_WORDS[code]) for code in export.columns), pgettext("column", "Handed to")]
        cells = [
            _marked_row([*(_cell(code, row.get(code)) for code in export.columns), handed_to], export.watermark)
            for row in rows
        ]
    make = xlsx_file if export.format == "xlsx" else csv_file
    return make(marked(head, export.watermark), headings, cells)


def read_file(export: Export, key: str) -> bytes:
    """Return the file in the clear. Errors: ExportGone; BoxBroken."""
    if not _NAME.fullmatch(export.file_name):
        raise ExportGone
    try:
        return opened_box(key, (folder() / export.file_name).read_bytes())
    except FileNotFoundError as gone:
        raise ExportGone from gone


def folder() -> Path:
    """Return the folder of sealed exports, made on first need."""
    place = Path(settings.HOME) / "exports"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def drop_files(names: Iterable[str]) -> int:
    """Delete files by their names; return how many there were. Twice: 0."""
    count = 0
    for name in names:
        path = folder() / name
        if _NAME.fullmatch(name) and path.exists():
            path.unlink()
            count += 1
    return count


def drop_left_over(*, kept: Iterable[str], now: datetime) -> int:
    """Delete files that no export has, left behind by a worker that died; young ones may be just being made."""
    known = set(kept)
    old = [
        path.name
        for path in folder().iterdir()
        if path.name not in known and now.timestamp() - path.stat().st_mtime > 3_600
    ]
    return drop_files(old)


def recipient_codes(path: Path) -> dict[str, int]:
    """Return the marks in a file that was found somewhere, whole or in part, with how often each stands there."""
    raw = path.read_bytes()
    try:
        with ZipFile(path) as book:
            texts = [book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith(".xml")]
    except BadZipFile:
        texts = [raw.decode(coding, "replace") for coding in ("utf-8", "utf-16", "gb18030")]
    found: dict[str, int] = {}
    for text in texts:
        unseen, read = codes_in(text), written_in(plain(text))
        for code in unseen | read:
            found[code] = found.get(code, 0) + max(unseen.get(code, 0), read.get(code, 0))
    return found


def _keep(box: bytes) -> str:
    name = secrets.token_hex(32)
    handle = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(box)
        out.flush()
        os.fsync(out.fileno())
    return name


def _marked_row(cells: list[Cell], code: str) -> list[Cell]:
    """Put the mark behind the first text of the row; the last cell, who was handed the file, is one."""
    place = next(place for place, cell in enumerate(cells) if isinstance(cell, str) and cell)
    return [marked(str(cell), code) if number == place else cell for number, cell in enumerate(cells)]


def _cell(code: str, value: Any) -> Cell:
    if value is None or value == "":
        return None
    if code == "spent":
        return Decimal(value) / 100
    if isinstance(value, int):
        return value
    if isinstance(value, DayOfYear):
        return yearly_day(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return plain(", ".join(value))
    words = {"gender": GENDER_WORDS, "kind": KIND_WORDS}.get(code, {})
    return plain(source_word(value) if code == "source" else str(words.get(value, value)))
