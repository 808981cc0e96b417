"""Which link lets a customer write herself down."""

from __future__ import annotations

import hmac
from datetime import datetime

from zhenke.customers.models import SignUpLink
from zhenke.staff.models import Viewer
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import May

_LONGEST_KEY = 16  # hex digits of a key
MOST_USES = 300


def live_sign_up(*, token: str, now: datetime) -> SignUpLink | None:
    """Return the link that a token opens, with its shop and advisor; None if unknown, ended, used up, or its advisor
    has left.

    The row is found by its key, and the secret compared in a time that does not tell how much of it is right; where
    there is no row, something is compared as well.

    Sees:   no viewer: who holds the link may write, and is shown nothing of anybody.
    Shape:  one SQL query.
    """
    key, _, secret = token.partition(".")
    is_key = 0 < len(key) <= _LONGEST_KEY and all(sign in "0123456789abcdef" for sign in key)
    number = int(key, 16) if is_key else 0
    rows = SignUpLink.objects.select_related("shop", "advisor__shop")
    found = rows.filter(pk=number).first() if 0 < number < 2**63 else None
    kept = found.token_hash if found else token_hash("")
    if not hmac.compare_digest(kept, token_hash(secret)) or found is None:
        return None
    is_live = found.closed_at is None and found.expires_at > now and found.used < MOST_USES
    return found if is_live and found.advisor.may(May.EDIT_CUSTOMERS) else None


def open_sign_ups(*, viewer: Viewer, now: datetime) -> list[SignUpLink]:
    """Return the viewer's own links that are still open, the newest first.

    Sees:   one's own only.
    """
    rows = SignUpLink.objects.filter(advisor=viewer.id, closed_at=None, expires_at__gt=now)
    return list(rows.order_by("-made_at", "-id"))
