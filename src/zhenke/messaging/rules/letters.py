"""What a channel is handed, and what it can answer. The whole contact stands here alone, and never in a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

# After a refusal that passes (too many calls, balance used up, nobody answers): this long until the next call.
AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240))
CLAIM_LASTS = timedelta(minutes=5)
"""Longer than any call: a claim that is older belongs to a worker that is no more."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, ready to go. `key` is the attempt's own, given along so that receipts find it."""

    key: int
    channel: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    words: str = field(repr=False)
    provider_code: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


class Answer(StrEnum):
    """What became of one call: taken; refused for good; refused for now (nothing was taken); nobody knows."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer with its code (never a text of the provider's, which may quote the contact) and the provider's key."""

    answer: Answer
    code: str = ""
    provider_key: str = ""


class Channel(Protocol):
    """One way out. `send` makes one call at most and never raises for what the other side does."""

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over."""


def again_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many calls that were refused for now; None when it is enough.

    Example: after the first 30 seconds, after the fifth never
    """
    return AGAIN_AFTER[attempts - 1] if attempts <= len(AGAIN_AFTER) else None
