"""Where pictures lie that people handed in: large and small, in a folder of ours, under names that nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from zhenke.basics.pictures import Picture

_BATCH = 500


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


def drop_stray_pictures(*, folder: Path, before: float, known: Callable[[Sequence[str]], AbstractSet[str]]) -> int:
    """Take away pictures that nobody knows, last written before an instant (seconds of the clock); return how many.

    `known` says which of at most 500 names somebody knows. A power cut between file and row leaves strays behind.

    Writes: files.
    Twice:  nothing more to take away.
    """
    names, strays = sorted(picture_names(folder=folder, before=before)), 0
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        for name in set(part) - known(part):
            drop_picture(folder=folder, name=name)
            strays += 1
    return strays
