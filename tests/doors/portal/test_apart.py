"""The member site is a door of its own: hosts, cookies, sessions and addresses of the two sides never mix."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import World
from tests.doors.portal.conftest import HOST, phone
from tests.doors.test_headers import faults_of, inline_faults_of
from zhenke.customers.models import MemberSession
from zhenke.doors.checks import every_route
from zhenke.doors.permissions import ANONYMOUS
from zhenke.doors.permissions import ROUTES as STAFF_ROUTES
from zhenke.doors.portal.permissions import MEMBER, ROUTES, UNPROVED
from zhenke.staff.queries import token_hash

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def member_routes() -> list[tuple[str, str]]:
    """Return name and address of every route of the member site."""
    found = []
    for route in every_route(settings.PORTAL_URLCONF):
        address = "/" + re.sub(r"<str:reference>", "0" * 24, str(route.pattern.pattern))
        found.append((route.name, address))
    return found


class TestHosts:
    def test_no_staff_address_answers_on_the_member_sites_host(self, world: World) -> None:
        staff = Client(headers={"host": HOST})
        staff.force_login(world.cast.zhu)
        for address in ("/customers/", "/settings/", "/accounts/login/", "/api/v1/openapi.json", "/reception/", "/me/"):
            assert staff.get(address).status_code == 404, address
        assert staff.get("/").status_code == 303 and staff.get("/")["Location"] == "/sign-in/"

    def test_no_address_of_members_answers_on_the_staffs_host(self, mrs_zhou: Client) -> None:
        names = {route.name for route in every_route()}
        assert not [name for name, _ in member_routes() if name in names or name in STAFF_ROUTES]
        for address in ("/sign-in/", "/mine/", "/consent/", "/card/code/"):
            assert mrs_zhou.get(address, headers={"host": "localhost"}).status_code == 404, address

    def test_a_staff_session_is_no_member_session_nor_conversely(self, world: World, mrs_zhou: Client) -> None:
        session = mrs_zhou.cookies["zhenke_member_session"].value
        thief = Client(headers={"host": "localhost"})
        thief.cookies[settings.SESSION_COOKIE_NAME] = session
        assert "/accounts/login/" in thief.get("/")["Location"]
        staff = Client()
        staff.force_login(world.cast.zhu)
        other = phone()
        other.cookies["zhenke_member_session"] = staff.cookies[settings.SESSION_COOKIE_NAME].value
        assert other.get("/")["Location"] == "/sign-in/"

    def test_a_programs_token_opens_nothing(self, world: World) -> None:
        assert phone(authorization="Bearer x").get("/mine/").status_code == 303

    def test_sets_no_cookie_of_the_staffs(self, mrs_zhou: Client) -> None:
        mrs_zhou.get("/mine/")
        names = set(mrs_zhou.cookies)
        assert settings.SESSION_COOKIE_NAME not in names and settings.CSRF_COOKIE_NAME not in names
        assert "zhenke_member_csrf" in names

    def test_a_form_of_another_page_is_refused(self, world: World) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"host": HOST, "accept-language": "en"})
        assert strict.post("/sign-in/", {"contact": "13800138000"}).status_code == 403
        page = strict.get("/sign-in/").content.decode()
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        given = {"contact": "13800138000", "csrfmiddlewaretoken": token}
        assert strict.post("/sign-in/", given).status_code == 302

    def test_a_host_of_no_door_is_refused(self) -> None:
        assert Client(headers={"host": "evil.example"}).get("/").status_code == 400
        assert phone(**{"x-forwarded-host": "localhost"}).get("/customers/").status_code == 404


class TestMatrix:
    def test_every_route_has_a_row_and_every_row_a_route(self) -> None:
        assert {name for name, _ in member_routes()} == set(ROUTES)

    def test_serves_each_caller_what_the_table_says_and_nothing_else(
        self, world: World, signed_in: Callable[..., Client], codes: object
    ) -> None:
        callers = {MEMBER: signed_in(), ANONYMOUS: phone()}
        unproved = phone()
        unproved.cookies["zhenke_member_session"] = _unproved(world)
        callers[UNPROVED] = unproved
        wrong, cells = [], 0
        for name, address in member_routes():
            for caller, client in callers.items():
                for method in METHODS:
                    if (name, method) in {("member_sign_out", "POST"), ("member_known", "POST")}:
                        continue  # they end the callers; test_sign_in.py asks them
                    status = client.generic(method, address).status_code
                    who = ROUTES[name].who(method)
                    expected = {405} if who is None else {303} if caller not in who else {200, 302, 404, 409, 422}
                    wrong += [(name, caller, method, status)] if status not in expected else []
                    cells += 1
        assert wrong == [] and cells > 250

    def test_its_answers_stand_behind_the_same_walls(self, mrs_zhou: Client) -> None:
        wrong = []
        for name, address in member_routes():
            for client in (mrs_zhou, phone()):
                answer = client.get(address, secure=True)
                faults = faults_of(answer, is_public=ROUTES[name].is_public)
                if answer["Content-Type"].startswith("text/html"):
                    faults += inline_faults_of(answer)
                wrong += [(name, answer.status_code, fault) for fault in faults]
        assert wrong == []

    def test_no_address_has_a_parameter_that_is_a_key(self) -> None:
        parameters = {parameter for route in every_route(settings.PORTAL_URLCONF) for parameter in route.parameters}
        assert parameters == {"reference"}


def _unproved(world: World) -> str:
    """Open a session that has not said what is asked yet, and return its secret."""

    MemberSession.objects.create(
        customer=world.cast.mr_zhou,
        token_hash=token_hash("half"),
        device_hash="",
        contact_index="",
        opened_at=NOW,
        expires_at=NOW.replace(year=2027),
        free_from_at=NOW,
        proved_at=NOW,
    )
    return "half"
