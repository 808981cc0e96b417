"""What one message is: who, for what, because of what; the same intent twice is one message."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from zhenke.basics.errors import BadInput

# Channels that go out by themselves. A new one is a folder under messaging/channels.
CHANNELS = ("sms", "email")
# What a channel needs of the archive.
CONTACT_OF = {"sms": "phone", "email": "email"}
# "code": one-time codes, asked for by the customer this moment; they know no quiet hours.
KINDS = ("code", "service", "care", "marketing")
PURPOSES = ("service", "care", "marketing")
DEFAULT_USE = timedelta(days=7)
"""Without an end of its own a message is old after a week: nothing old goes out when a channel comes back."""
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_OCCURRENCE = re.compile(r"[A-Za-z0-9_.:-]{0,60}")


class MessageWrong(BadInput):
    """An intent that cannot be one. Facts: `field`."""

    code = "message_wrong"
    message = "The message cannot be taken as it is: check the {field}."


def source_key(*, cause_kind: str, cause_id: int, customer_id: int, channel: str, occurrence: str) -> str:
    """Return the key of one intent. It is a hash: what it is made of stands in columns, and goes with them.

    Units:  64 hex digits; `channel` is "" when the customer's order decides.
    """
    parts = (cause_kind, str(cause_id), str(customer_id), channel, occurrence)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def checked_intent(*, purpose: str, kind: str, channel: str, cause_kind: str, occurrence: str) -> None:
    """Do nothing if these make an intent.

    Errors: MessageWrong.
    """
    wrong = {
        "purpose": purpose not in PURPOSES,
        "kind": kind not in KINDS or (kind == "marketing") != (purpose == "marketing"),
        "channel": channel not in ("", *CHANNELS),
        "cause_kind": not _CODE.fullmatch(cause_kind),
        "occurrence": not _OCCURRENCE.fullmatch(occurrence),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise MessageWrong(field=field)


def use_until(*, use_by: datetime | None, due_at: datetime) -> datetime:
    """Return until when a message is worth sending: what was given, else a week after it falls due.

    Errors: MessageWrong if it would be over before it begins.
    """
    until = use_by or due_at + DEFAULT_USE
    if until <= due_at:
        raise MessageWrong(field="use_by")
    return until
