"""Signing in to the member site: limits of codes and guesses, when a device is free, the days of a request.

Source: promises.md P28 and §2; PIPL 44-50 for the clock of a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhenke.basics.errors import RuleBroken

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
TRIES_A_CODE = 5
CODE_EVERY = timedelta(seconds=60)
CODES_A_DAY = 5
CODES_A_NETWORK_AN_HOUR = 30
GUESSES_A_QUARTER = 10
GUESSES_A_NETWORK_A_QUARTER = 60
QUARTER = timedelta(minutes=15)
KNOWN_TRIES_A_DAY = 5
SESSION_LIVES = timedelta(days=30)
NEW_DEVICE_WAITS = timedelta(hours=24)
PROOF_LIVES = timedelta(minutes=5)
CHALLENGE_LIVES = timedelta(minutes=5)
MOST_PASSKEYS = 10
CARD_LIVES = timedelta(seconds=60)
WORKING_DAYS = 15
CONTACT_KINDS = ("phone", "email")
SAID_HERE = "member"
"""The source of what a customer said on the member site, among the sources of claims."""
_DAY = timedelta(hours=24)


class CodeTooSoon(RuleBroken):
    """A code was asked for a moment ago. Facts: `seconds` to wait."""

    code = "code_too_soon"
    message = "A code was asked for a moment ago. Wait {seconds} seconds."


class CodesUsedUp(RuleBroken):
    """No more codes today, for this contact, this network or the whole house."""

    code = "codes_used_up"
    message = "Too many codes were asked for. Try again later, or come to the shop."


class DeviceTooNew(RuleBroken):
    """A device that is new waits a day before it does what cannot be undone."""

    code = "device_too_new"
    message = "This device is new here. For your safety this is possible a day after its first sign-in."


class PasskeysUsedUp(RuleBroken):
    """Nobody needs more passkeys than this."""

    code = "passkeys_used_up"
    message = "There are ten passkeys already. Remove them before you add another."


class CodeNeeded(RuleBroken):
    """This asks for a code of the last five minutes."""

    code = "code_needed"
    message = "First give the code that we send you."


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """How often codes were asked for: for one contact (with the last moment), by one network, and sent by the house."""

    last_at: datetime | None
    contact_a_day: int
    network_an_hour: int
    sent_a_day: int


def check_may_ask(*, before: AskedBefore, sent_limit: int, now: datetime) -> None:
    """Do nothing if one more code may be asked for. Whether anybody is known by the contact plays no part.

    Units:  `sent_limit` in codes of the whole house within 24 hours.
    Errors: CodeTooSoon, CodesUsedUp.
    """
    if before.last_at is not None and before.last_at > now - CODE_EVERY:
        raise CodeTooSoon(seconds=max(1, int((before.last_at + CODE_EVERY - now).total_seconds() + 0.999)))
    is_used_up = (
        before.contact_a_day >= CODES_A_DAY
        or before.network_an_hour >= CODES_A_NETWORK_AN_HOUR
        or before.sent_a_day >= sent_limit
    )
    if is_used_up:
        raise CodesUsedUp


def may_guess(*, of_account: int, of_network: int) -> bool:
    """Return whether one more guess is looked at, by the guesses of the last quarter of an hour."""
    return of_account < GUESSES_A_QUARTER and of_network < GUESSES_A_NETWORK_A_QUARTER


def due_after(day: date, *, working_days: int = WORKING_DAYS) -> date:
    """Return the last day of a term in working days, Monday to Friday; holidays only shorten it, to be safe.

    Example: Friday 2026-11-27 + 15 -> Friday 2026-12-18
    """
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def a_day_before(now: datetime) -> datetime:
    """Return the beginning of the window that ends now."""
    return now - _DAY
