"""Files that people hand in: kept in the home folder under a number of ours, closed to others, until they are used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from zhenke.basics.errors import BadInput
from zhenke.basics.ids import new_id

MEGABYTE = 1 << 20
_SLACK = MEGABYTE  # the words of the form around the file


class UploadTooLarge(BadInput):
    """The file is larger than the page takes; facts: `limit_mb`."""

    code = "file_too_large"
    message = "The file is larger than {limit_mb} MB. Split it into smaller files and import them one after another."


def upload_limit() -> int:
    """Return the largest upload in bytes."""
    return int(settings.INSTALLATION.upload_limit_mb) * MEGABYTE


def is_too_large(request: HttpRequest) -> bool:
    """Return whether a request is larger than an upload may be."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > upload_limit() + _SLACK


class LimitedUploads(FileUploadHandler):
    """Lets go of a request that says it is too large before a byte of it is kept."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803  (the name that Django gives it)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse by length. Errors: StopUpload."""
        if content_length > upload_limit() + _SLACK:
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def folder() -> Path:
    """Return the folder of uploads, made on first need."""
    place = Path(settings.HOME) / "imports"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def keep_upload(upload: UploadedFile) -> Path:
    """Write an upload under a number of ours and return where.

    Errors: UploadTooLarge.
    """
    limit_mb = settings.INSTALLATION.upload_limit_mb
    if (upload.size or 0) > upload_limit():
        raise UploadTooLarge(limit_mb=limit_mb)
    path = folder() / str(new_id())
    path.touch(mode=0o600)
    with path.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return path


def drop_upload(path: str | Path) -> None:
    """Delete an upload; a file that lies elsewhere (a command's own) is left alone. Twice: changes nothing."""
    place = Path(path)
    if str(path) and place.parent == folder():
        place.unlink(missing_ok=True)


def drop_old_uploads(moment: datetime) -> int:
    """Delete uploads that were handed in before a moment; return how many. Twice: deletes nothing more."""
    old = [path for path in folder().iterdir() if path.is_file() and path.stat().st_mtime < moment.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
