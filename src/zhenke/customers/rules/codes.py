"""Short codes that rooms and tills exchange: kinds, results, keys of traits."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z0-9][a-z0-9_.]*")

# What came of a contact; the words on screen live in doors. Other codes of this form are taken too, because care plans
# and tills bring their own.
RESULTS = ("reached", "no_answer", "busy", "wrong_number", "replied", "booked", "bought", "not_now", "refused")
# A contact that reached nobody prompts no sale.
UNREACHED = ("no_answer", "busy", "wrong_number")


def is_code(text: str, *, longest: int) -> bool:
    """Return whether the text is a short code: small letters, digits, "_" and "." """
    return len(text) <= longest and _CODE.fullmatch(text) is not None
