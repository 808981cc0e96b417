"""A customer writes herself down by a link that an advisor shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World
from zhenke.customers.models import ConsentEntry, Customer, SignUpLink
from zhenke.customers.operations.consent_texts import load_consent_texts, publish_consent_text
from zhenke.customers.operations.sign_up import HoursWrong, open_sign_up
from zhenke.customers.queries import contacts_of
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.pages.join.views import LOOKS, WRITES
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
    yield
    LOOKS.forget()
    WRITES.forget()


def english() -> Client:
    """Return a browser of somebody who reads English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def address(world: World) -> str:
    _, token = open_sign_up(advisor=world.cast.mei, hours=12, now=NOW)
    return f"/join/{token}/"


def written(client: Client, address: str, **more: object) -> dict[str, object]:
    """Return what a browser sends: the hidden fields of the page, and what she typed."""
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    return {**hidden, "name": "何念", "phone": "13900139000", "calendar": "solar", **more}


class TestJoin:
    def test_opens_an_archive_of_the_advisor_with_what_was_ticked(self, world: World, address: str) -> None:
        browser = english()
        given = written(
            browser, address, month="5", day="6", year="1990", allow_care=["wechat"], allow_profiling=["all"]
        )
        answer = browser.post(address, given)
        assert answer.status_code == 302 and answer["Location"] == f"{address}?thanks=1"
        assert "Thank you" in browser.get(answer["Location"]).content.decode()
        made = Customer.objects.get(name="何念")
        assert (made.owner, made.shop, made.language) == (world.cast.mei, world.cast.shop_a, "en")
        assert len(contacts_of(viewer=world.cast.mei, customer=made)) == 1
        said = ConsentEntry.objects.filter(customer=made).order_by("purpose")
        assert [(one.purpose, one.channel, one.proof, one.text.version) for one in said] == [  # type: ignore[union-attr]
            ("care", "wechat", "screen", 1),
            ("profiling", "", "screen", 1),
        ]
        assert SignUpLink.objects.get().used == 1

    def test_has_no_box_ticked_and_asks_each_purpose_by_itself(self, address: str) -> None:
        page = english().get(address).content.decode()
        assert 'name="allow_marketing"' in page and 'name="allow_care"' in page and 'name="allow_profiling"' in page
        boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
        assert len(boxes) >= 7 and not [box for box in boxes if "checked" in box]

    def test_serves_who_allows_nothing(self, address: str) -> None:
        browser = english()
        assert browser.post(address, written(browser, address)).status_code == 302
        assert Customer.objects.filter(name="何念").exists() and not ConsentEntry.objects.exists()

    def test_twice_is_one_customer(self, address: str) -> None:
        browser = english()
        given = written(browser, address, allow_care=["sms"])
        assert [browser.post(address, given).status_code for _ in range(2)] == [302, 302]
        assert Customer.objects.filter(name="何念").count() == ConsentEntry.objects.count() == 1

    def test_answers_alike_for_a_known_phone_and_leaves_its_archive_alone(self, world: World, address: str) -> None:
        browser = english()
        new, known = (browser.post(address, written(browser, address, phone=phone)) for phone in ("13900139000", PHONE))
        assert (new.status_code, new["Location"], len(new.content)) == (
            known.status_code,
            known["Location"],
            len(known.content),
        )
        assert not ConsentEntry.objects.filter(customer=world.cast.mrs_zhou).exists()
        assert Customer.objects.get(pk=world.cast.mrs_zhou.pk).updated_at == world.cast.mrs_zhou.updated_at

    def test_keeps_nothing_of_somebody_under_14(self, address: str) -> None:
        browser, before = english(), Customer.objects.count()
        given = written(browser, address, month="5", day="6", year="2015", allow_care=["wechat"])
        answer = browser.post(address, given)
        assert answer.status_code == 200 and "parents" in answer.content.decode()
        assert Customer.objects.count() == before and not ConsentEntry.objects.exists()

    def test_asks_again_when_the_text_changed_under_way(self, world: World, address: str) -> None:
        browser = english()
        given = written(browser, address, allow_care=["wechat"])
        words = {"en": "Other", "zh-hans": "另"}
        publish_consent_text(purpose="care", words=words, is_new_meaning=True, by=world.cast.zhu, now=NOW)
        answer = browser.post(address, given)
        assert answer.status_code == 422 and not ConsentEntry.objects.exists()

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "138"}, {"month": "2", "day": "30"}, {"key": "x"}])
    def test_says_what_is_wrong_and_keeps_nothing(self, address: str, wrong: dict[str, str]) -> None:
        browser, before = english(), Customer.objects.count()
        assert browser.post(address, written(browser, address, **wrong)).status_code == 422
        assert Customer.objects.count() == before

    def test_is_absent_when_ended_closed_altered_or_the_advisor_left(
        self, world: World, desk: Desk, address: str
    ) -> None:
        for other in (address[:-2] + "/", "/join/x/", "/join/1.x/"):
            assert english().get(other).status_code == 404
        with time_machine.travel(NOW + timedelta(hours=13), tick=False):
            assert english().get(address).status_code == 404
        StaffMember.objects.filter(pk=world.cast.mei.pk).update(is_active=False)
        assert english().get(address).status_code == 404
        StaffMember.objects.filter(pk=world.cast.mei.pk).update(is_active=True)
        assert english().get(address).status_code == 200
        assert desk("mei").post("/customers/new/link/", {"act": "close"}, headers=HTMX).status_code == 204
        assert english().get(address).status_code == 404

    def test_slows_down_who_tries_many(self, address: str) -> None:
        browser = english()
        answers = [browser.post(address, {}) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        assert int(answers[-1]["Retry-After"]) >= 1

    def test_stays_out_of_search_engines(self, address: str) -> None:
        assert "noindex" in english().get(address)["X-Robots-Tag"]


class TestLink:
    def test_is_shown_once_with_its_code(self, desk: Desk) -> None:
        mei = desk("mei")
        page = mei.post("/customers/new/link/", {"hours": "12"}, headers=HTMX).content.decode()
        token = re.search(r"/join/([0-9a-f]+\.[\w-]+)/", page)
        assert token and "data:image/svg" in page
        assert english().get(f"/join/{token[1]}/").status_code == 200
        assert token[1].split(".")[1] not in SignUpLink.objects.get().token_hash
        assert "Close 1 open link" in mei.get("/customers/new/link/", headers=HTMX).content.decode()

    def test_is_refused_for_other_times(self, world: World) -> None:
        with pytest.raises(HoursWrong):
            open_sign_up(advisor=world.cast.mei, hours=1_000, now=NOW)
