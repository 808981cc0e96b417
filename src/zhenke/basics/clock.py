"""The one place where the time of day is read; called at the doors, passed down as `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def running() -> tuple[str, int]:
    """Return which running of the machine this is ("" if it cannot say), and for how many seconds it has been up.

    The count goes on evenly while the machine sleeps and whatever its clock is set to, and begins anew at each start.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return boot, int(time.clock_gettime(time.CLOCK_BOOTTIME))
    except (OSError, AttributeError):
        return "", 0
