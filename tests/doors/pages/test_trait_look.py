"""What is known of level 4 on the profile: a mask, the sheet with reason and proof, the whole; nothing for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW, PASSWORD
from tests.doors.pages.world import HTMX, World, text_of
from zhenke.customers.models import Customer, CustomerTeam, LookPermit, Trait
from zhenke.customers.operations import set_traits
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
ILL = "怀孕三个月"


@pytest.fixture
def row(world: World) -> Trait:
    set_traits(customer=world.cast.mrs_zhou, values={"health": [ILL]}, by=world.cast.lin, now=NOW)
    return Trait.objects.get(key="health")


def of(world: World, end: str = "") -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/{end}"


class TestTheLook:
    def test_is_masked_until_a_reason_and_a_proof_are_given(self, world: World, desk: Desk, row: Trait) -> None:
        lin = desk("lin")
        tab = text_of(lin, of(world, "?tab=preferences"))
        assert ILL not in tab and f"reveal/?trait={row.pk}" in tab
        assert ILL not in text_of(lin, of(world, "traits/?group=care"), headers=HTMX)
        sheet = text_of(lin, of(world, f"reveal/?trait={row.pk}"), headers=HTMX)
        assert ILL not in sheet and 'name="password"' in sheet
        given = {"trait": row.pk, "reason": "serve"}
        refused = lin.post(of(world, "reveal/"), given, headers=HTMX)
        assert refused.status_code == 422 and ILL not in refused.content.decode()
        whole = lin.post(of(world, "reveal/"), {**given, "password": PASSWORD}, headers=HTMX)
        assert ILL in whole.content.decode()
        assert AuditEntry.objects.filter(action="trait.revealed").count() == 1

    def test_is_nothing_for_an_advisor_and_a_stranger(self, world: World, desk: Desk, row: Trait) -> None:
        given = {"trait": row.pk, "reason": "serve", "password": PASSWORD}
        for name in ("mei", "qiao"):
            answer = desk(name).post(of(world, "reveal/"), given, headers=HTMX)
            assert answer.status_code in (404, 422) and ILL not in answer.content.decode(), name
        assert desk("mei").post(of(world, "reveal/ask/"), given, headers=HTMX).status_code == 422
        assert not AuditEntry.objects.filter(action="trait.revealed").exists()

    def test_of_a_protected_person_asks_for_two(self, world: World, desk: Desk, row: Trait) -> None:
        her = world.cast.mrs_zhou
        CustomerTeam.objects.create(customer=her, member=world.cast.lin, part="second", from_date=NOW.date())
        Customer.objects.filter(pk=her.pk).update(importance=3, importance_reason="asked")
        lin = desk("lin")
        assert "once a second person" in text_of(lin, of(world, f"reveal/?trait={row.pk}"), headers=HTMX)
        assert lin.post(of(world, "reveal/ask/"), {"trait": row.pk, "reason": "serve"}, headers=HTMX).status_code == 204
        permit = LookPermit.objects.get()
        page = text_of(desk("zhu"), "/permits/")
        assert "something on health, faith or the like" in page and "To serve or treat safely" in page
        assert desk("zhu").post(f"/permits/{permit.pk}/decide/", {"word": "agree:known"}).status_code == 302
        given = {"trait": row.pk, "reason": "serve", "password": PASSWORD}
        assert ILL in lin.post(of(world, "reveal/"), given, headers=HTMX).content.decode()
        assert ILL not in lin.post(of(world, "reveal/"), given, headers=HTMX).content.decode()


class TestTheSheet:
    def test_adds_what_is_written_and_keeps_what_is_not_shown(self, world: World, desk: Desk, row: Trait) -> None:
        lin = desk("lin")
        sheet = text_of(lin, of(world, "traits/?group=care"), headers=HTMX)
        assert "1 kept, not shown here" in sheet
        lin.post(of(world, "traits/?group=care"), {"health": "高血压"}, headers=HTMX)
        assert Trait.objects.filter(key="health").count() == 2
        lin.post(of(world, "traits/?group=care"), {"health": ""}, headers=HTMX)
        assert Trait.objects.filter(key="health").count() == 2

    def test_a_masked_value_is_dropped_by_its_row(self, world: World, desk: Desk, row: Trait) -> None:
        given = {"act": "drop", "key": "health", "trait": row.pk}
        assert desk("mei").post(of(world, "trait/"), given, headers=HTMX).status_code == 403
        desk("lin").post(of(world, "trait/"), given, headers=HTMX)
        assert not Trait.objects.filter(key="health").exists()
