"""Navigation offers what the role may use and what exists, nothing else."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from tests.cast import NOW, Cast
from zhenke.doors.pages.frame import frame
from zhenke.doors.words_roles import ROLE_WORDS

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", _page, name="today"),
    path("customers/", _page, name="customers"),
    path("sale/", _page, name="counter_sale"),
    path("imports/", _page, name="imports"),
    path("board/", _page, name="board"),
    path("settings/", _page, name="settings"),
]


def _offered(member: object, at: str = "/") -> dict[str, list[str]]:
    request = RequestFactory().get(at)
    request.user = member  # type: ignore[assignment]
    words = frame(request)
    return {name: [item["icon"] for item in words.get(name, [])] for name in ("nav", "phone_nav", "quick_actions")}  # type: ignore[attr-defined]


class TestNavigation:
    @pytest.mark.parametrize(
        ("who", "places"),
        [
            ("mei", ["today", "customers", "sale"]),
            ("lin", ["today", "customers", "sale", "import", "board"]),
            ("an", ["today", "customers", "import", "board"]),
            ("ji", ["today", "customers", "board", "settings"]),
            ("zhu", ["today", "customers", "sale", "import", "board", "settings"]),
        ],
    )
    def test_offers_what_the_role_may_use_and_what_exists(self, cast: Cast, who: str, places: list[str]) -> None:
        assert _offered(getattr(cast, who))["nav"] == places

    def test_keeps_the_phone_to_five(self, cast: Cast) -> None:
        assert _offered(cast.mei)["phone_nav"] == ["today", "customers", "plus", "me"]
        assert _offered(cast.lin)["phone_nav"] == ["today", "customers", "plus", "board", "me"]
        assert _offered(cast.ji)["phone_nav"] == ["today", "customers", "board", "me"]

    def test_marks_where_one_is(self, cast: Cast) -> None:
        request = RequestFactory().get("/customers/")
        request.user = cast.mei  # type: ignore[assignment]
        current = {item["icon"]: item["is_current"] for item in frame(request)["nav"]}  # type: ignore[attr-defined]
        assert current == {"today": False, "customers": True, "sale": False}

    def test_offers_a_stranger_languages_only(self, db: None) -> None:
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        words = frame(request)
        assert words["viewer"] is None
        assert "nav" not in words
        assert [language["code"] for language in words["languages"]] == ["en", "zh-hans"]  # type: ignore[attr-defined]


class TestViewer:
    def test_is_named_with_role_and_shop(self, cast: Cast) -> None:
        request = RequestFactory().get("/")
        request.user = cast.mei  # type: ignore[assignment]
        with time_machine.travel(NOW, tick=False):
            viewer = frame(request)["viewer"]
        assert {**viewer, "role_label": ROLE_WORDS[cast.mei.role]} == {  # type: ignore[dict-item,index]
            "name": "梅雪",
            "initial": "梅",
            "role_label": ROLE_WORDS["advisor"],
            "shop_name": "水贝店",
            "mark": ["梅雪 · mei · 2026-11-22 11:00"] * 6,
        }


class TestToasts:
    def test_are_not_used_up_by_a_fragment(self, cast: Cast, client: Client) -> None:
        request = RequestFactory().get("/")
        request.user = cast.mei  # type: ignore[assignment]
        said: list[str] = []
        request._messages = _Said(said)  # type: ignore[attr-defined]
        toasts = frame(request)["toasts"]
        assert said == []
        assert toasts() == []  # type: ignore[operator]
        assert said == ["read"]


class _Said:
    """Messages that tell when they are read."""

    def __init__(self, said: list[str]) -> None:
        self._said = said

    def __iter__(self):  # type: ignore[no-untyped-def]
        self._said.append("read")
        return iter(())
