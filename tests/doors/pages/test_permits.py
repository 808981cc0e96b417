"""Looks for two over HTTP: the proof asked for in the sheet, asking, the list, the second person's word, one look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PASSWORD
from tests.catalogue.jewel_box import NUMBER, ring
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.models import ContactPoint, Customer, LookPermit
from zhenke.customers.operations import add_contact
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
STREET = "深圳市罗湖区翠竹路1号"


def make(world: World, importance: int) -> None:
    Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=importance, importance_reason="asked")


def address(world: World, importance: int) -> ContactPoint:
    make(world, importance)
    return add_contact(customer=world.cast.mrs_zhou, kind="address", text=STREET, by=SYSTEM, now=NOW)


def sheet(world: World) -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/reveal/"


class TestProof:
    def test_is_asked_for_once_in_five_minutes(self, world: World, desk: Desk) -> None:
        contact, lin = address(world, 1), desk("lin")
        given = {"contact": contact.pk, "reason": "deliver"}
        assert 'name="password"' in text_of(lin, f"{sheet(world)}?contact={contact.pk}")
        for password in ({}, {"password": ""}, {"password": "wrong"}):
            answer = lin.post(sheet(world), {**given, **password}, headers=HTMX)
            assert answer.status_code == 422
            assert STREET not in answer.content.decode()
        assert not AuditEntry.objects.filter(action="contact.revealed").exists()
        shown = lin.post(sheet(world), {**given, "password": PASSWORD}, headers=HTMX)
        assert STREET in shown.content.decode()
        assert 'name="password"' not in text_of(lin, f"{sheet(world)}?contact={contact.pk}")
        assert STREET in lin.post(sheet(world), given, headers=HTMX).content.decode()
        with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
            assert lin.post(sheet(world), given, headers=HTMX).status_code == 422

    def test_counts_the_tries(self, world: World, desk: Desk) -> None:
        contact, lin = address(world, 1), desk("lin")
        given = {"contact": contact.pk, "reason": "deliver"}
        for _ in range(10):
            lin.post(sheet(world), {**given, "password": "wrong"}, headers=HTMX)
        answer = lin.post(sheet(world), {**given, "password": PASSWORD}, headers=HTMX)
        assert "Too many tries" in answer.content.decode()
        assert STREET not in answer.content.decode()


class TestSecondPerson:
    def test_from_asking_to_the_one_look(self, world: World, desk: Desk) -> None:
        piece, lin, hua = ring(world.cast), desk("lin"), desk("hua")
        make(world, 2)
        look = f"/pieces/{piece.pk}/reveal/"
        assert "once a second person" in text_of(lin, look)
        given = {"reason": "service", "password": PASSWORD}
        assert lin.post(look, given, headers=HTMX).status_code == 422
        for _ in range(2):
            assert lin.post(f"{look}ask/", {"reason": "service"}, headers=HTMX).status_code == 204
        permit = LookPermit.objects.get()
        assert "It waits for a second person" in text_of(lin, look)
        assert "waits for a second person" in text_of(hua, "/")
        assert "waits for a second person" not in text_of(lin, "/")
        page = text_of(hua, "/permits/")
        assert world.cast.lin.name in page
        assert f"/permits/{permit.pk}/decide/" in page
        assert f"/permits/{permit.pk}/decide/" not in text_of(lin, "/permits/")
        decide = f"/permits/{permit.pk}/decide/"
        assert lin.post(decide, {"word": "agree:known"}).status_code == 403
        assert hua.post(decide, {"word": "agree:not_now"}).status_code == 422
        assert hua.post(decide, {"word": "agree:known"}).status_code == 302
        assert hua.post(decide, {"word": "agree:known"}).status_code == 409
        assert "you can look once" in text_of(lin, look)
        shown = lin.post(look, given, headers=HTMX).content.decode()
        assert NUMBER in shown
        assert NUMBER not in lin.post(look, given, headers=HTMX).content.decode()
        assert "Looked" in text_of(lin, "/permits/")

    def test_refused_is_told_with_its_reason(self, world: World, desk: Desk) -> None:
        contact, lin = address(world, 2), desk("lin")
        lin.post(f"{sheet(world)}ask/", {"contact": contact.pk, "reason": "deliver"})
        permit = LookPermit.objects.get()
        desk("zhu").post(f"/permits/{permit.pk}/decide/", {"word": "refuse:ask_advisor"})
        assert "Let their advisor do it" in text_of(lin, "/permits/")
        given = {"contact": contact.pk, "reason": "deliver", "password": PASSWORD}
        assert STREET not in lin.post(sheet(world), given, headers=HTMX).content.decode()

    def test_a_second_person_is_not_told_who_it_is(self, world: World, desk: Desk) -> None:
        contact = address(world, 3)
        desk("zhu").post(f"{sheet(world)}ask/", {"contact": contact.pk, "reason": "deliver"})
        page = text_of(desk("hua"), "/permits/")
        assert "a customer whom you do not see" in page
        assert world.cast.mrs_zhou.name not in page

    def test_strangers_find_nothing(self, world: World, desk: Desk) -> None:
        contact = address(world, 2)
        desk("lin").post(f"{sheet(world)}ask/", {"contact": contact.pk, "reason": "deliver"})
        permit = LookPermit.objects.get()
        other = desk("other")
        assert "Nobody has asked" in text_of(other, "/permits/")
        assert other.post(f"/permits/{permit.pk}/decide/", {"word": "agree:known"}).status_code == 404
        assert other.post(f"{sheet(world)}ask/", {"contact": contact.pk, "reason": "deliver"}).status_code == 404

    def test_the_list_costs_the_same_however_long(self, world: World, desk: Desk) -> None:
        contact, hua = address(world, 2), desk("hua")
        row = {"asked_by": world.cast.lin, "shop": world.cast.shop_a, "customer": world.cast.mrs_zhou, "asked_at": NOW}
        for number in range(3):
            LookPermit.objects.create(**row, group="address", subject_id=number, reason="deliver", until=NOW)
        few = queries_of(hua, "/permits/")
        for number in range(30):
            LookPermit.objects.create(**row, group="address", subject_id=99 + number, reason="call", until=NOW)
        assert queries_of(hua, "/permits/") == few
        assert contact.customer_id == world.cast.mrs_zhou.pk
