"""What is left of each right, and which are due now: counted by calendar year, gifts around the birthday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from zhenke.membership.rules.programme import UNLIMITED, Right, Rules

GIFT_DAYS_BEFORE = 14
"""A gift may be given from so many days before the birthday on, until the end of the year in which it falls."""
MISSED_AFTER_DAYS = 30
"""A gift that was not given so many days after the birthday was missed, and stands in the report."""

State = Literal["holds", "free", "due", "later", "used_up", "missed"]


@dataclass(frozen=True, slots=True)
class RightLeft:
    """One right of one member on a day.

    `share` is per cent, times a year (-1 as often as she likes) or 1; `left` is None where nothing is counted. State:
    holds (a discount, a standing right), free (may be given), due (waits to be given), later, used_up, missed.
    """

    right: Right
    share: int
    used: int
    left: int | None
    state: State
    day: date | None = None

    @property
    def may_be_given(self) -> bool:
        """Whether one more may be given today."""
        return self.state in ("free", "due", "missed")


def rights_left(
    *, rules: Rules, tier: str, used: Mapping[str, int], birthday: date | None, on: date
) -> tuple[RightLeft, ...]:
    """Return the rights that a tier has, with what is left of each on a day.

    `used` counts what was given in the calendar year of `on`; `birthday` is the day on which hers falls in that year,
    None if it is not known: then a gift may be given on any day and is never due.

    Source: docs/rules/tiers.md, "Rights".
    """
    return tuple(
        _left(right, right.share_of(tier), used.get(right.key, 0), birthday, on)
        for right in rules.rights
        if right.share_of(tier)
    )


def _left(right: Right, share: int, used: int, birthday: date | None, on: date) -> RightLeft:
    if right.kind in ("discount", "standing"):
        return RightLeft(right, share, used, None, "holds")
    if right.kind == "service" and share == UNLIMITED:
        return RightLeft(right, share, used, None, "free")
    left = max(share - used, 0)
    if left == 0:
        return RightLeft(right, share, used, 0, "used_up")
    if right.kind == "service" or birthday is None:
        return RightLeft(right, share, used, left, "free")
    return RightLeft(right, share, used, left, _of_gift(birthday, on), birthday)


def _of_gift(birthday: date, on: date) -> State:
    if on < birthday - timedelta(days=GIFT_DAYS_BEFORE):
        return "later"
    return "missed" if on > birthday + timedelta(days=MISSED_AFTER_DAYS) else "due"
