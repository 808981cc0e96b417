"""The gate, asked at the moment of sending: go by which channel, wait until when, or not at all, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhenke.messaging.rules.contact_rules import ContactRules, opens_at

CHANNEL_OFF_WAIT = timedelta(minutes=10)
_FOR_PEOPLE_NAMED = ("care", "marketing")


@dataclass(frozen=True, slots=True)
class Way:
    """One channel by which a message could go, in the customer's order. `refusal` is why consent says no, "" for yes.

    `template_lack` is what its text lacks ("no_template", "no_provider_code", "field_missing"), "" if it is ready.
    """

    channel: str
    refusal: str
    has_contact: bool
    template_lack: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Had:
    """What a customer was sent already: marketing and SMS that were no service in 30 days, care in 7."""

    marketing: int
    sms: int
    care: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One message at the gate."""

    kind: str
    use_by: datetime
    zone: str
    is_locked_away: bool
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gate says: `channel` to go; else `until` to wait, else not at all; `why` is its code."""

    channel: str = ""
    until: datetime | None = None
    why: str = ""


def gate(*, asked: Asked, ways: Sequence[Way], had: Had, rules: ContactRules, now: datetime) -> Passed:
    """Return whether one message may go now.

    What is over is not sent; who is locked away is never written to; protected people are written to by the people
    named for them, so only service goes by itself. Then the first channel that consent allows and that can be used;
    then how often; then the hour, for which it waits. A channel that is switched off is waited for, too.

    Source: promises.md P7; rules.md, "Contact budget".
    """
    if now > asked.use_by:
        return Passed(why="too_late")
    if asked.is_locked_away:
        return Passed(why="locked_away")
    if asked.is_protected and asked.kind in _FOR_PEOPLE_NAMED:
        return Passed(why="protected")
    why = [_lack(way, asked.kind, had, rules) for way in ways]
    usable = [way for way, lack in zip(ways, why, strict=True) if not lack]
    if not usable:
        if "channel_off" in why:
            return _wait(now + CHANNEL_OFF_WAIT, "channel_off", asked)
        return Passed(why=why[0] if why else "no_channel")
    if asked.kind == "marketing" and had.marketing >= rules.marketing_a_month:
        return Passed(why="budget_marketing")
    if asked.kind == "care" and had.care >= rules.care_a_week:
        return Passed(why="budget_care")
    if asked.kind == "code":
        return Passed(channel=usable[0].channel)
    opening = {way.channel: opens_at(hours=rules.hours[way.channel], now=now, zone=asked.zone) for way in usable[:1]}
    channel, at = next(iter(opening.items()))
    return Passed(channel=channel) if at <= now else _wait(at, "quiet_hours", asked)


def _lack(way: Way, kind: str, had: Had, rules: ContactRules) -> str:
    if way.refusal:
        return way.refusal
    if not way.has_contact:
        return "no_contact"
    if way.template_lack:
        return way.template_lack
    if way.channel == "sms" and kind in _FOR_PEOPLE_NAMED and had.sms >= rules.sms_a_month:
        return "budget_sms"
    return "" if way.is_on else "channel_off"


def _wait(until: datetime, why: str, asked: Asked) -> Passed:
    """Wait, unless the message would be over by then."""
    return Passed(until=until, why=why) if until <= asked.use_by else Passed(why="too_late")
