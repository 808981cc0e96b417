"""What stands before every view of the member site: who asks, whether the route is theirs, and pages for refusals."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound, ZhenkeError
from zhenke.customers.queries.members import Member, member_of
from zhenke.doors.hosts import UnkeepableText, is_members, is_unkeepable, member_cookie
from zhenke.doors.permissions import ANONYMOUS, UndeclaredRoute
from zhenke.doors.portal.permissions import MEMBER, ROUTES, UNPROVED
from zhenke.doors.words_errors import sentence_of, status_of

Answer = Callable[[HttpRequest], HttpResponseBase]
SESSION, DEVICE, TRY = (member_cookie(name) for name in ("session", "device", "try"))


class MemberWalls:
    """The middleware of the member site; requests of other hosts pass it untouched."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_members(request):
            return self._answer(request)
        token = request.COOKIES.get(SESSION, "")
        member = member_of(token=token, now=now())
        request.member, request.token = member, token if member else ""  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(member.customer.shop.time_zone) if member else None):
            answer = self._answer(request)
        found = ROUTES.get(request.resolver_match.view_name) if request.resolver_match else None
        if found is None or not found.is_public:
            answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: list[object], kwargs: Mapping[str, object]
    ) -> HttpResponseBase | None:
        """Return a refusal, or None to let the request in."""
        if not is_members(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        declared = ROUTES.get(name)
        if declared is None:
            raise UndeclaredRoute(f"the route {name!r} ({request.path}) has no row in doors/portal/permissions.py")
        who = declared.who(request.method or "")
        if who is None:
            return HttpResponseNotAllowed(sorted(declared.methods))
        caller = caller_of(request.member)  # type: ignore[attr-defined]
        if caller not in who:
            return _elsewhere(request, caller)
        return refusal_page(request, UnkeepableText()) if is_unkeepable(request) else None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Turn one of the four refusals into its page; everything else is a fault of ours and stays one."""
        if is_members(request) and isinstance(fault, ZhenkeError) and status_of(fault) is not None:
            return refusal_page(request, fault)
        return None


def member_walls(answer: Answer) -> MemberWalls:
    """Return the middleware."""
    return MemberWalls(answer)


def caller_of(member: Member | None) -> str:
    """Return who asks, as the permission table calls it."""
    if member is None:
        return ANONYMOUS
    return MEMBER if member.is_known else UNPROVED


def refusal_page(request: HttpRequest, refusal: ZhenkeError) -> HttpResponse:
    """Answer a refusal with a page in one sentence."""
    status = status_of(refusal) or HTTPStatus.INTERNAL_SERVER_ERROR
    words = {"sentence": sentence_of(refusal), "status": status}
    return render(request, "portal/refusal.html", words, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist, the same as one that is not the member's."""
    return refusal_page(request, NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours."""
    return render(request, "portal/broken.html", {}, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _elsewhere(request: HttpRequest, caller: str) -> HttpResponseBase:
    """Send who asks where she may go: to sign in, to say what she knows, or home."""
    place = {ANONYMOUS: "member_sign_in", UNPROVED: "member_known"}.get(caller, "member_card")
    if "HX-Request" in request.headers:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Refresh": "true"})
    answer = redirect(place)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer
