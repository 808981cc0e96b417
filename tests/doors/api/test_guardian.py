"""The guardian's yes over the api: somebody under 14 is kept with it, and refused without."""

from __future__ import annotations

import pytest

from tests.cast import NOW
from tests.doors.api.till import Till, till_of
from zhenke.basics.clock import now
from zhenke.customers.models import ConsentEntry, Customer, CustomerDate, CustomerLink
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


def born(years: int) -> dict[str, int]:
    return {"month": 1, "day": 2, "year": now().year - years}


def child(till: Till, **other: object) -> dict[str, object]:
    return {"shop": till.cast.shop_a.code, "name": "周小宝", "birthday": born(8), **other}


def address(till: Till) -> str:
    return f"/customers/{till.cast.mr_zhou.pk}/guardian"


class TestCreateCustomer:
    def test_keeps_a_child_with_the_guardian_alone(self, till: Till) -> None:
        assert till.post("/customers", child(till)).json()["code"] == "child_without_guardian"
        assert not Customer.objects.filter(name="周小宝").exists()
        word = {"proof": "paper", "proof_note": "A-17", "guardian_id": str(till.cast.mrs_zhou.pk)}
        answer = till.post("/customers", child(till, guardian=word))
        assert answer.status_code == 201
        kept = Customer.objects.get(name="周小宝")
        entry = ConsentEntry.objects.get(customer=kept)
        assert (entry.purpose, entry.giver, entry.proof, entry.proof_note) == ("under_14", "guardian", "paper", "A-17")
        link = CustomerLink.objects.get()
        assert {link.first_id, link.second_id} == {kept.pk, till.cast.mrs_zhou.pk}

    def test_finds_no_guardian_who_is_not_the_tokens(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.shop_b)
        word = {"proof": "paper", "guardian_id": str(till.cast.mrs_zhou.pk)}
        body = {**child(till, guardian=word), "shop": till.cast.shop_b.code}
        hidden = stranger.post("/customers", body)
        absent = stranger.post("/customers", {**body, "guardian": {**word, "guardian_id": "1"}})
        assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())
        assert hidden.status_code == 404
        assert not Customer.objects.filter(name="周小宝").exists()

    def test_takes_no_proof_of_its_own(self, till: Till) -> None:
        assert till.post("/customers", child(till, guardian={"proof": "program"})).status_code == 422


class TestGuardian:
    def test_writes_birthday_yes_and_link_in_one_step(self, till: Till) -> None:
        assert till.get(address(till)).json() == {"is_under_14": False, "has_agreed": False}
        body = {"proof": "spoken", "guardian_id": str(till.cast.mrs_zhou.pk), "birthday": born(8)}
        for _ in range(2):
            assert till.post(address(till), body).json() == {"is_under_14": True, "has_agreed": True}
        assert CustomerDate.objects.filter(customer=till.cast.mr_zhou).count() == 1
        assert ConsentEntry.objects.filter(customer=till.cast.mr_zhou).count() == 1
        assert CustomerLink.objects.count() == 1

    def test_taken_back_stands_no_more(self, till: Till) -> None:
        till.post(address(till), {"proof": "spoken", "birthday": born(8)})
        no = {"purpose": "under_14", "channels": [""], "act": "withdraw", "giver": "guardian"}
        assert till.post(f"/customers/{till.cast.mr_zhou.pk}/consents", no).status_code == 200
        assert till.get(address(till)).json() == {"is_under_14": True, "has_agreed": False}

    def test_writes_nothing_of_somebody_who_is_14(self, till: Till) -> None:
        for body in ({"proof": "spoken"}, {"proof": "spoken", "birthday": born(15)}):
            told = till.post(address(till), body).json()
            assert told == {"is_under_14": False, "has_agreed": False}
        assert not ConsentEntry.objects.exists()

    def test_hides_what_is_not_the_tokens(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(address(till)).status_code == 404
        assert stranger.post(address(till), {"proof": "spoken"}).status_code == 404
