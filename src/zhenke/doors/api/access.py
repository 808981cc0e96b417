"""Who comes in, how much, and to whose things; the token itself is read by the walls before any of this.

A session opens nothing here: a browser that is signed in is not a program, and what a page may do, its forms do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.security import HttpBearer

from zhenke.basics.errors import NotFound, ZhenkeError
from zhenke.doors.api.errors import problem, problem_of
from zhenke.doors.budget import Budget
from zhenke.staff.models import ApiToken, StaffMember

View = Callable[..., HttpResponseBase]
Found = TypeVar("Found")
_LONGEST_KEY = 19


class TokenCall(HttpRequest):
    """A request that the walls let in: `user` is the account the token acts as, `found` what the address names."""

    user: StaffMember
    token: ApiToken
    found: Any


class TokenAuth(HttpBearer):
    """The contract's words for "send a token"; the walls have read it already, by `staff.queries.token_for`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token that the walls found."""
        return getattr(request, "token", None)


BUDGET = Budget()


def over_budget(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of a token that called too often, else None."""
    token: ApiToken | None = getattr(request, "token", None)
    if token is None:
        return None
    calls = int(settings.API_CALLS_A_MINUTE)
    seconds = BUDGET.seconds_to_wait(token.pk, calls=calls)
    if not seconds:
        return None
    return problem("over_budget", calls=calls, seconds=seconds, headers={"Retry-After": str(seconds)})


def key_of(text: str) -> int:
    """Return the key that a text in an address or a body writes. Errors: NotFound for what cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY and int(text) < 2**63):
        raise NotFound
    return int(text)


def theirs(parameter: str, query: Callable[..., object]) -> Callable[[View], View]:
    """Let a call go on only if the address names something that is the caller's, and hand it over as `request.found`.

    Asked before a word of the body is read, so that somebody else's key and a key of nobody answer alike.
    """

    def wall(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            call = cast(TokenCall, request)
            try:
                call.found = query(viewer=call.user, id=key_of(str(kwargs[parameter])))
            except ZhenkeError as refusal:
                return problem_of(refusal)
            return view(request, *args, **kwargs)

        return asked

    return wall
