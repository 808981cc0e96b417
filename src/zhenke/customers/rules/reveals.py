"""How many whole contacts one person may be shown in a day, and when that is more than usual."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from zhenke.basics.errors import BadInput, RuleBroken


class RevealsUsedUp(RuleBroken):
    """Today's number of whole contacts is used up. Facts: `quota`."""

    code = "reveals_used_up"
    message = (
        "You have been shown {quota} contacts and pieces of such customers today, the limit. Ask your manager to call."
    )


class QuotaWrong(BadInput):
    """Not a limit that can be kept. Facts: `field`."""

    code = "quota_wrong"
    message = "A limit is a whole number from 0 to 1,000."


# Starting numbers, role → I1 ordinary, I2 VIP, I3 protected; the owner changes them for the house (RevealQuota).
# 30 for an advisor is promise P18. A role that is not named is shown no whole contact at all.
STARTING: dict[str, tuple[int, int, int]] = {
    "owner": (200, 100, 50),
    "area_manager": (60, 30, 10),
    "shop_manager": (60, 30, 10),
    "advisor": (30, 15, 5),
    "service": (30, 10, 5),
}
MOST = 1_000
WARN_PERCENT = 80
UNUSUAL_TIMES = 3
LEAST_DAYS = 5
MEDIAN_DAYS = 30
LISTED_A_DAY = 1_000
"""Rows of further and narrowed pages of the list in a day from which those who lead are told; nobody serves so many."""


def starting_quota(*, role: str, importance: int) -> int:
    """Return the limit a day before anybody changed it."""
    return STARTING[role][importance - 1] if role in STARTING else 0


def is_nearly_used(*, shown: int, quota: int) -> bool:
    """Return whether at least 80% of a limit are used."""
    return quota > 0 and shown * 100 >= quota * WARN_PERCENT


def is_unusual(*, shown: int, days_before: Sequence[int]) -> bool:
    """Return whether a day's number is more than three times one's own median.

    Units:  `days_before` the numbers of those of the last 30 days on which there were any; fewer than five say nothing.
    Source: promises.md P18.
    """
    return len(days_before) >= LEAST_DAYS and shown > UNUSUAL_TIMES * median(days_before)


def checked_quota(*, role: str, importance: int, a_day: int) -> int:
    """Return the limit. Errors: QuotaWrong."""
    if role not in STARTING or importance not in (1, 2, 3) or not 0 <= a_day <= MOST:
        raise QuotaWrong(field=f"{role}-{importance}" if role in STARTING else "")
    return a_day
