"""What must be done before one value is shown whole: a fresh proof of who one is, a second person's word."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.rules.importance import SENSITIVE_LEVEL, Need

PROOF_LASTS = timedelta(minutes=5)
WAITS = timedelta(hours=24)
LOOK_LASTS = timedelta(minutes=15)
ALONE_HOURS = 24
"""How long somebody waits who looks alone, before a house has set its own (AloneWait)."""
ALONE_LEAST, ALONE_MOST = 12, 168
ALONE = "alone"
AGREED: tuple[str, ...] = ("known", "customer_asked", "urgent")
REFUSED: tuple[str, ...] = ("not_needed", "ask_advisor", "not_now")


class ProofMissing(RuleBroken):
    """Whoever looks has not proved for some minutes who it is."""

    code = "proof_of_self_missing"
    message = "Prove once more who you are: this is specially protected."


class SecondPersonMissing(RuleBroken):
    """A second person must agree before this is shown, for one look."""

    code = "second_person_missing"
    message = "This is shown once a second person has agreed, and then for one look."


class PermitNotNeeded(RuleBroken):
    """Nobody has to agree to this look."""

    code = "permit_not_needed"
    message = "Nobody has to agree to this: it can be shown to you at once."


class PermitNotOpen(RuleBroken):
    """The permit waits for nobody: it was decided, used, or its time is over. Facts: `state`."""

    code = "permit_not_open"
    message = "This does not wait for anybody any more: it is {state}."


class PermitReasonWrong(BadInput):
    """Not one of the reasons. Facts: `field`."""

    code = "permit_reason_wrong"
    message = "Choose a reason."


class AloneTooSoon(RuleBroken):
    """The waiting time of who looks alone is not over."""

    code = "alone_too_soon"
    message = "Wait until the time is over; then you can look alone."


class NotAlone(RuleBroken):
    """Somebody else in the house can agree by now."""

    code = "not_alone"
    message = "There is somebody else in the house who can agree; ask them."


class AloneWaitWrong(BadInput):
    """A waiting time out of reach."""

    code = "alone_wait_wrong"
    message = "Let them wait 12 to 168 whole hours."


class PermitUnknown(NotFound):
    """There is no such permit, or the viewer may not know of it."""

    code = "permit_unknown"
    message = "This does not exist, or is not yours to see."


def is_proof_fresh(*, proved_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody has proved within five minutes who it is; a proof of a time to come is none."""
    return proved_at is not None and timedelta(0) <= now - proved_at <= PROOF_LASTS


def needs_second_person(*, needs: Collection[Need], level: int, is_named: bool) -> bool:
    """Return whether a second person must agree to one look.

    Always where the class says so; and where a class of level 4 is for named people only, for whoever is not named:
    the second person names her or him for one look.

    Source: promises.md §3.2.
    Example: the address of a VIP -> True for her shop's manager, False for her advisor
    """
    return Need.SECOND_APPROVER in needs or (level >= SENSITIVE_LEVEL and Need.NAMED in needs and not is_named)


def checked_hours(hours: int) -> int:
    """Return how many hours somebody waits who looks alone. Errors: AloneWaitWrong."""
    if not ALONE_LEAST <= hours <= ALONE_MOST:
        raise AloneWaitWrong
    return hours


def checked_reason(code: str) -> str:
    """Return a reason as a code. Errors: PermitReasonWrong."""
    kept = code.strip()
    if not (kept and len(kept) <= 40 and kept.isascii() and kept.replace("_", "").isalpha()):
        raise PermitReasonWrong(field="reason")
    return kept


def checked_word(*, agree: bool, because: str) -> str:
    """Return why somebody agrees or does not. Errors: PermitReasonWrong."""
    if because not in (AGREED if agree else REFUSED):
        raise PermitReasonWrong(field="because")
    return because
