"""Counts calls in windows of a minute: by token at the door for programs, by address at links that need no sign-in."""

from __future__ import annotations

import math
import threading
import time

_WINDOW_SECONDS = 60


class Budget:
    """Counts calls by caller in windows of a minute, in this process's memory.

    In memory, because a reading call must neither write nor wait for a writer. So with two web processes a caller may
    make up to twice its calls; the limit is there to stop one that runs wild, not to be billed by.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._calls: dict[int | str, int] = {}

    def seconds_to_wait(self, caller: int | str, *, calls: int) -> int:
        """Count one call and return 0, or the seconds until the next window when `calls` were made already."""
        clock = time.monotonic()  # a stop watch, not the time of day
        window = int(clock // _WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window, self._calls = window, {}
            made = self._calls.get(caller, 0)
            if made < calls:
                self._calls[caller] = made + 1
                return 0
        return max(1, math.ceil((window + 1) * _WINDOW_SECONDS - clock))

    def forget(self) -> None:
        """Begin again at nothing."""
        with self._lock:
            self._calls = {}
