"""References to a member's things that nobody can guess, and that mean nothing outside the session that made them."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Protocol, TypeVar

_LENGTH = 24  # hex digits: 96 bits


class _Kept(Protocol):
    @property
    def id(self) -> int: ...


Thing = TypeVar("Thing", bound=_Kept)


def reference(*, token: str, kind: str, key: int) -> str:
    """Return how one session names one thing of the member's."""
    return hmac.digest(token.encode(), f"{kind}:{key}".encode(), "sha256").hex()[:_LENGTH]


def meant_by(*, token: str, kind: str, text: str, mine: Iterable[Thing]) -> Thing | None:
    """Return which of the member's own things a reference means, None if none: of others' things none is looked at."""
    found = None
    for one in mine:
        if hmac.compare_digest(reference(token=token, kind=kind, key=one.id).encode(), text.encode()):
            found = one
    return found
