"""The surprise guard: a gift stays hidden on its recipient's archive until its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

OCCASION_WITHIN_DAYS = 90
OTHERWISE_DAYS = 30


def is_still_secret(*, secret_until_date: date | None, today: date) -> bool:
    """Return whether a gift must still not be seen by the person it is for.

    On the recipient's own archive (profile, timeline, pieces, lists, exports, messages, words to say) a secret gift
    does not exist; on the buyer's it stands with its day. The day itself is no secret any more.

    Units:  days of the shop that sold it; None is no secret.
    Source: the product's row K6.
    """
    return secret_until_date is not None and today < secret_until_date


def secret_until(*, occasions: Iterable[date], bought: date) -> date:
    """Return the day until which a gift is kept secret when nobody says: the recipient's next occasion, else 30 days.

    Units:  days; `occasions` are coming days of the recipient's, of which only those after the day it was bought and
            at most 90 days away count.
    """
    last = bought + timedelta(days=OCCASION_WITHIN_DAYS)
    coming = [day for day in occasions if bought < day <= last]
    return min(coming, default=bought + timedelta(days=OTHERWISE_DAYS))
