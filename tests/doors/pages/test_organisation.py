"""An organisation's profile: its contacts first, with their jobs, what is open with it, and nothing of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.basics.days import local_date
from zhenke.care.operations import add_task
from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.operations import add_link, change_customer

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


@pytest.fixture
def house(world: World) -> Customer:
    """A company of Mei's, whose contact is Mrs Zhou."""
    cast = world.cast
    house = Customer.objects.create(
        name="云锦酒店", kind="company", shop=cast.shop_a, owner=cast.mei, created_at=NOW, updated_at=NOW
    )
    link = {"other": cast.mrs_zhou, "kind": "company_contact", "job": "采购经理"}
    add_link(customer=house, by=cast.mei, now=NOW, **link)
    return house


class TestProfile:
    def test_opens_with_contacts_and_their_jobs(self, world: World, house: Customer, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/customers/{house.pk}/")
        assert "周丽华" in page and "采购经理" in page and "Contacts" in page and "Details" in page
        assert "采购经理" in text_of(desk("mei"), f"/customers/{world.cast.mrs_zhou.pk}/?tab=family")

    def test_shows_what_is_open_with_it(self, world: World, house: Customer, desk: Desk) -> None:
        cast, day = world.cast, local_date(NOW, "Asia/Shanghai")
        add_task(
            customer=house, assignee=cast.mei, due_date=day + timedelta(days=2), note="年会金条报价", key="k",
            by=cast.mei, today=day, now=NOW,
        )  # fmt: skip
        page = text_of(desk("mei"), f"/customers/{house.pk}/")
        assert "Open with them" in page and "年会金条报价" in page

    def test_mixes_nothing_in_that_its_people_bought(self, world: World, house: Customer, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/customers/{house.pk}/?tab=purchases")
        assert "翡翠手镯" not in page and "翡翠手镯" in text_of(
            desk("mei"), f"/customers/{world.cast.mrs_zhou.pk}/?tab=purchases"
        )

    def test_hides_job_and_name_of_a_contact_out_of_sight(self, world: World, house: Customer, desk: Desk) -> None:
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(owner=world.cast.tao)
        page = text_of(desk("mei"), f"/customers/{house.pk}/")
        assert "周丽华" not in page and "采购经理" not in page and "Contact of the company" in page

    def test_begins_for_who_is_shown_no_contacts_with_the_timeline(
        self, world: World, house: Customer, desk: Desk
    ) -> None:
        assert "采购经理" not in text_of(desk("an"), f"/customers/{house.pk}/")

    def test_stays_within_its_budget(self, world: World, house: Customer, desk: Desk) -> None:
        queries = queries_of(desk("mei"), f"/customers/{house.pk}/")
        assert len(queries) <= 22, "\n".join(queries)


class TestLink:
    def test_asks_for_the_job_and_changes_it(self, world: World, house: Customer, desk: Desk) -> None:
        address = f"/customers/{house.pk}/family/"
        form = {"other": world.cast.mrs_zhou.pk, "kind": "company_contact", "job": "总经理"}
        for _ in range(2):
            assert desk("mei").post(address, form, headers=HTMX).status_code == 204
        assert CustomerLink.objects.get().job == "总经理"
        chosen = text_of(desk("mei"), f"{address}?other={world.cast.mr_zhou.pk}", headers=HTMX)
        assert 'value="company_contact"' in chosen and "What they do there" in chosen

    def test_of_a_family_keeps_no_job(self, world: World, desk: Desk) -> None:
        cast = world.cast
        link = add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", job="x", by=cast.mei, now=NOW)
        assert link.job == ""


class TestNewCustomer:
    def test_may_be_a_company(self, world: World, desk: Desk) -> None:
        form = {"name": "星河地产", "kind": "company", "key": "k1", "calendar": "solar"}
        assert desk("mei").post("/customers/new/", form).status_code == 302
        made = Customer.objects.get(name="星河地产")
        assert made.kind == "company"
        change_customer(customer=made, changes={"kind": "partner"}, by=world.cast.mei, now=NOW)
        assert "Partner" in text_of(desk("mei"), f"/customers/{made.pk}/")
