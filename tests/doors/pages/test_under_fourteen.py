"""Under 14 at every door: counter, profile, file, program; refused with a sentence, or kept with a proof."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.api.till import till_of
from tests.doors.pages.world import PHONE, World, text_of
from tests.journeys.importing import take_in, write_csv
from zhenke.customers.models import ConsentEntry, Customer, CustomerDate, CustomerLink
from zhenke.customers.operations import add_customer
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
CHILD = {"name": "周小宝", "calendar": "solar", "month": "5", "day": "6", "year": "2016", "key": "k1", "kind": "person"}
WORD = {"guardian_proof": "paper", "guardian": PHONE, "guardian_note": "A-17"}


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


class TestCounter:
    def test_says_what_is_missing_and_keeps_nothing(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post("/customers/new/", CHILD)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Under 14 nothing is kept without the guardian." in page
        assert '<details class="more" open>' in page
        assert not Customer.objects.filter(name="周小宝").exists()

    def test_keeps_the_child_with_the_guardian_who_is_found_by_phone(self, world: World, desk: Desk) -> None:
        assert desk("mei").post("/customers/new/", {**CHILD, **WORD}).status_code == 302
        customer = Customer.objects.get(name="周小宝")
        entry = ConsentEntry.objects.get(customer=customer)
        assert (entry.purpose, entry.giver, entry.proof_note, entry.by) == (
            "under_14", "guardian", "A-17", world.cast.mei,
        )  # fmt: skip
        link = CustomerLink.objects.get()
        assert {link.first_id, link.second_id} == {customer.pk, world.cast.mrs_zhou.pk}
        assert "Guardian" in text_of(desk("mei"), f"/customers/{customer.pk}/?tab=family")

    def test_asks_for_no_marketing_of_a_child(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post("/customers/new/", {**CHILD, **WORD, "allow_marketing": ["sms"]})
        assert answer.status_code == 422
        assert not Customer.objects.filter(name="周小宝").exists()

    def test_says_when_the_guardian_is_not_found(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post("/customers/new/", {**CHILD, **WORD, "guardian": "13711112222"})
        assert "Nobody alone is found by this" in answer.content.decode()
        assert not Customer.objects.filter(name="周小宝").exists()


class TestProfile:
    def test_takes_a_birthday_under_fourteen_with_the_guardian_alone(self, world: World, desk: Desk) -> None:
        place = f"/customers/{world.cast.mr_zhou.pk}/date/"
        form = {**CHILD, "kind": "birthday", "label": ""}
        answer = desk("mei").post(place, form)
        assert answer.status_code == 422
        assert "Under 14 nothing is kept without the guardian." in answer.content.decode()
        assert not CustomerDate.objects.filter(customer=world.cast.mr_zhou).exists()
        assert desk("mei").post(place, {**form, **WORD}).status_code == 302
        assert CustomerDate.objects.filter(customer=world.cast.mr_zhou).count() == 1

    def test_shows_the_consent_of_the_guardian(self, world: World, desk: Desk) -> None:
        desk("mei").post("/customers/new/", {**CHILD, **WORD})
        customer = Customer.objects.get(name="周小宝")
        assert "Kept although under 14" in text_of(desk("mei"), f"/customers/{customer.pk}/consent/")
        assert "Kept although under 14" not in text_of(desk("mei"), f"/customers/{world.cast.mrs_zhou.pk}/consent/")


class TestImport:
    HEADINGS = ("会员卡号", "姓名", "手机号", "生日")

    def test_refuses_the_row_with_its_reason_and_hands_it_back(self, world: World, desk: Desk, tmp_path: Path) -> None:
        rows = [["C1", "周小宝", "13700000001", "2016-05-06"], ["C2", "周大宝", "13700000002", "1986-05-06"]]
        run = take_in(
            write_csv(tmp_path / "f.csv", self.HEADINGS, rows),
            subject="customers",
            shop=world.cast.shop_a,
            by=world.cast.zhu,
        )
        assert [(one.row, one.column, one.code) for one in run.rejects.all()] == [
            (2, "birthday", "child_without_guardian")
        ]
        assert list(Customer.objects.filter(card_number__in=["C1", "C2"]).values_list("name", flat=True)) == ["周大宝"]
        answer = desk("zhu").get(f"/imports/{run.pk}/refused.csv")
        told = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert "周小宝" in told[1]
        assert "Under 14 nothing is taken in without the guardian" in " ".join(told[1])

    def test_takes_the_row_of_a_child_whose_guardian_agreed(self, world: World, tmp_path: Path) -> None:
        draft = CustomerDraft(name="周小宝", card_number="C1", guardian_word=GuardianWord("paper"), birthday=None)
        made = add_customer(draft=draft, by=world.cast.mei, now=NOW)
        ConsentEntry.objects.create(
            customer=made, purpose="under_14", state="given", giver="guardian", at=NOW, proof="paper"
        )
        path = write_csv(tmp_path / "f.csv", self.HEADINGS, [["C1", "周小宝", "", "2016-05-06"]])
        run = take_in(path, subject="customers", shop=world.cast.shop_a, by=world.cast.zhu)
        assert (run.updated, run.rejected) == (1, 0)


class TestProgram:
    def test_is_refused_with_a_code_of_its_own(self, world: World) -> None:
        till = till_of(world.cast)
        birthday = {"month": 5, "day": 6, "year": 2016}
        answer = till.post("/customers", {"shop": world.cast.shop_a.code, "name": "周小宝", "birthday": birthday})
        assert (answer.status_code, answer.json()["code"]) == (409, "child_without_guardian")
        assert not Customer.objects.filter(name="周小宝").exists()
