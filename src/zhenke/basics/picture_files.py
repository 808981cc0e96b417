"""Where pictures lie that people handed in: large and small, in a folder of ours, under names that nobody can guess."""

from __future__ import annotations

import secrets
from pathlib import Path

from zhenke.basics.pictures import Picture


def new_picture_name() -> str:
    """Return a name for one picture: 192 random bits."""
    return secrets.token_urlsafe(24)


def picture_path(*, folder: Path, name: str, is_small: bool) -> Path:
    """Return where one picture lies, large or small."""
    return folder / f"{name}{'.small' if is_small else ''}.jpg"


def write_picture(*, folder: Path, name: str, picture: Picture) -> None:
    """Write both sizes of a picture, for nobody but the house to read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for jpeg, is_small in ((picture.large, False), (picture.small, True)):
        path = picture_path(folder=folder, name=name, is_small=is_small)
        path.touch(mode=0o600)
        path.write_bytes(jpeg)


def drop_picture(*, folder: Path, name: str) -> None:
    """Take both files of a picture away; those that are gone are no fault."""
    for is_small in (False, True):
        picture_path(folder=folder, name=name, is_small=is_small).unlink(missing_ok=True)


def picture_names(*, folder: Path, before: float) -> set[str]:
    """Return the names of the pictures in a folder that were last written before an instant (seconds of the clock)."""
    if not folder.is_dir():
        return set()
    old = (path.name for path in folder.glob("*.jpg") if path.stat().st_mtime < before)
    return {name.removesuffix(".jpg").removesuffix(".small") for name in old}
