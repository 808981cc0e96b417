"""What the SMS provider tells: receipts of messages and answers of people, signed; an unsigned call gets nothing."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound
from zhenke.doors.api.errors import problem
from zhenke.doors.budget import Budget
from zhenke.journeys.receive_reply import receive_receipt, receive_reply
from zhenke.messaging.channels.sms.notices import (
    MOST_AT_ONCE,
    NoticeUnreadable,
    NoticeUnsigned,
    check_signature,
    receipts_of,
    replies_of,
)
from zhenke.settings import INSTALLATION

LARGEST_BODY = 1 << 20
CALLS_A_MINUTE = 600
CHANNEL = "sms"
BUDGET = Budget()


@csrf_exempt  # a program calls; the signature stands in for the form's secret
def sms_hook(request: HttpRequest, told: str) -> HttpResponse:
    """Take a list of receipts or of answers; the same notice twice has one effect.

    Errors: NoticeUnsigned; NoticeUnreadable, before anything of the list is written; NotFound for another kind.
    """
    seconds = BUDGET.seconds_to_wait(str(request.META.get("REMOTE_ADDR", "")), calls=CALLS_A_MINUTE)
    if seconds:
        return problem("over_budget", calls=CALLS_A_MINUTE, seconds=seconds, headers={"Retry-After": str(seconds)})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return problem("body_too_large", limit_bytes=LARGEST_BODY)
    if request.content_type != "application/json":
        raise NoticeUnsigned  # a form was read by the walls already; no provider of ours sends one
    body, at = request.body, now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    check_signature(headers=headers, body=body, secret=INSTALLATION.sms_callback_secret.get_secret_value(), now=at)
    if told == "receipts":
        for receipt in receipts_of(_rows(body)):
            receive_receipt(
                channel=CHANNEL,
                notice_key=receipt.notice_key,
                attempt_id=receipt.attempt_id,
                provider_key=receipt.provider_key,
                is_delivered=receipt.is_delivered,
                at=receipt.at,
                now=at,
            )
    elif told == "replies":
        for reply in replies_of(_rows(body)):
            receive_reply(
                channel=CHANNEL, notice_key=reply.notice_key, phone=reply.phone, words=reply.words, at=reply.at, now=at
            )
    else:
        raise NotFound
    return JsonResponse({"code": 0, "msg": "OK"})  # in the provider's own form


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        raise NoticeUnreadable from None
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE or not all(isinstance(row, dict) for row in rows):
        raise NoticeUnreadable
    return rows
