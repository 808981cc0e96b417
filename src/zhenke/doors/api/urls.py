"""Addresses of the door for programs, each behind the limits that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from zhenke.doors.api.access import over_budget
from zhenke.doors.api.contract import api, offered
from zhenke.doors.api.errors import busy, problem
from zhenke.doors.api.reading import is_text
from zhenke.doors.api.repeats import SAFE
from zhenke.doors.uploads import is_too_large, upload_limit

LARGEST_JSON = 1 << 20
View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Put the limits before a view: budget, size, type, and nothing but what the contract offers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = over_budget(request) or _unfit(request)
        if refusal is not None:
            return refusal
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        try:
            return view(request, *args, **kwargs)
        except OperationalError:  # the database did not let the call in, or not out: nothing was done
            return busy()
        finally:
            request.method = method

    return guarded


def _unfit(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of a call that is too large, of another type, or says more than is offered."""
    route = request.resolver_match.route if request.resolver_match else ""
    query, form = offered("GET" if request.method == "HEAD" else request.method or "", route)
    extra = sorted(set(request.GET) - query)
    if extra:
        return _extra("query", extra)
    if not all(is_text(value) for values in request.GET.lists() for value in values[1]):
        return problem("body_unreadable", reason="the query holds a character that is no text")
    if request.method in SAFE:
        return None
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        return problem("length_missing")  # a body of unknown length would be read as none
    if form:
        return _unfit_form(request, form)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_JSON:
        return problem("body_too_large", limit_bytes=LARGEST_JSON)
    if request.content_type != "application/json":
        return problem("content_type_wrong", wanted="application/json")
    return None


def _unfit_form(request: HttpRequest, form: frozenset[str]) -> HttpResponse | None:
    if is_too_large(request):
        return problem("body_too_large", limit_bytes=upload_limit())
    if request.content_type != "multipart/form-data":
        return problem("content_type_wrong", wanted="multipart/form-data")
    extra = sorted({*request.POST, *request.FILES} - form)
    if extra:
        return _extra("form", extra)
    if not all(is_text(value) for values in request.POST.lists() for value in values[1]):
        return problem("body_unreadable", reason="the form holds a character that is no text")
    return None


def _extra(where: str, names: list[str]) -> HttpResponse:
    errors = [{"at": f"{where}.{name[:60]}", "problem": "Extra inputs are not permitted"} for name in names[:20]]
    return problem("body_wrong", errors=errors)


def _limited_all(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = limited(pattern.callback)
    return patterns


_patterns, app_name, namespace = api.urls
urlpatterns = _limited_all(_patterns)
