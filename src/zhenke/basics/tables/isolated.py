"""The near side of the separate reader: starts it, believes only well-formed frames, and outlives its death."""

from __future__ import annotations

import dataclasses
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from zhenke.basics.tables.cells import ODD_KINDS, OddCell
from zhenke.basics.tables.limits import MEGABYTE, Limits
from zhenke.basics.tables.refusals import FileTooHeavy, ReadingFailed, ReadingTooSlow, refusal_from

_MAX_FRAME = 64 * MEGABYTE
_TOO_HEAVY = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS)


class IsolatedWorkbook:
    """One workbook being read in a process of its own, with bounded memory and time.

    `facts` holds `sheet`, `sheets` and `merged`; `rows()` may be walked once. `close()` ends the process.
    """

    def __init__(self, path: Path, sheet: str | None, limits: Limits) -> None:
        self._limits, self._seconds = limits, limits.base_seconds
        places = os.pathsep.join(place for place in sys.path if place)
        arguments = [str(path.resolve()), json.dumps(sheet), json.dumps(dataclasses.asdict(limits))]
        self._reader = subprocess.Popen(  # noqa: S603  our own module, with a path that it only opens
            [sys.executable, "-B", "-m", "zhenke.basics.tables.workbook", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": places, "LC_ALL": "C.UTF-8"},
            close_fds=True,
        )
        try:
            unpacked = self._frame().get("unpacked", 0)
            self._seconds = limits.base_seconds + int(unpacked) // limits.unpacked_bytes_per_second
            self.facts = self._frame()
        except BaseException:
            self.close()
            raise

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its number as the sheet shows it; odd cells are `OddCell`.

        Errors: every refusal of a workbook, FileTooHeavy, ReadingTooSlow, ReadingFailed.
        """
        try:
            while "end" not in (frame := self._frame()):
                rows: list[list[str]] = frame["rows"]
                for place, column, kind in frame["odd"]:
                    if kind not in ODD_KINDS:
                        raise ReadingFailed()
                    rows[place][column] = OddCell(rows[place][column], kind)
                yield from enumerate(rows, frame["first"])
        except (KeyError, IndexError, TypeError):
            raise ReadingFailed() from None
        finally:
            self.close()

    def close(self) -> None:
        """End the separate reader, whatever it is doing."""
        if self._reader.poll() is None:
            self._reader.kill()
        if self._reader.stdout:
            self._reader.stdout.close()
        self._reader.wait()

    def __enter__(self) -> IsolatedWorkbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _frame(self) -> dict[str, Any]:
        deadline = time.monotonic() + self._seconds
        size = struct.unpack(">I", self._exactly(4, deadline))[0]
        if size > _MAX_FRAME:
            raise ReadingFailed()
        try:
            frame = json.loads(self._exactly(size, deadline))
        except ValueError:
            raise ReadingFailed() from None
        if not isinstance(frame, dict):
            raise ReadingFailed()
        if "refused" in frame:
            facts = frame.get("facts")
            raise refusal_from(str(frame["refused"]), facts if isinstance(facts, dict) else {})
        return frame

    def _exactly(self, size: int, deadline: float) -> bytes:
        pipe = self._reader.stdout
        if pipe is None or pipe.closed:
            raise ReadingFailed()
        parts: list[bytes] = []
        while size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ReadingTooSlow()
            part = os.read(pipe.fileno(), size)
            if not part:
                raise self._death()
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _death(self) -> FileTooHeavy | ReadingTooSlow | ReadingFailed:
        try:
            code = self._reader.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return ReadingFailed()
        if code == -signal.SIGXCPU:
            return ReadingTooSlow()
        return FileTooHeavy() if code in _TOO_HEAVY else ReadingFailed()
