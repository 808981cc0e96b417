"""Every refusal that a program reads: problem+json with a stable code, an English sentence and plain facts.

The four error classes of the rooms carry their own codes; `DOOR` are those of the door itself.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhenke.basics.errors import NotFound, ZhenkeError
from zhenke.customers.queries.archive import CustomerMerged
from zhenke.doors.words_errors import status_of

CONTENT_TYPE = "application/problem+json"
LARGEST_EXACT = 2**53
_log = logging.getLogger("zhenke.api")

DOOR: dict[str, tuple[int, str]] = {
    "token_missing": (401, "Send a valid token: Authorization: Bearer …"),
    "scope_missing": (403, "This token does not have the scope {scope}."),
    "method_not_allowed": (405, "This address does not take this method; it takes {allowed}."),
    "length_missing": (411, "Send the body with its Content-Length, not in chunks."),
    "body_too_large": (413, "The body is larger than {limit_bytes} bytes."),
    "content_type_wrong": (415, "Send {wanted}."),
    "body_unreadable": (422, "The body cannot be read: {reason}."),
    "body_wrong": (422, "The call does not fit the contract; see errors."),
    "idempotency_key_missing": (422, "Send an Idempotency-Key header of 1 to 200 printable ASCII characters."),
    "idempotency_key_reused": (422, "This Idempotency-Key was used for another call; use a new one for a new call."),
    "call_running": (409, "The same call is still at work; send it again in a moment."),
    "over_budget": (429, "This token has used its {calls} calls a minute; go on in {seconds} seconds."),
    "busy": (503, "The database is busy; nothing was done. Send the same call again."),
    "fault": (500, "This is a fault of ours; nothing was done. Send the same call again later."),
}


def problem(code: str, *, headers: Mapping[str, str] | None = None, **facts: object) -> HttpResponse:
    """Return the answer for one of the door's own codes."""
    status, sentence = DOOR[code]
    words = sentence.format(**facts)
    return _answer(status, code, words, facts, headers or {})


def problem_of(refusal: ZhenkeError) -> HttpResponse:
    """Return the answer for a refusal of a room; one that is none of the four classes is a fault of ours."""
    status = status_of(refusal)
    if status is None:
        return problem("fault")
    if isinstance(refusal, NotFound):
        # What does not exist and what is not the caller's must not differ by a byte.
        return _answer(404, "not_found", NotFound.message, {}, {})
    return _answer(status, refusal.code, refusal.message, refusal.facts, {})


def register(api: NinjaAPI) -> None:
    """Make the router answer with problems whatever goes wrong inside a call."""
    api.add_exception_handler(ZhenkeError, _refused)
    api.add_exception_handler(ValidationError, _misfit)
    api.add_exception_handler(HttpError, _unread)
    api.add_exception_handler(Http404, _absent)
    api.add_exception_handler(OperationalError, _busy)
    api.add_exception_handler(Exception, _fault)


def busy() -> HttpResponse:
    """Return the answer when the database did not let the call in; nothing was done."""
    return problem("busy", headers={"Retry-After": "1"})


def _answer(
    status: int, code: str, title: str, facts: Mapping[str, object], headers: Mapping[str, str]
) -> HttpResponse:
    plain = {name: _plain(value) for name, value in facts.items()}
    body = {"type": f"urn:zhenke:problem:{code}", "title": title, "status": status, "code": code, "facts": plain}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers))


def _plain(value: object) -> object:
    """Return a fact as JSON holds it; keys are larger than what every reader keeps exactly, so they go as text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < LARGEST_EXACT else str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)


def address_of_merged(request: HttpRequest, refusal: ZhenkeError) -> str:
    """Return the same address for the archive that an asked one was merged into, "" if nothing was merged.

    Only who may see the archive that stays is told: `customer_for` looks before it says so.
    """
    asked = request.resolver_match.kwargs.get("customer_id") if request.resolver_match else None
    if not isinstance(refusal, CustomerMerged) or asked is None:
        return ""
    return request.get_full_path().replace(str(asked), str(refusal.facts["merged_into"]), 1)


def _refused(request: HttpRequest, refusal: ZhenkeError | type[ZhenkeError]) -> HttpResponse:
    refused = refusal if isinstance(refusal, ZhenkeError) else refusal()
    moved_to = address_of_merged(request, refused)
    if moved_to:
        # 308 has the same call sent again with its body.
        status = 301 if request.method in ("GET", "HEAD") else 308
        facts = {"merged_into": str(refused.facts["merged_into"])}
        return _answer(status, refused.code, refused.message, facts, {"Location": moved_to})
    return problem_of(refused)


def _misfit(request: HttpRequest, wrong: ValidationError | type[ValidationError]) -> HttpResponse:
    """Say which fields do not fit and why; what was sent is not sent back."""
    found = getattr(wrong, "errors", [])
    errors = [{"at": ".".join(str(step) for step in one["loc"]), "problem": str(one["msg"])} for one in found[:20]]
    return problem("body_wrong", errors=errors)


def _unread(request: HttpRequest, wrong: HttpError | type[HttpError]) -> HttpResponse:
    cause = getattr(wrong, "__cause__", None)
    return problem("body_unreadable", reason=str(cause) if isinstance(cause, ValueError) else "it is no JSON")


def _absent(request: HttpRequest, wrong: Http404 | type[Http404]) -> HttpResponse:
    return problem_of(NotFound())


def _busy(request: HttpRequest, wrong: OperationalError | type[OperationalError]) -> HttpResponse:
    _log.warning("busy: %s", wrong)
    return busy()


def _fault(request: HttpRequest, wrong: Exception | type[Exception]) -> HttpResponse:
    _log.error("fault in %s %s", request.method, request.path, exc_info=wrong if isinstance(wrong, Exception) else None)
    return problem("fault")
