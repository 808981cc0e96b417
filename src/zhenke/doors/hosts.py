"""Which door a host name leads to: the member site has a name, cookies and addresses of its own.

On the member site's host no staff session, no program's token and no staff address answers, and on every other host no
member's. A browser keeps the cookies of two hosts apart by itself; here each side's are dropped on the other besides,
for whoever puts both names on one machine behind a careless proxy.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.csrf import csrf_failure

from zhenke.basics.errors import BadInput
from zhenke.doors.uploads import is_too_large

Answer = Callable[[HttpRequest], HttpResponseBase]
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


class UnkeepableText(BadInput):
    """A text holds a sign that no database keeps: NUL, or half of a pair."""

    code = "text_unkeepable"
    message = "A text holds a sign that cannot be kept. Type it again."


def hosts(answer: Answer) -> Answer:
    """Return the middleware: it reads the host before anything reads a cookie."""
    forgery = settings.CSRF_COOKIE_NAME
    own = f"{settings.PORTAL_COOKIE_PREFIX}member_csrf"

    def by_host(request: HttpRequest) -> HttpResponseBase:
        if not is_members(request):
            for name in [name for name in request.COOKIES if name.startswith(member_cookie(""))]:
                del request.COOKIES[name]
            return answer(request)
        request.urlconf = settings.PORTAL_URLCONF
        for name in (settings.SESSION_COOKIE_NAME, forgery):
            request.COOKIES.pop(name, None)
        request.META.pop("HTTP_AUTHORIZATION", None)
        if own in request.COOKIES:
            request.COOKIES[forgery] = request.COOKIES.pop(own)
        response = answer(request)
        response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        if forgery in response.cookies:
            _renamed(response, forgery, own)
        return response

    return by_host


def is_members(request: HttpRequest) -> bool:
    """Return whether a request came to the member site's host; its port plays no part."""
    return bool(settings.PORTAL_HOST) and _name_of(request) == settings.PORTAL_HOST


def _name_of(request: HttpRequest) -> str:
    host = request.get_host().lower()
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def member_cookie(name: str) -> str:
    """Return the whole name of one of the member site's cookies."""
    return f"{settings.PORTAL_COOKIE_PREFIX}member_{name}"


def _renamed(response: HttpResponseBase, old: str, new: str) -> None:
    given = response.cookies.pop(old)
    response.cookies[new] = given.value
    for part, value in given.items():
        if value:
            response.cookies[new][part] = value


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not come from our own page, each side with its own page."""
    name = "portal/forged.html" if is_members(request) else "403_csrf.html"
    return csrf_failure(request, reason, template_name=name)


def is_unkeepable(request: HttpRequest) -> bool:
    """Return whether a word of the request holds a sign that no database keeps."""
    given = [request.GET] if is_too_large(request) else [request.GET, request.POST]
    return any(_UNKEEPABLE.search(text) for words in given for _, texts in words.lists() for text in texts)
