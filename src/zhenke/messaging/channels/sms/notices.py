"""What the provider tells of itself: receipts of messages and answers of people, in its own form (SmsReport, SmsUp).

Each notice is signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp` and `webhook-signature` over
`id.timestamp.body` with the secret that both sides know.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zhenke.basics.errors import BadInput, NotAllowed

WINDOW = timedelta(minutes=5)
MOST_AT_ONCE = 500
_ZONE = ZoneInfo("Asia/Shanghai")  # in which the provider writes its times


class NoticeUnsigned(NotAllowed):
    """The signature is missing, wrong or old: who calls is not the provider."""

    code = "notice_unsigned"
    message = "The notice is not signed as agreed, or is too old."


class NoticeUnreadable(BadInput):
    """The notice has not the form that was agreed."""

    code = "notice_unreadable"
    message = "The notice has not the form that was agreed."


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one SMS."""

    notice_key: str
    attempt_id: int | None
    provider_key: str
    is_delivered: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered. Whose phone, and the words, stand here alone."""

    notice_key: str
    phone: str = field(repr=False)
    words: str = field(repr=False)
    at: datetime


def check_signature(*, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    """Do nothing if a notice comes from who knows the secret, within five minutes of its time.

    Errors: NoticeUnsigned, also when no secret was set: then nobody can send any.
    """
    key, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not key or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        raise NoticeUnsigned
    if abs(datetime.fromtimestamp(int(stamp), UTC) - now) > WINDOW:
        raise NoticeUnsigned
    wanted = signature_of(key=key, stamp=stamp, body=body, secret=secret)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given[:5]):
        raise NoticeUnsigned


def signature_of(*, key: str, stamp: str, body: bytes, secret: str) -> str:
    """Return the signature of one notice."""
    signed = hmac.new(secret.encode(), f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def receipts_of(rows: list[dict[str, Any]]) -> list[Receipt]:
    """Return receipts as the rooms need them.

    Errors: NoticeUnreadable.
    """
    return [
        Receipt(
            notice_key=_key("receipt", row, "biz_id", "out_id", "report_time", "success"),
            attempt_id=_number(row.get("out_id")),
            provider_key=str(row.get("biz_id", ""))[:80],
            is_delivered=row.get("success") is True,
            at=_instant(row.get("report_time")),
        )
        for row in rows
    ]


def replies_of(rows: list[dict[str, Any]]) -> list[Reply]:
    """Return answers as the rooms need them.

    Errors: NoticeUnreadable.
    """
    return [
        Reply(
            notice_key=_key("reply", row, "sequence_id", "phone_number", "send_time"),
            phone=str(row.get("phone_number", ""))[:40],
            words=str(row.get("content", ""))[:1_000],
            at=_instant(row.get("send_time")),
        )
        for row in rows
    ]


def _key(kind: str, row: Mapping[str, Any], *names: str) -> str:
    """Return by what a notice is known again: a hash, because a phone may be among it."""
    told = "\n".join(str(row.get(name, "")) for name in names)
    return f"{kind}:{hashlib.sha256(told.encode()).hexdigest()}"


def _number(text: object) -> int | None:
    told = str(text or "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 20 and int(told) < 2**63 else None


def _instant(text: object) -> datetime:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_ZONE)
    except ValueError:
        raise NoticeUnreadable from None
