"""What may be held, and how long."""

from __future__ import annotations

from datetime import date

from zhenke.basics.errors import BadInput

# Kinds of what the night takes away by itself, as they stand in doors/defaults/retention.py.
HELD_KINDS = ("prospects", "silent_members", "children_asked", "import_rejects", "sign_up_links")
LONGEST_YEARS = 30
LONGEST_REASON = 200


class HoldWrong(BadInput):
    """A hold names a customer or a kind, a reason, and a day to come. Facts: `field`."""

    code = "hold_wrong"
    message = "Say what is held, why, and until which day: check {field}."


def checked_hold(*, has_customer: bool, kind: str, reason: str, until_date: date, today: date) -> str:
    """Return the reason as it is kept.

    Errors: HoldWrong.
    """
    if has_customer == bool(kind) or (kind and kind not in HELD_KINDS):
        raise HoldWrong(field="kind")
    kept = " ".join(reason.replace("\x00", "").split())
    if not 0 < len(kept) <= LONGEST_REASON:
        raise HoldWrong(field="reason")
    if not today <= until_date <= date(today.year + LONGEST_YEARS, 12, 31):
        raise HoldWrong(field="until_date")
    return kept
