"""How important a customer is, and what the two axes together, sensitivity × importance, ask of whoever looks."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from zhenke.basics.errors import BadInput


class Importance(IntEnum):
    """The second axis of promises.md §3.2."""

    ORDINARY = 1
    VIP = 2
    PROTECTED = 3


class Need(StrEnum):
    """One thing that a class asks for before a value is shown."""

    MASK = "mask"
    QUOTA = "quota"
    REASON = "reason"
    NAMED = "named"
    ALERT = "alert"
    ENCRYPTED = "encrypted"
    SECOND_FACTOR = "second_factor"
    SECOND_APPROVER = "second_approver"


class ImportanceWrong(BadInput):
    """Not a grade of importance, or a reason that does not go with it. Facts: `field`."""

    code = "importance_wrong"
    message = "Say which importance, and why."


BY_SPEND = "spend"
"""The reason that the night writes; every other one was chosen by a person, and the night leaves it alone."""
REASONS: dict[Importance, tuple[str, ...]] = {
    Importance.ORDINARY: ("mistake", "no_longer", "asked"),
    Importance.VIP: ("valued", "introducer", "partner", "no_longer", "asked"),
    Importance.PROTECTED: ("public_figure", "threatened", "staff", "minor", "asked"),
}
TOP_SHARE_PERMILLE = 50
"""Whose spending makes a VIP: the top 5% of those who bought."""

SENSITIVE_LEVEL = 4

# promises.md §3.2, level × importance → class.
_CLASSES: dict[int, tuple[str, str, str]] = {
    2: ("B", "B", "A"),
    3: ("B+", "A", "S"),
    4: ("A+", "S", "S+"),
}
_GUARDED = frozenset({Need.MASK, Need.QUOTA})
_SECRET = _GUARDED | {Need.REASON, Need.NAMED, Need.ALERT}
NEEDS: dict[str, frozenset[Need]] = {
    "B": frozenset(),
    "B+": _GUARDED,
    "A": _GUARDED | {Need.REASON},
    "A+": _GUARDED | {Need.REASON, Need.ENCRYPTED, Need.SECOND_FACTOR},
    "S": _SECRET,
    "S+": _SECRET | {Need.SECOND_APPROVER},
}


def class_of(*, level: int, importance: int) -> str:
    """Return the class of one field group (L0–L4) of one customer (I1–I3); "" for what is not personal.

    Source:  promises.md §3.2.
    Example: level 3, importance 2 -> "A"
    """
    row = _CLASSES.get(level)
    return row[importance - 1] if row else ""


def needs_of(*, level: int, importance: int) -> frozenset[Need]:
    """Return what is asked before a value of this level of such a customer is shown.

    What is asked of level 4 of an ordinary customer is asked of everybody's: the more is at stake, never the less.
    `operations.permits.allow_look` asks for it all.

    Source:  promises.md §3.2.
    Example: level 4, importance 3 -> all of "S+" and the second factor of "A+"
    """
    needs = NEEDS.get(class_of(level=level, importance=importance), frozenset())
    return needs | NEEDS["A+"] if level >= SENSITIVE_LEVEL else needs


def checked_importance(*, importance: int, reason: str) -> Importance:
    """Return the importance. Errors: ImportanceWrong, also for a reason that does not go with it."""
    if importance not in tuple(Importance):
        raise ImportanceWrong(field="importance")
    if reason not in REASONS[Importance(importance)]:
        raise ImportanceWrong(field="reason")
    return Importance(importance)


def top_count(*, buyers: int) -> int:
    """Return how many of some buyers are the top 5%. Round: down, so that fewer than twenty have none."""
    return buyers * TOP_SHARE_PERMILLE // 1_000
