"""A new customer over HTTP: saved once, hints while typing, refusals at their boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, text_of
from zhenke.care.models import Task
from zhenke.customers.models import ConsentEntry, Customer, CustomerDate, Trait
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
GIVEN = {
    "name": "吴敏",
    "phone": "139 0013 9000",
    "gender": "f",
    "calendar": "lunar",
    "month": "8",
    "day": "15",
    "likes": ["gold", "pearl"],
    "source": "walk_in",
    "allow_care": ["wechat"],
    "allow_marketing": ["phone"],
    "intent": "wedding",
    "notes": "明年五月婚礼",
    "key": "k1",
}


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


class TestNewCustomer:
    def test_opens_the_archive_and_leads_to_the_profile(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        answer = mei.post("/customers/new/", GIVEN)
        customer = Customer.objects.get(name="吴敏")
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.pk}/")
        page = text_of(mei, f"/customers/{customer.pk}/")
        assert "吴敏 is in your book." in page
        assert "139****9000" in page
        assert (customer.owner, customer.source) == (world.cast.mei, "walk_in")
        day = CustomerDate.objects.get(customer=customer)
        assert (day.calendar, day.month, day.day, day.year) == ("lunar", 8, 15, None)
        assert set(Trait.objects.filter(customer=customer).values_list("key", "text")) == {
            ("metal", "gold"),
            ("stone", "pearl"),
            ("intent", "wedding"),
        }
        said = ConsentEntry.objects.filter(customer=customer).order_by("purpose")
        assert [(one.purpose, one.channel, one.proof, one.by) for one in said] == [
            ("care", "wechat", "spoken", world.cast.mei),
            ("marketing", "phone", "spoken", world.cast.mei),
        ]
        assert Task.objects.filter(customer=customer, step="welcome").exists()

    def test_sent_twice_is_one_customer(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        places = {mei.post("/customers/new/", GIVEN)["Location"] for _ in range(2)}
        assert len(places) == 1
        assert Customer.objects.filter(name="吴敏").count() == 1
        assert ConsentEntry.objects.count() == 2

    @pytest.mark.parametrize(
        ("change", "box", "words"),
        [
            ({"phone": "12345"}, "id_phone", "field-error"),
            ({"month": "2", "day": "30", "calendar": "solar"}, "id_day", "No calendar has this day"),
            ({"month": ""}, "id_day", "needs its month and its day"),
            ({"name": "", "phone": ""}, "id_name", "Give at least a name or a phone."),
        ],
    )
    def test_says_at_the_box_what_is_wrong(
        self, world: World, desk: Desk, change: dict[str, str], box: str, words: str
    ) -> None:
        before = Customer.objects.count()
        answer = desk("mei").post("/customers/new/", {**GIVEN, **change})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert words in page.split(f'id="{box}"')[1].split("</div>\n</div>")[0]
        assert Customer.objects.count() == before

    def test_is_not_for_those_who_only_read(self, world: World, desk: Desk) -> None:
        for who in ("an", "ji"):
            assert desk(who).get("/customers/new/").status_code == 403


class TestHints:
    def test_tell_who_it_may_be_already(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post("/customers/new/hints/", {"name": "周", "phone": PHONE}, headers=HTMX)
        page = answer.content.decode()
        assert "This may be 周丽华" in page
        assert f"/customers/{world.cast.mrs_zhou.pk}/" in page

    def test_tell_another_shop_only_where_to_ask(self, world: World, desk: Desk) -> None:
        page = desk("qiao").post("/customers/new/hints/", {"phone": PHONE}, headers=HTMX).content.decode()
        assert "周丽华" not in page
        assert "水贝店" in page
        assert "梅雪" in page

    def test_tell_another_brand_nothing(self, world: World, desk: Desk) -> None:
        page = desk("other").post("/customers/new/hints/", {"phone": PHONE}, headers=HTMX).content.decode()
        assert "水贝店" not in page

    def test_put_the_birthday_into_words(self, world: World, desk: Desk) -> None:
        given = {"calendar": "lunar", "month": "8", "day": "15"}
        page = desk("mei").post("/customers/new/hints/", given, headers=HTMX).content.decode()
        assert "next on 15 Sep 2027" in page

    def test_write_nothing(self, world: World, desk: Desk) -> None:
        before = Customer.objects.count()
        desk("mei").post("/customers/new/hints/", GIVEN, headers=HTMX)
        assert Customer.objects.count() == before
