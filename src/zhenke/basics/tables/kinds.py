"""What a file really is, by its first bytes; its name is never believed."""

from __future__ import annotations

import re
from pathlib import Path

from zhenke.basics.tables.limits import MEGABYTE, Limits
from zhenke.basics.tables.refusals import EmptyFile, FileTooLarge, NotATable

ZIP, OLE, GZIP, TEXT = "zip", "ole", "gzip", "text"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x1f\x8b", GZIP),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a text document"),
    (b"#!/", "a program"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|body|svg|script|meta|style|div)\b", re.IGNORECASE)
_OBJECTS = re.compile(rb'\s*(?:\{\s*["}]|\[\s*\{|\[\s*\[)')


def file_kind(path: Path, limits: Limits) -> str:
    """Return `zip`, `ole`, `gzip` or `text` for a file that may hold a table.

    Errors: EmptyFile, FileTooLarge, NotATable for everything that is known to be something else.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile()
    if size > limits.max_file_bytes:
        raise FileTooLarge(limit_mb=limits.max_file_bytes // MEGABYTE)
    with path.open("rb") as file:
        return head_kind(file.read(1024))


def head_kind(head: bytes) -> str:
    """Return the kind that these first bytes announce; see `file_kind`."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    for magic, name in _OTHERS:
        if head.startswith(magic):
            raise NotATable(kind=name)
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(head):
        raise NotATable(kind="a web page or XML file, whatever its name says")
    if _OBJECTS.match(head):
        raise NotATable(kind="a JSON file")
    return TEXT
