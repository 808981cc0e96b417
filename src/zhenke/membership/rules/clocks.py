"""Whether a night may let points end: a clock that jumped ahead ends nothing before a human says so (promise P34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

JUMP = timedelta(hours=2)
"""A clock that is ahead by more than this of what the machine has run is not believed."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """When a night ran: its day, the wall clock, and how long the machine had been up in which of its runnings."""

    day: date
    at: datetime
    boot: str = ""
    up_seconds: int = 0


def may_end(*, last: Tick | None, now: Tick, confirmed: date | None) -> bool:
    """Return whether points may end on the day of `now`.

    The first night only notes its day. While the machine runs, its own count of seconds tells whether the time that
    the clock says has really passed. After it was off nobody can tell: then only the very next day is believed, at
    most 26 hours after the last night; every other waits for a word.

    Units:  `confirmed` is the day until which somebody said go on.
    """
    if last is None:
        return False
    if now.day <= last.day or (confirmed is not None and now.day <= confirmed):
        return True
    passed = now.at - last.at
    if now.boot and now.boot == last.boot:
        really = timedelta(seconds=now.up_seconds - last.up_seconds)
        return passed - really <= JUMP
    return now.day == last.day + DAY and passed <= DAY + JUMP
