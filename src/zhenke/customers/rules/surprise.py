"""The surprise guard: a gift stays hidden on its recipient's archive until its day."""

from __future__ import annotations

from datetime import date


def is_still_secret(*, secret_until_date: date | None, today: date) -> bool:
    """Return whether a gift must still not be seen by the person it is for.

    On the recipient's own archive (profile, timeline, pieces, lists, exports, messages, words to say) a secret gift
    does not exist; on the buyer's it stands with its day. The day itself is no secret any more.

    Units:  days of the shop that sold it; None is no secret.
    Source: the product's row K6.
    """
    return secret_until_date is not None and today < secret_until_date
