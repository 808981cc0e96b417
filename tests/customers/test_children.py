"""Under 14: nothing is kept without the guardian's yes, whichever way somebody comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.customers.models import ConsentEntry, Customer, CustomerDate, CustomerLink
from zhenke.customers.operations import add_customer, add_date, give_consent, withdraw_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.recognise import recognise
from zhenke.customers.queries import consents_of, may_contact
from zhenke.customers.queries.children import children_unguarded, has_guardian, of_age_now
from zhenke.customers.rules import BuyerSlip, CustomerDraft
from zhenke.customers.rules.consent import ChildWithoutGuardian
from zhenke.customers.rules.drafts import DateDraft, GuardianWord
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
YOUNG, OLD = DayOfYear(5, 6, year=2015), DayOfYear(5, 6, year=1985)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


def child(cast: Cast, word: GuardianWord | None = None, **more: object) -> Customer:
    draft = CustomerDraft(name="周小宝", birthday=YOUNG, guardian_word=word, **more)  # type: ignore[arg-type]
    return add_customer(draft=draft, by=cast.mei, now=NOW)


def rows() -> tuple[int, int, int]:
    return (Customer.objects.count(), CustomerDate.objects.count(), ConsentEntry.objects.count())


class TestAddCustomer:
    @pytest.mark.parametrize("day", ["birthday", "dates"])
    def test_keeps_nothing_of_a_child_without_the_guardian(self, cast: Cast, day: str) -> None:
        given = {"birthday": YOUNG} if day == "birthday" else {"dates": (DateDraft("birthday", YOUNG, "x"),)}
        before = rows()
        with pytest.raises(ChildWithoutGuardian):
            add_customer(draft=CustomerDraft(name="周小宝", **given), by=cast.mei, now=NOW)  # type: ignore[arg-type]
        assert rows() == before

    def test_keeps_a_child_with_the_guardians_word_its_proof_and_link(self, cast: Cast) -> None:
        customer = child(cast, GuardianWord("paper", "A-17", cast.mrs_zhou))
        entry = ConsentEntry.objects.get(customer=customer)
        assert (entry.purpose, entry.giver, entry.proof, entry.proof_note) == ("under_14", "guardian", "paper", "A-17")
        link = CustomerLink.objects.get()
        assert {link.first_id, link.second_id} == {customer.pk, cast.mrs_zhou.pk}
        assert {link.kind} <= {"guardian", "ward"}
        assert has_guardian(customer=customer.pk)

    def test_writes_no_guardian_of_somebody_grown_up(self, cast: Cast) -> None:
        draft = CustomerDraft(name="何念", birthday=OLD, guardian_word=GuardianWord("paper"))
        add_customer(draft=draft, by=cast.mei, now=NOW)
        assert not ConsentEntry.objects.exists()

    def test_asks_nothing_without_a_year(self, cast: Cast) -> None:
        add_customer(draft=CustomerDraft(name="何念", birthday=DayOfYear(5, 6)), by=cast.mei, now=NOW)


class TestAddDate:
    def test_refuses_a_birthday_under_fourteen_until_the_guardian_agreed(self, cast: Cast) -> None:
        how = {"customer": cast.mr_zhou, "kind": "birthday", "day": YOUNG, "by": cast.mei, "now": NOW}
        with pytest.raises(ChildWithoutGuardian):
            add_date(**how)  # type: ignore[arg-type]
        add_date(**how, guardian_word=GuardianWord("spoken"))  # type: ignore[arg-type]
        add_date(**(how | {"day": DayOfYear(5, 7, year=2015)}))  # type: ignore[arg-type]
        assert CustomerDate.objects.get(customer=cast.mr_zhou).day == 7

    def test_leaves_days_of_her_own_children_alone(self, cast: Cast) -> None:
        add_date(customer=cast.mrs_zhou, kind="child_birthday", day=YOUNG, by=cast.mei, now=NOW)


class TestRecognise:
    def test_writes_the_receipt_of_a_child_without_an_archive(self, cast: Cast) -> None:
        slip = BuyerSlip(draft=CustomerDraft(name="周小宝", phones=("13900139000",), birthday=YOUNG))
        assert recognise(buyer=slip, shop=cast.shop_a, by=cast.mei, now=NOW) is None
        assert not Customer.objects.filter(name="周小宝").exists()


class TestConsents:
    def test_of_the_guardian_end_when_she_is_fourteen(self, cast: Cast) -> None:
        customer = child(cast, GuardianWord("paper"))
        give_consent(
            customer=customer, purpose="care", channels=("sms",), proof="paper", giver="guardian", by=cast.mei, now=NOW
        )
        asked = {"customer": customer, "purpose": "care", "channel": "sms"}
        assert may_contact(**asked, today=TODAY).may  # type: ignore[arg-type]
        grown = may_contact(**asked, today=TODAY + timedelta(days=365 * 4))  # type: ignore[arg-type]
        assert (grown.may, grown.why) == (False, "of_age")

    def test_show_the_guardians_row_for_children_alone(self, cast: Cast) -> None:
        customer = child(cast, GuardianWord("paper"))
        seen = {one.purpose for one in consents_of(viewer=cast.mei, customer=customer, today=TODAY)}
        grown = {one.purpose for one in consents_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)}
        assert seen - grown == {"under_14"}


class TestChildrenUnguarded:
    def test_names_who_has_no_word_and_who_has_a_no(self, cast: Cast) -> None:
        kept, gone, never = (child(cast, GuardianWord("paper")) for _ in range(3))
        ConsentEntry.objects.filter(customer=never).delete()
        withdraw_consent(
            customer=gone,
            purpose="under_14",
            proof="spoken",
            by=cast.mei,
            now=NOW + timedelta(hours=1),
            giver="guardian",
        )
        assert children_unguarded(today=TODAY) == {gone.pk: True, never.pk: False}
        assert kept.pk not in children_unguarded(today=TODAY)


class TestOfAgeNow:
    def test_names_who_is_fourteen_and_has_not_spoken_herself(self, cast: Cast) -> None:
        customer = child(cast, GuardianWord("paper"))
        later = NOW + timedelta(days=365 * 4)
        assert of_age_now(today=TODAY) == []
        assert of_age_now(today=later.date()) == [customer.pk]
        give_consent(customer=customer, purpose="care", channels=("sms",), proof="paper", by=cast.mei, now=later)
        assert of_age_now(today=later.date()) == []
