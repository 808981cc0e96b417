"""What the walls say to people, to htmx and to programs."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from tests.cast import Cast
from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput, NotAllowed, NotFound, RuleBroken
from zhenke.doors import permissions
from zhenke.doors.permissions import ROUTES
from zhenke.staff.operations import add_staff, issue_token, let_go
from zhenke.staff.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
HTMX = {"HX-Request": "true"}
REFUSALS = {
    "not_found": (NotFound, 404),
    "not_allowed": (NotAllowed, 403),
    "broken": (RuleBroken, 409),
    "bad": (BadInput, 422),
}


def _refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name][0]


def _breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def _zone(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


def _program(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("refuse/<slug:name>/", _refuse, name="refuse"),
    path("breaks/", _breaks, name="breaks"),
    path("zone/", _zone, name="zone"),
    path("program/", _program, name="program"),
]
handler404 = "zhenke.doors.walls.not_found"


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare the routes above."""
    people = permissions.row(GET=permissions.PEOPLE, POST=permissions.PEOPLE)
    for name in ("refuse", "breaks", "zone"):
        monkeypatch.setitem(ROUTES, name, people)
    monkeypatch.setitem(
        ROUTES, "program", permissions.api(scope="things", GET=permissions.PROGRAMS, POST=permissions.PROGRAMS)
    )


class TestRefusals:
    @pytest.mark.parametrize("name", REFUSALS)
    def test_become_pages_with_a_sentence(self, cast: Cast, client: Client, name: str) -> None:
        client.force_login(cast.mei)
        answer = client.get(f"/refuse/{name}/")
        assert answer.status_code == REFUSALS[name][1]
        assert answer["Content-Type"].startswith("text/html")
        assert "<h1>" in answer.content.decode()

    @pytest.mark.parametrize("name", REFUSALS)
    def test_become_a_toast_for_htmx_and_leave_the_page_alone(self, cast: Cast, client: Client, name: str) -> None:
        client.force_login(cast.mei)
        answer = client.get(f"/refuse/{name}/", headers=HTMX)
        assert answer.status_code == REFUSALS[name][1]
        assert answer["HX-Reswap"] == "none"
        assert json.loads(answer["HX-Trigger"])["toast"]["text"] == REFUSALS[name][0].message

    def test_are_not_made_of_our_own_faults(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        client.raise_request_exception = False
        assert client.get("/breaks/").status_code == 500

    def test_look_the_same_for_an_address_that_does_not_exist(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        absent, hidden = client.get("/nothing/"), client.get("/refuse/not_found/")
        assert absent.status_code == hidden.status_code == 404
        assert "Nothing is here" in absent.content.decode()
        assert "Nothing is here" in hidden.content.decode()


class TestTexts:
    @pytest.mark.parametrize("text", ["a\0b", "\0"])
    def test_that_no_database_keeps_are_refused_before_they_reach_one(
        self, cast: Cast, client: Client, text: str
    ) -> None:
        client.force_login(cast.mei)
        for answer in (
            client.get("/zone/", {"q": text}),
            client.post("/zone/", urlencode({"q": text}), content_type="application/x-www-form-urlencoded"),
            client.post("/zone/", {"q": text}),
        ):
            assert answer.status_code == 422
            assert "cannot be kept" in answer.content.decode()

    def test_of_every_other_kind_come_in(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.mei)
        assert client.get("/zone/", {"q": "𠮷野\u202e\u200d\n"}).status_code == 200


class TestStrangers:
    def test_are_led_to_the_sign_in(self, db: None, client: Client) -> None:
        assert client.get("/zone/?a=1")["Location"] == "/accounts/login/?next=/zone/%3Fa%3D1"
        posted = client.post("/zone/")
        assert (posted.status_code, posted["Location"]) == (303, "/accounts/login/")

    def test_are_led_there_by_htmx_as_a_whole_page(self, db: None, client: Client) -> None:
        answer = client.get("/zone/", headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (401, "/accounts/login/")


class TestViewer:
    def test_has_the_hours_of_the_shop_and_leaves_none_behind(self, cast: Cast, client: Client) -> None:
        cast.shop_a.time_zone = "Asia/Urumqi"
        cast.shop_a.save()
        client.force_login(cast.mei)
        before = timezone.get_current_timezone_name()
        assert client.get("/zone/").content == b"Asia/Urumqi"
        assert timezone.get_current_timezone_name() == before

    def test_costs_two_queries(self, cast: Cast, client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        client.force_login(cast.mei)
        with django_assert_num_queries(2):
            client.get("/zone/")


class TestPrograms:
    @pytest.fixture
    def secret(self, cast: Cast) -> str:
        at = now()
        till = add_staff(
            username="till", name="till", role=Role.INTEGRATION, shop=cast.region, password=None, by=cast.zhu, now=at
        )
        return issue_token(name="till", acts_as=till, scopes=["things:read"], by=cast.zhu, now=at)[1]

    def _ask(self, client: Client, secret: str, method: str = "get") -> HttpResponse:
        return getattr(client, method)("/program/", headers={"Authorization": f"Bearer {secret}"})  # type: ignore[no-any-return]

    def test_come_in_by_their_token_within_its_scopes(self, client: Client, secret: str) -> None:
        assert self._ask(client, secret).content == b"till"
        refused = self._ask(client, secret, "post")
        assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
        assert refused.json()["code"] == "scope_missing"  # type: ignore[attr-defined]

    def test_are_refused_without_one_even_with_a_session(self, cast: Cast, client: Client, secret: str) -> None:
        client.force_login(cast.zhu)
        for wrong in ("", "zk_wrong", secret[:-1]):
            answer = self._ask(client, wrong)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

    def test_are_out_when_the_token_ends(self, cast: Cast, client: Client, secret: str) -> None:
        till = type(cast.mei).objects.get(username="till")
        let_go(member=till, by=cast.zhu, now=now() - timedelta(seconds=1))
        assert self._ask(client, secret).status_code == 401
