"""Asked first, then erased: silent members, children without a guardian; and who is fourteen is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.care.models import Task
from zhenke.customers.models import ConsentEntry, Customer
from zhenke.customers.operations import add_customer, add_interaction, withdraw_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.holds import set_hold
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.retention import RETENTION_DAYS
from zhenke.doors.jobs.retention import ask_before_erasing, keep_retention
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
ASK = NOW + timedelta(days=RETENTION_DAYS["silent_members"] + 1)
GONE = ASK + timedelta(days=RETENTION_DAYS["asked_to_stay"] + 1)


@pytest.fixture(autouse=True)
def list_beside_keys(settings: Any, tmp_path: Path) -> None:
    key_file = tmp_path / "keys"
    key_file.write_bytes(Path(settings.KEY_FILE).read_bytes())
    key_file.chmod(0o600)
    settings.KEY_FILE = str(key_file)


@pytest.fixture
def member(cast: Cast) -> Customer:
    """Somebody who bought today, and nobody else."""
    Customer.objects.all().delete()
    found = Customer.objects.create(name="何念", shop=cast.shop_a, owner=cast.mei, created_at=NOW, updated_at=NOW)
    bought(cast, found, NOW)
    return found


def bought(cast: Cast, customer: Customer, at: datetime) -> None:
    Sale.objects.create(
        source_key=f"s{at}", customer=customer, shop=cast.shop_a, sold_at=at, sold_date=at.date(), amount_minor=1,
        created_at=at,
    )  # fmt: skip


def told(cast: Cast, customer: Customer, at: datetime, result: str) -> None:
    add_interaction(
        customer=customer, kind="call", at=at, by=cast.mei, shop=cast.shop_a, text="", result=result, now=at
    )


class TestSilentMembers:
    def test_are_asked_once_and_erased_when_nothing_is_heard(self, cast: Cast, member: Customer) -> None:
        assert ask_before_erasing(ASK - timedelta(days=1)) == {"silent": 0, "guardian": 0, "of_age": 0}
        assert [ask_before_erasing(ASK)["silent"] for _ in range(2)] == [1, 0]
        task = Task.objects.get()
        assert (task.step, task.assignee, task.reason) == ("ask_to_stay", cast.mei, {"field": "silent"})
        assert keep_retention(GONE - timedelta(days=1))["members"] == 0
        assert keep_retention(GONE)["members"] == 1
        assert not Customer.objects.exists()
        assert Sale.objects.get().customer_id is None

    def test_stay_when_they_were_not_asked(self, cast: Cast, member: Customer) -> None:
        assert keep_retention(GONE + timedelta(days=900))["members"] == 0

    @pytest.mark.parametrize(
        ("result", "stays"),
        [("reached", True), ("not_interested", True), ("no_answer", False), ("wrong_number", False)],
    )
    def test_stay_when_they_were_heard_and_go_when_only_the_shop_called(
        self, cast: Cast, member: Customer, result: str, stays: bool
    ) -> None:
        ask_before_erasing(ASK)
        told(cast, member, ASK + timedelta(days=20), result)
        assert keep_retention(GONE)["members"] == (0 if stays else 1)

    def test_stay_when_they_buy_or_the_archive_is_changed(self, cast: Cast, member: Customer) -> None:
        ask_before_erasing(ASK)
        bought(cast, member, ASK + timedelta(days=3))
        assert keep_retention(GONE)["members"] == 0

    def test_are_asked_again_after_three_more_years_of_silence(self, cast: Cast, member: Customer) -> None:
        ask_before_erasing(ASK)
        told(cast, member, ASK + timedelta(days=20), "reached")
        again = ASK + timedelta(days=20 + RETENTION_DAYS["silent_members"] + 1)
        assert ask_before_erasing(again - timedelta(days=30))["silent"] == 0
        assert ask_before_erasing(again)["silent"] == 1

    def test_are_left_alone_while_the_law_holds_them(self, cast: Cast, member: Customer) -> None:
        ask_before_erasing(ASK)
        until = (GONE + timedelta(days=40)).date()
        set_hold(customer=member, reason="案", until_date=until, today=ASK.date(), by=cast.zhu, now=ASK)
        assert keep_retention(GONE)["members"] == 0
        assert keep_retention(GONE + timedelta(days=42))["members"] == 1


class TestChildren:
    @pytest.fixture(autouse=True)
    def child(self, cast: Cast) -> Customer:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        draft = CustomerDraft(name="小宝", birthday=DayOfYear(5, 6, year=2015), guardian_word=GuardianWord("paper"))
        return add_customer(draft=draft, by=cast.mei, now=NOW)

    def test_go_in_the_night_after_the_guardian_takes_it_back(self, cast: Cast, child: Customer) -> None:
        assert keep_retention(NOW)["children"] == 0
        later = NOW + timedelta(hours=1)
        withdraw_consent(customer=child, purpose="under_14", proof="spoken", by=cast.mei, now=later, giver="guardian")
        assert keep_retention(NOW + timedelta(days=1))["children"] == 1

    def test_of_older_files_are_asked_for_and_go_without_a_yes(self, cast: Cast, child: Customer) -> None:
        ConsentEntry.objects.all().delete()
        assert [ask_before_erasing(NOW)["guardian"] for _ in range(2)] == [1, 0]
        last = NOW + timedelta(days=RETENTION_DAYS["children_asked"])
        assert keep_retention(last)["children"] == 0
        assert keep_retention(last + timedelta(days=1))["children"] == 1

    def test_are_asked_themselves_when_they_are_fourteen_and_stay(self, cast: Cast, child: Customer) -> None:
        grown = NOW + timedelta(days=365 * 3)
        assert [ask_before_erasing(grown)["of_age"] for _ in range(2)] == [1, 0]
        assert keep_retention(grown + timedelta(days=40))["children"] == 0
