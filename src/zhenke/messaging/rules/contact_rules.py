"""The contact rules of the house: quiet hours in the shop's own time, and how often somebody is written to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhenke.basics.errors import BadInput
from zhenke.messaging.rules.intents import CHANNELS

MONTH, WEEK = timedelta(days=30), timedelta(days=7)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MOST = 31


class ContactRulesWrong(BadInput):
    """Hours or numbers that cannot be. Facts: `field`."""

    code = "contact_rules_wrong"
    message = "Hours are from and to, such as 09:00 to 20:30, and numbers 0 to 31: check the {field}."


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Within which hours each channel may be used, and how much of each kind somebody gets.

    Units:  hours as shop time "09:00"; counts in any 30 days (marketing, SMS that are no service) and any 7 (care).
    Source: rules.md, "Contact budget".
    """

    hours: Mapping[str, tuple[str, str]]
    marketing_a_month: int
    sms_a_month: int
    care_a_week: int


def checked_rules(rules: ContactRules) -> ContactRules:
    """Return the rules if they can be. Errors: ContactRulesWrong."""
    for channel in CHANNELS:
        start, end = rules.hours.get(channel, ("", ""))
        if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end) and start < end):
            raise ContactRulesWrong(field=f"hours_{channel}")
    for field in ("marketing_a_month", "sms_a_month", "care_a_week"):
        if not 0 <= getattr(rules, field) <= _MOST:
            raise ContactRulesWrong(field=field)
    return ContactRules(
        {channel: rules.hours[channel] for channel in CHANNELS},
        rules.marketing_a_month,
        rules.sms_a_month,
        rules.care_a_week,
    )


def opens_at(*, hours: tuple[str, str], now: datetime, zone: str) -> datetime:
    """Return from when on one may write: `now` within the hours, else the next opening, in the shop's own time.

    Example: 09:00-20:30, 21:00 in Shanghai -> 09:00 of the next day in Shanghai
    """
    local = now.astimezone(ZoneInfo(zone))
    start, end = (time.fromisoformat(one) for one in hours)
    if start <= local.time() < end:
        return now
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, ZoneInfo(zone)).astimezone(now.tzinfo)
