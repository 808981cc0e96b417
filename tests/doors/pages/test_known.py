"""What should be known of her: missing fields lead to their sheet, old ones are confirmed with one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.operations import set_trait
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.grading.models import Grade
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


@pytest.fixture(autouse=True)
def rules(world: World) -> None:
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
    Grade.objects.filter(customer=world.cast.mrs_zhou).update(letter="A")


def her(world: World, rest: str = "known/") -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/{rest}"


class TestKnown:
    def test_tells_what_to_ask_and_what_is_fresh(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), her(world), headers=HTMX)
        assert "To ask next time" in page
        assert "Ring size" in page
        assert "not known yet" in page
        assert "fields are fresh" in page
        assert her(world, "contact/") in page
        assert "<html" in text_of(desk("mei"), her(world))

    def test_is_fetched_by_the_profile_of_who_may_edit(self, world: World, desk: Desk) -> None:
        assert her(world) in text_of(desk("mei"), her(world, ""))
        assert her(world) not in text_of(desk("ji"), her(world, ""))

    def test_one_tap_makes_an_old_field_fresh(self, world: World, desk: Desk) -> None:
        old = NOW - timedelta(days=900)
        set_trait(customer=world.cast.mrs_zhou, key="ring_size_hk", text="12", by=world.cast.lin, now=old)
        mei = desk("mei")
        page = text_of(mei, her(world), headers=HTMX)
        assert "30 months ago · 林静" in page
        assert 'value="ring_size"' in page
        for _ in range(2):
            answer = mei.post(her(world), {"field": "ring_size"}, headers=HTMX)
            assert (answer.status_code, "Still right: Ring size." in answer.headers["HX-Trigger"]) == (204, True)
        assert 'value="ring_size"' not in text_of(mei, her(world), headers=HTMX)
        assert AuditEntry.objects.filter(action="field_confirmed").count() == 1

    def test_is_absent_out_of_sight_and_closed_to_readers(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            assert desk(who).get(her(world)).status_code == 404
            assert desk(who).post(her(world), {"field": "phone"}).status_code == 404
        assert desk("ji").get(her(world)).status_code == 403

    def test_keeps_its_budget(self, world: World, desk: Desk) -> None:
        with time_machine.travel(NOW, tick=False):
            queries = queries_of(desk("mei"), her(world))
        assert len(queries) <= 11, "\n".join(queries)
