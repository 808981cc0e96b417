"""A customer is forgotten: nothing of her is found in any column of any table, and no old copy brings her back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.conf import settings
from django.db import connection
from tests.cast import NOW, Cast, gather
from tests.catalogue.jewel_box import picture
from tests.promises.merging_world import people

from zhenke.basics.errors import NotAllowed
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations.photos import add_photo
from zhenke.catalogue.queries.whole import photo_folder
from zhenke.customers.models import (
    Customer,
    ImportBatch,
    ImportReject,
    ImportRun,
    Merge,
    SavedView,
)
from zhenke.customers.operations import add_contact, add_customer, add_interaction, give_consent, set_trait
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.queries import CustomerUnknown, contacts_of
from zhenke.customers.queries.erasure import erased_still_here, list_path
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.doors.commands.forget import forget, forget_again
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.journeys.forget_customer import forget_customer
from zhenke.journeys.merge_customers import merge_customers
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.audit import broken_links
from zhenke.staff.models import AuditEntry, StoredReply

pytestmark = pytest.mark.django_db
TABLES = [model for model in apps.get_models() if model._meta.managed]


@pytest.fixture(autouse=True)
def own_list() -> Iterator[None]:
    """Each test begins with nobody forgotten."""
    list_path().unlink(missing_ok=True)
    yield
    list_path().unlink(missing_ok=True)


def canary(number: int, what: str) -> str:
    return f"金丝雀{number}号{what}"


def marked(cast: Cast, number: int) -> Customer:
    """Open an archive with a word of its own in every field that takes words, and things in every room."""
    customer = add_customer(
        draft=CustomerDraft(
            name=canary(number, "名"),
            card_number=f"CANARY{number}",
            source_key=f"canary:{number}",
            phones=(f"1390013900{number}",),
            emails=(f"canary{number}@example.com",),
            wechat_ids=(f"canary_{number}",),
            addresses=(canary(number, "路"),),
            notes=canary(number, "备注"),
            caution=canary(number, "注意"),
            region=canary(number, "区"),
            tags=("老客",),
            shop=cast.shop_a,
            owner=cast.mei,
        ),
        by=SYSTEM,
        now=NOW,
    )
    set_trait(customer=customer, key="motif", text=canary(number, "花"), by=cast.mei, now=NOW)
    add_interaction(
        customer=customer, kind="note", at=NOW, by=cast.mei, shop=cast.shop_a, text=canary(number, "话"), now=NOW
    )
    give_consent(
        customer=customer, purpose="care", channels=("wechat",), proof="paper", proof_note=canary(number, "单"),
        by=cast.mei, now=NOW,
    )  # fmt: skip
    sale = Sale.objects.create(
        source_key=f"s:canary:{number}", customer=customer, shop=cast.shop_a, advisor=cast.mei, amount_minor=88_800,
        sold_at=NOW, sold_date=NOW.date(), note=canary(number, "记"), created_at=NOW,
        prompted_by=customer.interactions.get(),
    )  # fmt: skip
    SaleLine.objects.create(sale=sale, line_key="1", amount_minor=88_800, description="足金戒指")
    piece = Piece.objects.create(
        customer=customer, shop=cast.shop_a, name=canary(number, "戒"), serial=f"S{number}",
        hallmark=canary(number, "印"), created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW)
    _remembered(cast, customer, number)
    return customer


def _remembered(cast: Cast, customer: Customer, number: int) -> None:
    """Let an import, an answer to a program and a saved list remember her."""
    run = ImportRun.objects.create(
        subject="customers", file_name="a.csv", file_hash="0" * 64, shop=cast.shop_a, started_at=NOW
    )
    ImportBatch.objects.create(
        run=run,
        position=1,
        before={
            "customers_customer": {str(customer.pk): {"name": canary(number, "旧名")}},
            "customers_trait": {"1": {"customer_id": customer.pk, "text": canary(number, "旧")}},
            "sales_sale": {"2": {"customer_id": customer.pk, "note": canary(number, "旧记")}},
        },
        after={"customers_customer": {str(customer.pk): {"name": canary(number, "新名")}}},
    )
    for cells in ([canary(number, "名"), "x"], ["x", f"+86 139 0013 900{number}"]):
        ImportReject.objects.create(run=run, row=2, code="row_fault", cells=cells)
    StoredReply.objects.create(
        credential="1", endpoint="/customers", key=str(number), request_hash="0", status=201, started_at=NOW,
        body=json.dumps({"id": str(customer.pk), "name": canary(number, "名")}, ensure_ascii=False),
    )  # fmt: skip
    SavedView.objects.create(staff=cast.mei, name=f"list {number}", filters={"q": canary(number, "名")}, created_at=NOW)


def found(words: list[str]) -> list[str]:
    """Return the columns of any table in which one of the words stands, in any spelling of JSON."""
    spelled = [form for word in words for form in (word, json.dumps(word)[1:-1])]
    hits = []
    for model in TABLES:
        names = [field.column for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(connection.ops.quote_name(name) for name in names)} FROM {model._meta.db_table}"
            )
            for row in cursor.fetchall():
                text = [str(value) for value in row]
                hits += [
                    f"{model._meta.db_table}.{name}"
                    for name, value in zip(names, text, strict=True)
                    if any(word in value for word in spelled)
                ]
    return hits


def words_of(number: int) -> list[str]:
    return [f"金丝雀{number}号", f"CANARY{number}", f'canary:{number}"', f"canary{number}@", f"1390013900{number}"]


@pytest.fixture
def two(cast: Cast) -> tuple[Customer, Customer]:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
    return marked(cast, 1), marked(cast, 2)


class TestForgetCustomer:
    def test_leaves_no_word_of_hers_in_any_table_and_every_word_of_others(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        hers, others = found(words_of(1)), sorted(found(words_of(2)))
        assert len(set(hers)) >= 15
        done = forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        assert found(words_of(1)) == []
        assert sorted(found(words_of(2))) == others
        assert done.counts["pieces"] == done.counts["receipts"] == 1
        assert done.counts["rejects"] == 2

    def test_keeps_the_figures_of_the_books(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        sale = Sale.objects.get(source_key="s:canary:1")
        assert (sale.amount_minor, sale.customer_id, sale.note, sale.prompted_by_id) == (88_800, None, "", None)
        assert sale.lines.get().description == "足金戒指"

    def test_leaves_no_key_of_hers_but_in_the_trail(self, cast: Cast) -> None:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        keys = people(cast, Random(7), 12)
        for key in keys[:6]:
            forget_customer(customer_id=key, by=SYSTEM, now=NOW)
            left = {place for place in found([str(key)]) if not place.startswith("staff_auditentry")}
            assert left == set()
        assert Customer.objects.filter(pk__in=keys).count() == 6
        assert broken_links() == []

    def test_takes_photos_off_the_disk(
        self, cast: Cast, two: tuple[Customer, Customer], django_capture_on_commit_callbacks
    ) -> None:  # type: ignore[no-untyped-def]
        before = len(list(photo_folder().iterdir()))
        with django_capture_on_commit_callbacks(execute=True):
            forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        assert len(list(photo_folder().iterdir())) == before - 2

    def test_twice_and_for_strangers_finds_nobody(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        for viewer in (cast.other,):
            with pytest.raises(CustomerUnknown):
                forget_customer(customer_id=two[0].pk, by=viewer, now=NOW)
        forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        with pytest.raises(CustomerUnknown):
            forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        assert AuditEntry.objects.filter(action="customer.forgotten", subject_id=two[0].pk).count() == 1

    def test_is_not_for_advisors_and_leaves_everything_then(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        for viewer in (cast.mei, cast.ji, cast.an):
            with pytest.raises(NotAllowed):
                forget_customer(customer_id=two[0].pk, by=viewer, now=NOW)
        assert len(contacts_of(viewer=cast.mei, customer=two[0])) == 4
        assert not list_path().exists()

    def test_of_a_merged_archive_forgets_what_the_merge_remembers(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        loser = two[1].pk
        merge_customers(winner=two[0].pk, loser=loser, choices={}, by=SYSTEM, now=NOW)
        forget_customer(customer_id=two[0].pk, by=SYSTEM, now=NOW)
        assert found(words_of(1)) == found(words_of(2)) == []
        assert not Merge.objects.exists()


class TestForgetAgain:
    def test_forgets_who_came_back_with_an_old_copy(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        assert erased_still_here() == []
        back = Customer.objects.create(
            id=two[0].pk, name=canary(1, "名"), shop=cast.shop_a, created_at=NOW, updated_at=NOW
        )
        add_contact(customer=back, kind="phone", text="13900139001", by=SYSTEM, now=NOW)
        assert forget_again(NOW + timedelta(days=1)) == 1
        assert found(words_of(1)) == []
        assert forget_again(NOW + timedelta(days=1)) == 0

    def test_knows_what_had_been_merged_into_her(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        merge_customers(winner=two[0].pk, loser=two[1].pk, choices={}, by=SYSTEM, now=NOW)
        forget_customer(customer_id=two[0].pk, by=SYSTEM, now=NOW)
        Customer.objects.create(id=two[1].pk, name="旧", shop=cast.shop_a, created_at=NOW, updated_at=NOW)
        assert erased_still_here() == [two[1].pk]

    def test_keeps_a_list_that_tells_nothing_and_is_closed_to_others(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        forget_customer(customer_id=two[0].pk, by=cast.lin, now=NOW)
        text = list_path().read_text()
        assert str(two[0].pk) not in text and "金丝雀" not in text
        assert list_path().stat().st_mode & 0o077 == 0
        assert Path(settings.HOME) != list_path().parent


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
class TestForgetCommand:
    def test_leaves_no_byte_in_the_files_and_an_old_copy_is_forgotten_again(self, tmp_path: Path) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("one file to copy and to read byte by byte is SQLite's")
        cast = gather()
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        hers, _ = marked(cast, 1), marked(cast, 2)
        database, old = Path(str(connection.settings_dict["NAME"])), tmp_path / "old.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(old)])
        assert in_bytes(old, 1)
        answer = CliRunner().invoke(forget, [str(hers.pk), "--yes", "--json"], catch_exceptions=False)
        assert json.loads(answer.output)["forgotten"] == 1
        files = [database, database.with_name(database.name + "-wal")]
        assert [file.name for file in files if file.exists() and in_bytes(file, 1)] == []
        assert in_bytes(database, 2)
        connection.close()
        shutil.copy(old, database)
        for file in files[1:]:
            file.unlink(missing_ok=True)
        assert found(words_of(1)) != []
        answer = CliRunner().invoke(forget, ["--reapply", "--json"], catch_exceptions=False)
        assert json.loads(answer.output) == {"forgotten": 1}
        assert found(words_of(1)) == [] != found(words_of(2))
        assert not in_bytes(database, 1)

    def test_does_nothing_without_a_yes(self, cast: Cast) -> None:
        answer = CliRunner().invoke(forget, [str(cast.mrs_zhou.pk)])
        assert answer.exit_code == 2
        assert Customer.objects.filter(pk=cast.mrs_zhou.pk).exists()


def in_bytes(file: Path, number: int) -> bool:
    """Return whether the raw file holds a word of hers, as text or as JSON writes it."""
    raw = file.read_bytes()
    spelled = [form for word in words_of(number) for form in (word, json.dumps(word)[1:-1])]
    return any(word.encode() in raw for word in spelled)
