"""Start-up checks of the doors: every route has a row in the permission table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from zhenke.doors.permissions import ROUTES
from zhenke.doors.portal.permissions import ROUTES as MEMBER_ROUTES


@dataclass(frozen=True)
class Route:
    """One route: its full name with namespaces ("" if it has none), and the parameters in its address."""

    name: str
    parameters: tuple[str, ...]
    pattern: URLPattern


def every_route(urlconf: str | None = None) -> Iterator[Route]:
    """Yield every route of the URL map, those of included maps too: the staff's, or that of another door."""
    yield from _walk(get_resolver(urlconf), (), ())


def _walk(resolver: URLResolver, spaces: tuple[str, ...], above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, parameters)
        else:
            yield Route(":".join((*spaces, pattern.name)) if pattern.name else "", parameters, pattern)


def routes_have_rows(app_configs: Sequence[AppConfig] | None = None, **_: object) -> list[CheckMessage]:
    """Return an error for each route that the permission table does not know."""
    staff: list[CheckMessage] = [
        Error(
            f"the route {route.name or str(route.pattern.pattern)!r} has no row in doors/permissions.py",
            id="zhenke.E001",
        )
        for route in every_route()
        if route.name not in ROUTES
    ]
    members: list[CheckMessage] = [
        Error(f"the route {route.name!r} has no row in doors/portal/permissions.py", id="zhenke.E002")
        for route in every_route(settings.PORTAL_URLCONF)
        if route.name not in MEMBER_ROUTES
    ]
    return [*staff, *members]
