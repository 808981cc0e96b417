"""Claims through the journeys: an import undone, two archives merged and parted, a key changed, somebody forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.architecture.house import SOURCE
from tests.cast import NOW, Cast
from tests.journeys.importing import picture, take_in, write_csv

from zhenke.basics.cipher import load_keyring, make_keyring, save_keyring
from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Claim, Customer
from zhenke.customers.operations import add_customer, add_date, change_customer, set_trait
from zhenke.customers.operations.claims import note_claims, reseal_claims
from zhenke.customers.queries.claims import claims_by_key, conflicts_of, opened_claim
from zhenke.customers.rules.claims import Said
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_import import undo_import
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM


@pytest.fixture
def zhou(cast: Cast) -> Customer:
    """Mrs Zhou with what Mei wrote down of her."""
    change_customer(customer=cast.mrs_zhou, changes={"region": "深圳"}, by=cast.mei, now=NOW)
    add_date(
        customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(5, 3, year=1990), by=cast.mei, now=NOW, source="desk"
    )
    set_trait(customer=cast.mrs_zhou, key="ring_size", text="12", by=cast.mei, now=NOW, source="desk")
    return Customer.objects.get(pk=cast.mrs_zhou.pk)


def said_of(customer: Customer) -> set[tuple[str, str, str]]:
    return {(row.field, opened_claim(row), row.decision) for row in Claim.objects.filter(customer=customer)}


class TestUndoImport:
    def test_takes_the_claims_back_with_the_values(self, cast: Cast, zhou: Customer, tmp_path: Path) -> None:
        headings = ("卡号", "姓名", "生日", "地区", "戒圈")
        path = write_csv(tmp_path / "a.csv", headings, [("ZK000001", "周丽华", "1990-05-04", "香港", "14")])
        before = picture()
        run = take_in(path, subject="customers", shop=cast.shop_a, by=cast.lin)
        assert {field for field, _, _ in said_of(zhou)} >= {"region", "date:birthday"}
        again = take_in(path, subject="customers", shop=cast.shop_a, by=cast.lin)
        assert (again.created, again.updated) == (0, 0)
        undo_import(run=run, by=cast.lin, now=NOW)
        assert picture() == before


class TestMergeCustomers:
    def twin(self, cast: Cast) -> Customer:
        """She wrote herself down once more, with another day and district."""
        draft = CustomerDraft(
            name="周丽华",
            birthday=DayOfYear(5, 4, year=1990),
            region="香港",
            shop=cast.shop_a,
            owner=cast.mei,
            source="sign_up",
        )
        return add_customer(draft=draft, by=SYSTEM, now=NOW)

    def test_keeps_what_nobody_chose_against(self, cast: Cast, zhou: Customer) -> None:
        twin = self.twin(cast)
        note_claims(customer_id=twin.pk, said=[Said("region", "广州", "import", NOW.date())], now=NOW)
        before = picture()
        merge = merge_customers(winner=zhou.pk, loser=twin.pk, choices={}, by=cast.lin, now=NOW)
        told = {(one.field, other.text, other.source) for one in _conflicts(cast, zhou) for other in one.others}
        assert told == {
            ("region", "香港", "sign_up"),
            ("region", "广州", "import"),
            ("date:birthday", "solar.5.4.0.1990", "sign_up"),
        }
        undo_merge(merge=merge, by=cast.lin, now=NOW)
        after = picture()
        assert {table: rows for table, rows in after.items() if "claim" in table} == {
            table: rows for table, rows in before.items() if "claim" in table
        }

    def test_keeps_no_claim_of_what_somebody_chose(self, cast: Cast, zhou: Customer) -> None:
        choices = {"region": "winner", "date:birthday:": "loser"}
        merge_customers(winner=zhou.pk, loser=self.twin(cast).pk, choices=choices, by=cast.lin, now=NOW)
        assert said_of(zhou) == set()

    def test_the_same_claim_of_both_goes_back_to_each(self, cast: Cast, zhou: Customer) -> None:
        twin = self.twin(cast)
        for one in (zhou, twin):
            note_claims(customer_id=one.pk, said=[Said("language", "en", "api", NOW.date())], now=NOW)
        merge = merge_customers(winner=zhou.pk, loser=twin.pk, choices={"region": "winner"}, by=cast.lin, now=NOW)
        assert [one.field for one in _conflicts(cast, zhou)] == ["date:birthday", "language"]
        undo_merge(merge=merge, by=cast.lin, now=NOW)
        assert said_of(zhou) == said_of(Customer.objects.get(pk=twin.pk)) == {("language", "en", "")}


def _conflicts(cast: Cast, customer: Customer) -> list:  # type: ignore[type-arg]
    return conflicts_of(viewer=cast.zhu, customer=Customer.objects.get(pk=customer.pk))


class TestForgetCustomer:
    def test_leaves_no_claim(self, cast: Cast, zhou: Customer) -> None:
        note_claims(customer_id=zhou.pk, said=[Said("region", "香港", "import", NOW.date())], now=NOW)
        forget_customer(customer_id=zhou.pk, by=cast.zhu, now=NOW)
        assert not Claim.objects.exists()


class TestResealClaims:
    def test_brings_claims_under_the_newest_key_and_knows_them_again(
        self, cast: Cast, zhou: Customer, settings: Settings, tmp_path: Path
    ) -> None:
        settings.KEY_FILE = tmp_path / "fields.json"
        make_keyring(settings.KEY_FILE)
        said = [Said("region", "香港", "import", NOW.date())]
        note_claims(customer_id=zhou.pk, said=said, now=NOW)
        save_keyring(settings.KEY_FILE, load_keyring(settings.KEY_FILE).with_new_key())
        assert note_claims(customer_id=zhou.pk, said=said, now=NOW) == 0
        assert claims_by_key(viewer=SYSTEM, key_ids=("k1", "k2")) == {"k1": 1}
        assert claims_by_key(viewer=cast.zhu, key_ids=("k1", "k2")) == {}
        assert [reseal_claims(after=0)[1] for _ in range(2)] == [1, 0]
        assert claims_by_key(viewer=SYSTEM, key_ids=("k1", "k2")) == {"k2": 1}
        assert note_claims(customer_id=zhou.pk, said=said, now=NOW) == 0
        assert said_of(zhou) == {("region", "香港", "")}


class TestWaysOut:
    """Claims never leave by a program or a file: nothing that answers there so much as reads them."""

    @pytest.mark.one_database
    def test_no_answer_to_a_program_and_no_export_reads_claims(self) -> None:
        reads = re.compile(r"queries\.claims|models import [^\n]*\bClaim\b|^\s+Claim,$|conflicts_of", re.MULTILINE)
        files = [*(SOURCE / "doors" / "api").glob("*.py"), *SOURCE.rglob("exports.py"), *SOURCE.rglob("facts.py")]
        assert len(files) > 20
        assert [path for path in files if reads.search(path.read_text(encoding="utf-8"))] == []
        assert reads.search("from zhenke.customers.queries.claims import conflicts_of")
