"""Looking alone over HTTP: asked for in the sheet, waited for, proved, looked at once; and the waiting time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PASSWORD
from tests.catalogue.jewel_box import NUMBER, ring
from tests.doors.pages.world import HTMX, World, text_of
from zhenke.customers.models import AloneWait, Customer, LookPermit
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


@pytest.fixture
def alone(world: World) -> World:
    StaffMember.objects.exclude(pk=world.cast.zhu.pk).update(is_active=False)
    Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=3, importance_reason="asked")
    return world


class TestLookAlone:
    def test_from_asking_to_the_one_look(self, alone: World, desk: Desk) -> None:
        piece = ring(alone.cast)
        look, given = f"/pieces/{piece.pk}/reveal/", {"reason": "service", "password": PASSWORD}
        zhu = desk("zhu")
        assert "after 24 hours you can look alone" in text_of(zhu, look)
        assert zhu.post(f"{look}ask/", {"reason": "service"}, headers=HTMX).status_code == 204
        permit = LookPermit.objects.get()
        assert "you can look alone from" in text_of(zhu, look)
        assert "Waits for its time" in text_of(zhu, "/permits/")
        address = f"/permits/{permit.pk}/alone/"
        assert address not in text_of(zhu, "/permits/")
        assert zhu.post(address, {"password": PASSWORD}).status_code == 409
        with time_machine.travel(NOW + timedelta(hours=24, minutes=1), tick=False):
            zhu = desk("zhu")
        with time_machine.travel(NOW + timedelta(hours=25), tick=False):
            page = text_of(zhu, "/permits/")
            assert address in page
            assert 'name="password"' in page
            for password in ("", "wrong"):
                answer = zhu.post(address, {"password": password})
                assert answer.status_code == 422
                assert LookPermit.objects.get().state == "waiting"
            answer = zhu.post(address, {"password": PASSWORD})
            assert (answer.status_code, answer["Location"]) == (302, f"/pieces/{piece.pk}/")
            assert zhu.post(address, {"password": PASSWORD}).status_code == 409
            assert "you can look once until" in text_of(zhu, look)
            assert NUMBER in zhu.post(look, given, headers=HTMX).content.decode()
            assert NUMBER not in zhu.post(look, given, headers=HTMX).content.decode()
            assert "Alone: nobody else in the house could agree" in text_of(zhu, "/permits/")

    def test_is_not_offered_in_a_house_of_several(self, world: World, desk: Desk) -> None:
        piece = ring(world.cast)
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=3, importance_reason="asked")
        page = text_of(desk("zhu"), f"/pieces/{piece.pk}/reveal/")
        assert "look alone" not in page
        assert "once a second person" in page


class TestWait:
    def test_is_set_by_the_owner(self, world: World, desk: Desk) -> None:
        zhu, lin = desk("zhu"), desk("lin")
        assert "/permits/wait/" in text_of(zhu, "/permits/")
        assert "/permits/wait/" not in text_of(lin, "/permits/")
        assert lin.post("/permits/wait/", {"hours": "12"}).status_code == 403
        for wrong in ("", "0", "11", "169", "x"):
            assert zhu.post("/permits/wait/", {"hours": wrong}).status_code == 422
        assert not AloneWait.objects.exists()
        for _ in range(2):
            assert zhu.post("/permits/wait/", {"hours": "48"}).status_code == 302
        assert AloneWait.objects.get().hours == 48
        assert "Version 1" in text_of(zhu, "/permits/")
