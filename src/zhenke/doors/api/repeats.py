"""Every unsafe call may be sent again: one effect, and the same answer as the first time (promise P11).

1. Without an `Idempotency-Key` nothing begins. 2. A transaction opens and holds the key, so that of two twins one
works: on PostgreSQL the other is told so (409), on SQLite, where writers queue, it waits and reads the answer. 3. An
answer kept under (token, endpoint, key) is given again if the call is the same one, and refused (422) if it is another.
4. Else the call is made. What succeeded is kept in the same transaction as its effect: neither is ever there without
the other. What was refused, or failed, is rolled back and leaves nothing behind: it may be mended and sent again.

Because nothing is written before the effect, a process that dies leaves no call marked as running.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zhenke.basics.clock import now
from zhenke.doors.api.access import TokenCall
from zhenke.doors.api.errors import problem
from zhenke.doors.api.reading import BodyUnreadable, json_of
from zhenke.staff.models import StoredReply
from zhenke.staff.operations.replies import hold_call, keep_reply
from zhenke.staff.queries import kept_reply

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_BLOCK = 1 << 20
View = Callable[..., HttpResponseBase]


def once(view: View) -> View:
    """Make an unsafe call safe to repeat; see the module's words."""

    @wraps(view)
    def repeatable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE:
            return view(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            return problem("idempotency_key_missing")
        call = cast(TokenCall, request)
        route = request.resolver_match.route if request.resolver_match else request.path
        slot = {"credential": str(call.token.pk), "endpoint": f"{request.method} {route}", "key": key}
        sent = fingerprint(request)
        with transaction.atomic():
            if not hold_call(**slot):
                return problem("call_running", headers={"Retry-After": "1"})
            kept = kept_reply(**slot)
            if kept is not None:
                return _again(kept, sent)
            answer = cast(HttpResponse, view(request, *args, **kwargs))
            if answer.status_code >= 400:
                transaction.set_rollback(True)
                return answer
            keep_reply(
                **slot,
                request_hash=sent,
                status=answer.status_code,
                body=answer.content.decode(),
                content_type=answer["Content-Type"],
                now=now(),
                about=_about(request),
            )
        return answer

    return repeatable


def _about(request: HttpRequest) -> int | None:
    """Return the key that stands in the address of a call: whose answer this is, when she is to be forgotten."""
    given = request.resolver_match.kwargs.values() if request.resolver_match else ()
    keys = [int(one) for one in map(str, given) if one.isascii() and one.isdecimal() and len(one) < 20]
    return next((key for key in keys if key < 1 << 63), None)


def fingerprint(request: HttpRequest) -> str:
    """Return what tells one call from another under the same key: address and parameters, not how they were spaced.

    Units:  64 hex digits of SHA-256.
    """
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        fields = sorted((name, request.POST.getlist(name)) for name in request.POST)
        digest.update(json.dumps(fields).encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                digest.update(f"\n{name} {file.name} {file.size}\n".encode())
                for chunk in file.chunks(_BLOCK):
                    digest.update(chunk)
                file.seek(0)
        return digest.hexdigest()
    try:
        digest.update(json.dumps(json_of(request.body), sort_keys=True).encode())
    except BodyUnreadable:  # refused in a moment by the one who reads it, with its sentence
        digest.update(request.body)
    return digest.hexdigest()


def _again(kept: StoredReply, sent: str) -> HttpResponse:
    if kept.request_hash != sent:
        return problem("idempotency_key_reused")
    headers = {"Idempotency-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, content_type=kept.content_type, headers=headers)
