"""Promise P29, browser walls: every route's answers carry them, whoever asks and whatever the answer is."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import PASSWORD, Cast
from tests.doors.matrix_world import ANONYMOUS, MAKERS, gather_world
from tests.doors.test_permission_matrix import SAMPLES, Desk, keys_of, undone
from zhenke.doors.checks import Route, every_route
from zhenke.doors.permissions import ROUTES
from zhenke.staff.rules import Role

A_YEAR = 31_536_000
_INLINE_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"<style(?![^>]*nonce)|<[a-z][^>]*\sstyle\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)


def faults_of(response: HttpResponse, *, is_public: bool = False) -> list[str]:
    """Return what an answer lacks."""
    policy = {
        part.split()[0]: part.split()[1:]
        for part in response.get("Content-Security-Policy", "").split(";")
        if part.strip()
    }
    age = re.search(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    faults = {
        "no policy": not policy,
        "unsafe policy": any(
            "unsafe" in word or word in {"*", "https:", "data:"} for word in policy.get("script-src", ["*"])
        ),
        "unsafe styles": any("unsafe" in word for word in policy.get("style-src", ["unsafe"])),
        "may be framed": policy.get("frame-ancestors") != ["'none'"] or response.get("X-Frame-Options") != "DENY",
        "plug-ins": policy.get("object-src") != ["'none'"] or policy.get("base-uri") != ["'none'"],
        "no HSTS of a year": age is None or int(age[1]) < A_YEAR,
        "type may be guessed": response.get("X-Content-Type-Options") != "nosniff",
        "may be kept": not is_public and "no-store" not in response.get("Cache-Control", ""),
    }
    return [name for name, is_so in faults.items() if is_so]


def inline_faults_of(response: HttpResponse) -> list[str]:
    """Return what of a page the policy would stop: it must need no exception."""
    page = response.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", response.get("Content-Security-Policy", ""))
    found = [f"handler {hit.group()[:80]}" for hit in _INLINE_HANDLER.finditer(page)]
    found += [f"style {hit.group()[:80]}" for hit in _INLINE_STYLE.finditer(page)]
    for script in _SCRIPT.finditer(page):
        attributes = script["attributes"]
        is_allowed = 'src="/static/' in attributes or 'type="application/json"' in attributes
        if not is_allowed and not (nonce and f'nonce="{nonce[1]}"' in attributes):
            found.append(f"script {script.group()[:80]}")
    return found


@pytest.mark.one_database
@pytest.mark.django_db
class TestHeaders:
    def test_stand_on_every_route_for_everybody(self, cast: Cast) -> None:
        world = gather_world(cast)
        desk = Desk(world)
        wrong: list[str] = []
        pages = 0
        callers = (Role.OWNER.value, Role.ADVISOR.value, Role.INTEGRATION.value, ANONYMOUS)
        for kind, caller in product(MAKERS, callers):  # before anything is undone, and they with it
            world.key(kind, "own", caller)
        for route in every_route():
            for caller in callers:
                for method in ("GET", "POST", "DELETE"):
                    with undone():
                        response = _ask(desk, route, caller, method)
                    faults = faults_of(response, is_public=ROUTES[route.name].is_public)
                    if response["Content-Type"].startswith("text/html") and not response.streaming:
                        pages += response.status_code == 200
                        faults += inline_faults_of(response)
                    wrong += [f"{method} {route.name} {caller} {response.status_code}: {fault}" for fault in faults]
        assert wrong == []
        assert pages > 20

    def test_stand_on_an_address_that_does_not_exist(self, cast: Cast, client: Client) -> None:
        assert faults_of(client.get("/nothing/here/", secure=True)) == []
        client.force_login(cast.mei)
        assert faults_of(client.get("/nothing/here/", secure=True)) == []

    def test_hand_a_fresh_nonce_to_every_page(self, client: Client, db: None) -> None:
        nonces = {
            re.search(r"nonce-([^']+)", client.get("/accounts/login/")["Content-Security-Policy"])[1] for _ in range(3)
        }  # type: ignore[index]
        assert len(nonces) == 3

    def test_let_cookies_travel_only_by_https_when_the_shop_says_https(
        self, cast: Cast, client: Client, settings
    ) -> None:  # type: ignore[no-untyped-def]
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        client.post("/accounts/login/", {"login": "mei", "password": PASSWORD}, secure=True)
        page = client.get("/me/", secure=True)
        kept = client.cookies[settings.SESSION_COOKIE_NAME]
        assert kept["secure"]
        assert kept["httponly"]
        assert kept["samesite"] == "Lax"
        assert page.status_code == 200

    def test_find_what_is_missing(self) -> None:
        bare = HttpResponse('<script>alert(1)</script><p onclick="x()" style="color:red">')
        assert len(faults_of(bare)) == 8
        assert len(inline_faults_of(bare)) == 3


def _ask(desk: Desk, route: Route, caller: str, method: str) -> HttpResponse:
    keys = {name: desk.world.key(kind, "own", caller) for name, kind in keys_of(route).items()}
    words = {name: SAMPLES[name] for name in route.parameters if name not in keys}
    path = reverse(route.name, kwargs={**words, **keys})
    return desk.response(RequestFactory().generic(method, path, secure=True), caller)
