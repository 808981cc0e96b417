"""Importance and service team on the profile, and the owner's page of protected people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.customers.models import Customer, CustomerTeam, ProtectedView
from zhenke.sales.models import Sale

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def her(world: World, tail: str = "") -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/{tail}"


def set_to(world: World, desk: Desk, choice: str, who: str = "lin") -> int:
    return desk(who).post(her(world, "importance/"), {"choice": choice}, headers=HTMX).status_code


class TestImportance:
    def test_is_set_on_a_sheet_and_shown_to_whom_the_table_says(self, world: World, desk: Desk) -> None:
        page = text_of(desk("lin"), her(world, "importance/"), headers=HTMX)
        assert "2:valued" in page
        assert "1:mistake" in page  # she is ordinary: nothing is lowered by it
        assert set_to(world, desk, "2:valued") == 204
        for who, is_shown in (("lin", True), ("mei", True), ("ji", True), ("shu", False), ("an", False)):
            assert ("VIP</span>" in text_of(desk(who), her(world))) is is_shown, who

    def test_a_manager_is_offered_no_way_down(self, world: World, desk: Desk) -> None:
        set_to(world, desk, "2:valued")
        assert "1:mistake" not in text_of(desk("lin"), her(world, "importance/"), headers=HTMX)
        assert set_to(world, desk, "1:mistake") == 422
        assert set_to(world, desk, "1:mistake", "zhu") == 204
        assert Customer.objects.get(pk=world.cast.mrs_zhou.pk).importance == 1

    def test_says_what_is_wrong(self, world: World, desk: Desk) -> None:
        for choice in ("", "3:valued", "9:asked"):
            assert set_to(world, desk, choice) == 422

    def test_who_protects_somebody_and_is_not_named_leaves_the_page(self, world: World, desk: Desk) -> None:
        answer = desk("lin").post(her(world, "importance/"), {"choice": "3:public_figure"}, headers=HTMX)
        assert answer["HX-Redirect"] == "/customers/"
        assert desk("lin").get(her(world)).status_code == 404
        assert desk("mei").get(her(world)).status_code == 200


class TestTeam:
    def test_is_set_on_a_sheet_and_shown_with_advisor_and_cover(self, world: World, desk: Desk) -> None:
        cast = world.cast
        set_to(world, desk, "2:valued")
        asked = {"act": "join", "member": cast.shu.pk, "part": "stylist"}
        assert desk("lin").post(her(world, "team/"), asked, headers=HTMX).status_code == 204
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(cover=cast.tao)
        page = text_of(desk("mei"), her(world))
        assert "梅雪 or 陶然" in page
        assert '舒云 <span class="quiet">stylist</span>' in page
        assert "舒云" in text_of(desk("lin"), her(world, "team/"), headers=HTMX)
        gone = {"act": "leave", "member": cast.shu.pk}
        assert desk("lin").post(her(world, "team/"), gone, headers=HTMX).status_code == 204
        assert not CustomerTeam.objects.exists()

    def test_refuses_a_stranger_and_a_key_that_is_none(self, world: World, desk: Desk) -> None:
        for asked in ({"act": "join", "member": world.cast.other.pk, "part": "stylist"}, {"act": "join"}, {}):
            assert desk("lin").post(her(world, "team/"), asked, headers=HTMX).status_code == 422
        assert desk("lin").post(her(world, "team/"), {"act": "leave", "member": "x"}, headers=HTMX).status_code == 204

    def test_the_hotline_stands_first_on_profile_and_glance(self, world: World, desk: Desk) -> None:
        asked = {"act": "hotline", "on": "yes"}
        assert desk("lin").post(her(world, "team/"), asked, headers=HTMX).status_code == 204
        for address in (her(world), f"/reception/{world.cast.mrs_zhou.pk}/"):
            page = text_of(desk("mei"), address)
            assert "Hotline: serve this customer first. Call 梅雪." in " ".join(page.split())

    def test_costs_an_ordinary_profile_no_query(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        before = len(queries_of(mei, her(world)))
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=2)
        assert len(queries_of(mei, her(world))) == before + 1


class TestProtectedPeople:
    def test_each_look_is_listed_for_the_owner(self, world: World, desk: Desk) -> None:
        assert "Nobody is protected" in text_of(desk("zhu"), "/settings/protected/")
        set_to(world, desk, "3:threatened", "zhu")
        text_of(desk("mei"), her(world))
        text_of(desk("mei"), her(world, "?tab=purchases"))
        text_of(desk("zhu"), her(world))
        assert [(one.by.name, one.place) for one in ProtectedView.objects.all()] == [("梅雪", "profile")]
        page = text_of(desk("zhu"), "/settings/protected/")
        assert "in danger · 梅雪" in page
        assert "the profile" in page

    def test_is_the_owners_page(self, world: World, desk: Desk) -> None:
        for who in ("lin", "hua", "ji", "an", "mei"):
            assert desk(who).get("/settings/protected/").status_code == 403


class TestTheList:
    def test_is_narrowed_to_vips_for_those_who_are_shown_importance(self, world: World, desk: Desk) -> None:
        set_to(world, desk, "2:valued")
        page = text_of(desk("lin"), "/customers/?importance=2")
        assert "周丽华" in page
        assert "周建国" not in page
        assert '<span class="tag">VIP</span>' in page
        page = text_of(desk("shu"), "/customers/?importance=2")
        assert "周建国" in page
        assert "VIP</span>" not in page
        assert "周丽华" not in text_of(desk("lin"), "/customers/?importance=3")
        assert "importance" in text_of(desk("lin"), "/customers/filters/", headers=HTMX)
        assert "importance" not in text_of(desk("shu"), "/customers/filters/", headers=HTMX)


class TestASale:
    def test_to_a_protected_person_is_hers_and_tells_the_seller_nothing(self, world: World, desk: Desk) -> None:
        set_to(world, desk, "3:threatened", "zhu")
        given = {
            "key": "form9", "buyer": "new", "new_name": "", "new_phone": PHONE, "sold_at": "2026-11-22T10:30",
            "advisor": "lin", "line": ["aa"], "aa-style_no": "BG1001", "aa-quantity": "1", "aa-amount": "12,800",
        }  # fmt: skip
        answer = desk("lin").post("/sales/new/", given, follow=True)
        sale = Sale.objects.get(source_key="desk:form9")
        assert sale.customer == world.cast.mrs_zhou
        page = answer.content.decode()
        assert answer.redirect_chain == [("/sales/new/", 302)]
        assert "The sale is written down." in page
        assert "周" not in page
        assert str(world.cast.mrs_zhou.pk) not in page
        assert desk("lin").get(f"/sales/{sale.pk}/").status_code == 404
        assert desk("mei").get(f"/sales/{sale.pk}/").status_code == 200
