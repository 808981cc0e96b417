"""Promise P18: a protected customer does not exist for anybody who is not named for her.

Generated from the URL map, as the walk of sight is: every address that answers GET, with her keys in it, as every role.
Only the owner of the brand, her advisor, the cover and her service team may meet her.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from tests.cast import NOW
from tests.doors.matrix_world import World
from tests.promises.test_sight import CONTACTS, NAME, NOTE, SECRET, _let_in, addresses, echoed, known
from zhenke.care.models import Task
from zhenke.customers.models import Customer, CustomerTeam, DuplicatePair
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.slow]
__all__ = ["known"]
SIGNS = re.compile(rf"司马|蕴真|ZK000001|{NOTE}|73,?519|(?:139|wx_c|canary)[*]+|13912345678|翠竹路")
STRANGERS = ("shop_manager", "area_manager", "marketing", "service", "auditor", "integration", "advisor")


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hidden(known: World) -> World:
    """The world of the walk of sight, with its canary protected, a duplicate and a colleague's follow-up."""
    her, cast = known.cast.mrs_zhou, known.cast
    Customer.objects.filter(pk=her.pk).update(importance=3, importance_reason="threatened")
    first, second = sorted((her.pk, cast.mr_zhou.pk))
    DuplicatePair.objects.create(first_id=first, second_id=second, probability_permille=990, found_at=NOW)
    for member in (known.members["advisor"], None):
        Task.objects.create(
            occurrence_key=f"canary-{member}", customer=her, assignee=member, shop=cast.shop_a, step="by_hand",
            due_date=NOW.date(), last_date=NOW.date(), created_at=NOW, reason={"note": NOTE},
        )  # fmt: skip
    return known


def met(world: World, role: str, member: StaffMember | None = None) -> list[str]:
    """Walk everything as one person and return where she was met."""
    member = member or world.members[role]
    client, headers, found = Client(), {}, []
    signs = re.compile(f"{SIGNS.pattern}|{world.cast.mrs_zhou.pk}")
    if role == Role.INTEGRATION:
        headers = {"Authorization": f"Bearer {SECRET}"}
        _let_in(member)
    else:
        client.force_login(member)
    for address in addresses(world, role):
        answer = client.get(address, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), body.decode(errors="replace"))
        text = text.replace(address.partition("?")[0], "")
        for asked in filter(None, re.split(r"[=&]", echoed(address))):
            text = text.replace(asked, "")
        text = re.sub(r"(?<=\d)[\s-](?=\d)", "", text)
        found += [f"{role} {address}: {one}" for one in sorted(set(signs.findall(text)))]
    if role != Role.INTEGRATION:
        for asked in (CONTACTS["phone"], NAME, "5678", "ZK000001"):
            answer = client.post(reverse("reception"), {"q": asked}, follow=True)
            text = answer.content.decode().replace(asked, "")
            told = re.compile(f"{signs.pattern}|customer of|known in")
            found += [f"{role} reception {asked}: {one}" for one in told.findall(text)]
    return found


class TestProtected:
    @pytest.mark.parametrize("role", STRANGERS)
    def test_is_met_by_nobody_who_is_not_named(self, hidden: World, role: str) -> None:
        assert met(hidden, role) == []

    def test_is_met_by_those_who_are(self, hidden: World) -> None:
        cast = hidden.cast
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(cover=hidden.members["advisor"])
        CustomerTeam.objects.create(customer=cast.mrs_zhou, member=cast.lin, part="service", from_date=date(2026, 1, 1))
        people = {"owner": None, "advisor": cast.mei, "shop_manager": cast.lin}
        for role, member in people.items():
            assert any("司马" in one for one in met(hidden, role, member)), role
        assert met(hidden, "advisor", hidden.members["advisor"])


class TestTheWalkItself:
    """The walk finds guards that are taken out."""

    @pytest.mark.parametrize(
        ("role", "place"),
        [
            ("shop_manager", "zhenke.customers.queries.archive.unless_hidden"),
            ("advisor", "zhenke.customers.queries.matches.unless_hidden"),
            ("shop_manager", "zhenke.customers.queries.duplicates.unless_hidden"),
            ("area_manager", "zhenke.sales.queries.receipts.unless_hidden"),
            ("auditor", "zhenke.grading.queries.grades.unless_hidden"),
            ("integration", "zhenke.care.queries.tasks.unless_hidden"),
            ("advisor", "zhenke.care.queries.today.unless_hidden"),
        ],
    )
    def test_finds_a_guard_taken_out(
        self, hidden: World, monkeypatch: pytest.MonkeyPatch, role: str, place: str
    ) -> None:
        room, _, name = place.rpartition(".")
        monkeypatch.setattr(import_module(room), name, lambda viewer, field="pk": Q())
        assert met(hidden, role) != []
