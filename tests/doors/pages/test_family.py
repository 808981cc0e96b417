"""The family tab over HTTP: who belongs to her, linking, dropping with undo, and what it must keep quiet about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.basics.days import DayOfYear, local_date
from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.operations import add_date, add_link
from zhenke.customers.rules import BuyerSlip
from zhenke.journeys.record_sale import record_sale
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff.models import Shop

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def her(world: World, rest: str = "") -> str:
    """Return an address of Mrs Zhou's."""
    return f"/customers/{world.cast.mrs_zhou.pk}/{rest}"


def married(world: World) -> CustomerLink:
    """Link the couple."""
    cast = world.cast
    return add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.mei, now=NOW)


def given(world: World, *, days: int = 9) -> Sale:
    """Let Mr Zhou buy her a ring, secret for some days."""
    cast = world.cast
    slip = SaleSlip(
        source_key="till:gift",
        sold_at=NOW - timedelta(days=1),
        lines=(LineSlip(amount_minor=6_666_600, description="月光戒"),),
        buyer=BuyerSlip(customer_id=cast.mr_zhou.pk),
        gift_for=cast.mrs_zhou.pk,
        secret_until_date=local_date(NOW, "Asia/Shanghai") + timedelta(days=days),
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW).sale


class TestFamilyTab:
    def test_shows_the_household_with_grade_and_what_to_say(self, world: World, desk: Desk) -> None:
        married(world)
        page = text_of(desk("mei"), f"/customers/{world.cast.mr_zhou.pk}/?tab=family")
        assert "Wife" in page
        assert "Bought 翡翠手镯 6 days ago." in page  # what is next with her, on his page

    def test_shows_of_a_person_out_of_sight_only_the_word(self, world: World, desk: Desk) -> None:
        married(world)
        Customer.objects.filter(pk=world.cast.mr_zhou.pk).update(owner=world.cast.tao)
        page = text_of(desk("mei"), her(world, "?tab=family"))
        assert "Spouse" in page
        assert "周建国" not in page
        assert str(world.cast.mr_zhou.pk) not in page

    def test_keeps_quiet_about_somebody_who_keeps_a_secret(self, world: World, desk: Desk) -> None:
        married(world)
        given(world)
        page = text_of(desk("mei"), her(world, "?tab=family"))
        assert "周建国" in page
        assert "月光戒" not in page
        with time_machine.travel(NOW + timedelta(days=9), tick=False):
            assert "月光戒" in text_of(desk("mei"), her(world, "?tab=family"))

    def test_teaches_the_first_step_when_nobody_is_known(self, world: World, desk: Desk) -> None:
        assert "Nobody is known to belong here" in text_of(desk("mei"), her(world, "?tab=family"))

    def test_stays_within_its_budget_however_many_there_are(self, world: World, desk: Desk) -> None:
        married(world)
        few = len(queries_of(desk("mei"), her(world, "?tab=family")))
        for number in range(5):
            other = Customer.objects.create(
                name=f"亲{number}", shop=world.cast.shop_a, owner=world.cast.mei, created_at=NOW, updated_at=NOW
            )
            add_link(customer=world.cast.mrs_zhou, other=other, kind="relative", by=world.cast.mei, now=NOW)
        queries = queries_of(desk("mei"), her(world, "?tab=family"))
        assert few <= len(queries) <= 20, "\n".join(queries)


class TestHeader:
    def test_names_the_partner_in_sight(self, world: World, desk: Desk) -> None:
        married(world)
        assert "Husband" in text_of(desk("mei"), her(world))
        Customer.objects.filter(pk=world.cast.mr_zhou.pk).update(owner=world.cast.tao)
        page = text_of(desk("mei"), her(world))
        assert "Husband" not in page and "周建国" not in page


class TestLink:
    def test_finds_people_in_sight_but_not_herself(self, world: World, desk: Desk) -> None:
        found = text_of(desk("mei"), her(world, "family/?q=ZK000002"), headers=HTMX)
        assert "周建国" in found
        assert "周丽华" not in text_of(desk("mei"), her(world, "family/?q=ZK000001"), headers=HTMX)
        assert "周" not in text_of(desk("mei"), her(world, "family/?q=nobodyatall"), headers=HTMX)

    def test_asks_what_the_person_is_and_links(self, world: World, desk: Desk) -> None:
        key = world.cast.mr_zhou.pk
        assert "周建国" in text_of(desk("mei"), her(world, f"family/?other={key}"), headers=HTMX)
        answer = desk("mei").post(her(world, "family/"), {"other": key, "kind": "spouse"}, headers=HTMX)
        assert answer.status_code == 204
        assert CustomerLink.objects.get().kind == "spouse"

    def test_refuses_somebody_out_of_sight_and_herself(self, world: World, desk: Desk) -> None:
        Customer.objects.filter(pk=world.cast.mr_zhou.pk).update(owner=world.cast.tao)
        for key in (world.cast.mr_zhou.pk, world.cast.mrs_zhou.pk, "x"):
            answer = desk("mei").post(her(world, "family/"), {"other": key, "kind": "spouse"}, headers=HTMX)
            assert answer.status_code == 422
            assert "周建国" not in answer.content.decode()
        assert CustomerLink.objects.count() == 0

    def test_is_dropped_and_brought_back(self, world: World, desk: Desk) -> None:
        link, mei = married(world), desk("mei")
        answer = mei.post(her(world, f"family/{link.pk}/drop/"), headers=HTMX)
        undo = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
        assert "周建国" not in text_of(mei, her(world, "?tab=family"))
        assert mei.post(undo, headers=HTMX).status_code == 204
        assert "周建国" in text_of(mei, her(world, "?tab=family"))

    def test_of_another_customer_is_absent(self, world: World, desk: Desk) -> None:
        link = married(world)
        other = Customer.objects.create(
            name="何念", shop=world.cast.shop_a, owner=world.cast.mei, created_at=NOW, updated_at=NOW
        )
        assert desk("mei").post(f"/customers/{other.pk}/family/{link.pk}/drop/").status_code == 404


class TestGiftsOnHerPage:
    def test_stand_in_timeline_and_purchases_from_their_day_without_an_amount(self, world: World, desk: Desk) -> None:
        sale = given(world)
        for tab in ("timeline", "timeline&kind=gift", "purchases"):
            assert "月光戒" not in text_of(desk("mei"), her(world, f"?tab={tab}"))
        with time_machine.travel(NOW + timedelta(days=9), tick=False):
            for tab in ("timeline", "timeline&kind=gift", "purchases"):
                page = text_of(desk("mei"), her(world, f"?tab={tab}"))
                assert "Was given 月光戒 by 周建国" in page
                assert "66,666" not in page  # without its comma it may stand in a key
                assert f"/sales/{sale.pk}/" in page

    def test_go_by_page_with_everything_else(self, world: World, desk: Desk) -> None:
        given(world, days=0)
        page = text_of(desk("mei"), her(world, "?tab=timeline"), headers={**HTMX, "HX-Target": "tab"})
        assert page.index("Was given 月光戒") < page.index("Bought 翡翠手镯")
        mark = f"{NOW.isoformat().replace('+', '%2B')}~1"
        assert "月光戒" in text_of(desk("mei"), her(world, f"?tab=timeline&after={mark}"))


class TestDatesTab:
    def test_keeps_29_february_as_the_shop_does(self, world: World, desk: Desk) -> None:
        cast = world.cast
        add_date(customer=cast.mr_zhou, kind="birthday", day=DayOfYear(2, 29), by=cast.mei, now=NOW)
        address = f"/customers/{cast.mr_zhou.pk}/?tab=dates"
        assert "28 Feb 2027" in text_of(desk("mei"), address)
        Shop.objects.filter(pk=cast.brand.pk).update(date_rules={"feb29": "after", "missing30": "before"})
        assert "1 Mar 2027" in text_of(desk("mei"), address)
