"""The shape of one hostile file: a name, the bytes, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """Either `refused` with a code, or read; what is None is not looked at."""

    refused: str | None = None
    rows: list[list[str]] | None = None
    count: int | None = None
    headings: list[str] | None = None
    encoding: str | None = None
    skipped: list[str] | None = None
    odd: list[str] | None = None
    numbers: list[int] | None = None


@dataclass(frozen=True)
class Case:
    """One file of the corpus; `bomb` cases are also measured."""

    name: str
    file_name: str
    make: Callable[[Path], object]
    expected: Outcome
    bomb: bool = False


def content(
    name: str, file_name: str, text: bytes | Callable[[], bytes], expected: Outcome, *, bomb: bool = False
) -> Case:
    """A case whose bytes are at hand, or made when they are large."""

    def make(path: Path) -> None:
        path.write_bytes(text if isinstance(text, bytes) else text())

    return Case(name, file_name, make, expected, bomb)


def refused(code: str) -> Outcome:
    """Refused with this code."""
    return Outcome(refused=code)


def reads(*rows: list[str], **more: object) -> Outcome:
    """Read as exactly these rows."""
    return Outcome(rows=list(rows), **more)  # type: ignore[arg-type]
