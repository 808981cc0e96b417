"""The local day of a moment. The only place where a moment becomes a day; days never become moments again."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from zhenke.basics.errors import BadInput


class ZoneUnknown(BadInput):
    """A text that names no time zone."""

    code = "zone_unknown"
    message = "{zone} is not a time zone such as Asia/Shanghai."


def local_date(now: datetime, zone: str) -> date:
    """Return the day that the calendar on the wall of a shop shows at a moment.

    Units:  `now` aware; `zone` an IANA name, the shop's own.
    Errors: ZoneUnknown; ValueError for a moment without zone (a fault of our code).
    Example: 2026-11-22T17:00Z in Asia/Shanghai -> 2026-11-23
    """
    if now.tzinfo is None:
        raise ValueError("a moment without time zone has no local day")
    try:
        wall = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as fault:  # unknown, malformed, or the name of a folder
        raise ZoneUnknown(zone=zone) from fault
    return now.astimezone(wall).date()
