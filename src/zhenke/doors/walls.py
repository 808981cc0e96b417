"""What stands before every view: who may use which route, the viewer's words and hours, and pages for refusals.

Order of the walls for one request: the route must have a row in the permission table; a closed route looks absent; the
caller must be signed in (pages) or hold a token (programs); the method must be served; the role must be named.
Whether this very object is the caller's is asked behind the wall, by the query.
"""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from zhenke.basics.clock import now
from zhenke.basics.errors import NotAllowed, NotFound, ZhenkeError
from zhenke.doors.api.errors import address_of_merged, problem, problem_of
from zhenke.doors.hosts import UnkeepableText, is_members, is_unkeepable
from zhenke.doors.permissions import ANONYMOUS, ROUTES, Row, UndeclaredRoute
from zhenke.doors.words_errors import sentence_of, status_of
from zhenke.staff.models import StaffMember
from zhenke.staff.operations import note_use
from zhenke.staff.queries import token_for

Answer = Callable[[HttpRequest], HttpResponseBase]
_PAGES = {404: "404.html", 403: "403.html"}
PROGRAMS_LIVE_AT = "/api/"


class Walls:
    """The middleware; Django asks `process_view` before each view and `process_exception` when one raises."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_members(request):
            return self._answer(request)
        # The very person, not a stand-in that looks again at each touch: a page touches its viewer hundreds of times.
        request.user = get_user(request)
        with timezone.override(_hours_of(request)):
            response = self._answer(request)
        found = ROUTES.get(request.resolver_match.view_name) if request.resolver_match else None
        if found is None or not found.is_public:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: list[object], kwargs: Mapping[str, object]
    ) -> HttpResponseBase | None:
        """Return a refusal, or None to let the request in."""
        if is_members(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        declared = ROUTES.get(name)
        if declared is None:
            raise UndeclaredRoute(f"the route {name!r} ({request.path}) has no row in doors/permissions.py")
        if not declared.methods:
            return refusal_page(request, NotFound())
        if declared.scope:
            return _token_wall(request, declared)
        refused = _session_wall(request, declared)
        return refusal_page(request, UnkeepableText()) if refused is None and is_unkeepable(request) else refused

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Turn one of the four refusals into its page; everything else is a fault of ours and stays one."""
        if isinstance(fault, ZhenkeError) and status_of(fault) is not None and not is_members(request):
            return refusal_page(request, fault)
        return None


def walls(answer: Answer) -> Walls:
    """Return the middleware."""
    return Walls(answer)


def refusal_page(request: HttpRequest, refusal: ZhenkeError) -> HttpResponseBase:
    """Answer a refusal to a person: a page, or for htmx a sentence that is shown over the page that stays.

    A program, known by its address, reads a problem instead.
    """
    if request.path.startswith(PROGRAMS_LIVE_AT):
        return problem_of(refusal)
    moved_to = address_of_merged(request, refusal)
    if moved_to and request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(moved_to)
    status = status_of(refusal) or HTTPStatus.INTERNAL_SERVER_ERROR
    words = sentence_of(refusal)
    if getattr(request, "htmx", False):
        toast = {"toast": {"text": words, "level": "late"}}
        return HttpResponse(status=status, headers={"HX-Reswap": "none", "HX-Trigger": json.dumps(toast)})
    return render(request, _PAGES.get(status, "refusal.html"), {"sentence": words, "status": status}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that does not exist, the same as one that is not the caller's."""
    return refusal_page(request, NotFound())


def _hours_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """Speak the signed-in person's language from here on, and return their shop's time zone."""
    member = request.user
    if not isinstance(member, StaffMember):
        return None
    if member.language:
        translation.activate(member.language)
        request.LANGUAGE_CODE = translation.get_language()
    return zoneinfo.ZoneInfo(member.shop.time_zone)


def _session_wall(request: HttpRequest, declared: Row) -> HttpResponseBase | None:
    who = declared.who(request.method or "")
    member = request.user
    if not isinstance(member, StaffMember):
        return None if who and ANONYMOUS in who else _to_sign_in(request)
    if who is None:
        return HttpResponseNotAllowed(sorted(declared.methods))
    if member.role in who:
        return None
    # Pages for strangers (the second step of signing in) have nothing for somebody who is in already.
    return _to(request, "/") if who == {ANONYMOUS} else refusal_page(request, NotAllowed())


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if getattr(request, "htmx", False) or request.method != "GET":
        return _to(request, reverse("account_login"))
    return redirect_to_login(request.get_full_path())


def _to(request: HttpRequest, address: str) -> HttpResponseBase:
    if getattr(request, "htmx", False):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _token_wall(request: HttpRequest, declared: Row) -> HttpResponseBase | None:
    """Let a program in by its token: `request.user` is then the account it acts as, `request.token` the token."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    at = now()
    token = token_for(secret=secret.strip(), now=at) if kind.lower() == "bearer" else None
    if token is None:
        return problem("token_missing", headers={"WWW-Authenticate": "Bearer"})
    who = declared.who(request.method or "")
    if who is None:
        allowed = ", ".join(sorted(declared.methods))
        return problem("method_not_allowed", allowed=allowed, headers={"Allow": allowed})
    wanted = f"{declared.scope}:{'read' if request.method in {'GET', 'HEAD'} else 'write'}"
    if token.acts_as.role not in who or wanted not in token.scopes:
        return problem("scope_missing", scope=wanted)
    note_use(token=token, now=at)
    request.user = token.acts_as
    request.token = token  # type: ignore[attr-defined]
    return None
