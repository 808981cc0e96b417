"""Known things of level 4: sealed to their rows, masked for who leads, shown for a reason, one of equal ones."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import Settings
from tests.cast import NOW, Cast

from zhenke.basics.cipher import SealBroken, load_keyring, make_keyring, save_keyring
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, CustomerTeam, Merge, RevealTally, Trait
from zhenke.customers.operations import drop_trait, reveal_trait, save_custom_field, set_trait, set_traits
from zhenke.customers.operations.contacts import ReasonMissing
from zhenke.customers.operations.permits import ask_permit, decide_permit
from zhenke.customers.operations.resealing import reseal_merges
from zhenke.customers.operations.reveals import set_quotas
from zhenke.customers.operations.sealing_traits import follow_level, reseal_traits
from zhenke.customers.queries import traits_of
from zhenke.customers.queries.access_pack import archive_told
from zhenke.customers.queries.archive import CustomerUnknown
from zhenke.customers.queries.lists import customer_page
from zhenke.customers.queries.sealed import images_by_key
from zhenke.customers.queries.sealed_traits import GROUP, masked_traits, trait_for, trait_text, traits_by_key
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.customers.rules.permits import ProofMissing, SecondPersonMissing
from zhenke.customers.rules.reveals import RevealsUsedUp
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
ILL, OTHER = "怀孕三个月", "镍过敏史"
LATER = NOW + timedelta(minutes=1)


def told(cast: Cast, *texts: str, key: str = "health", customer: Customer | None = None) -> list[Trait]:
    her = customer or cast.mrs_zhou
    for text in texts:
        set_trait(customer=her, key=key, text=text, by=cast.lin, now=NOW)
    return list(Trait.objects.filter(customer=her, key=key).order_by("pk"))


def values(customer: Customer) -> list[tuple[str, str]]:
    return sorted((row.key, trait_text(row)) for row in Trait.objects.filter(customer=customer))


def look(member: StaffMember, key: int, reason: str = "serve", *, proved: bool = True) -> str:
    return reveal_trait(viewer=member, trait=key, reason=reason, now=LATER, proved_at=NOW if proved else None)


def make(cast: Cast, importance: int) -> None:
    Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=importance, importance_reason="asked")
    cast.mrs_zhou.refresh_from_db()


def plain(cast: Cast, text: str, key: str = "health") -> Trait:
    """Write a value as rows stood before they were sealed."""
    return Trait.objects.create(customer=cast.mrs_zhou, key=key, text=text, confirmed_at=NOW)


@pytest.fixture
def ring(settings: Settings, tmp_path: Path) -> Path:
    settings.KEY_FILE = tmp_path / "fields.json"
    make_keyring(settings.KEY_FILE)
    return settings.KEY_FILE


def rotate(ring: Path) -> None:
    save_keyring(ring, load_keyring(ring).with_new_key())


class TestSealing:
    def test_leaves_no_plain_text_whichever_way_it_is_written(self, cast: Cast) -> None:
        told(cast, ILL)
        set_traits(customer=cast.mrs_zhou, values={"faith": [OTHER], "metal": ["gold"]}, by=cast.zhu, now=NOW)
        rows = Trait.objects.values_list("key", "text", "sealed")
        assert not any(word in text + seal for _, text, seal in rows for word in (ILL, OTHER))
        assert {key: bool(seal) for key, _, seal in rows} == {"health": True, "faith": True, "metal": False}
        assert values(cast.mrs_zhou) == [("faith", OTHER), ("health", ILL), ("metal", "gold")]

    def test_twice_is_one_row_and_equal_ones_do_not_look_equal(self, cast: Cast) -> None:
        [mine, his] = [*told(cast, ILL, ILL), *told(cast, ILL, customer=cast.mr_zhou)]
        assert mine.text != his.text and mine.sealed != his.sealed

    def test_a_seal_moved_to_another_row_is_refused(self, cast: Cast) -> None:
        mine, other = told(cast, ILL, OTHER)
        Trait.objects.filter(pk=other.pk).update(sealed=mine.sealed)
        with pytest.raises(SealBroken):
            trait_text(Trait.objects.get(pk=other.pk))

    def test_follows_an_own_field_to_level_four_and_back(self, cast: Cast) -> None:
        own = {"key": "care", "name_en": "Care", "name_zh": "关怀", "kind": "several", "choices": ["a", "b"]}
        save_custom_field(**own, level=2, by=cast.zhu, now=NOW)
        told(cast, "a", key="custom.care")
        save_custom_field(**own, level=4, by=cast.zhu, now=NOW)
        [row] = Trait.objects.all()
        assert row.sealed and row.text != "a" and trait_text(row) == "a"
        save_custom_field(**own, level=3, by=cast.zhu, now=NOW)
        [row] = Trait.objects.all()
        assert (row.text, row.sealed) == ("a", "")
        assert follow_level(key="custom.care", is_sealed=False) == 0

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_one_row_is_left(self, cast: Cast) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("one writer at a time")
        start = Barrier(2)

        def write() -> None:
            start.wait()
            told(cast, ILL)
            connection.close()

        threads = [Thread(target=write) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert values(cast.mrs_zhou) == [("health", ILL)]


class TestTraitsOf:
    def test_gives_masks_to_who_leads_the_whole_to_the_house_and_nothing_to_others(self, cast: Cast) -> None:
        told(cast, ILL)
        seen = {
            name: [(row.text, row.is_masked) for row in traits_of(viewer=who, customer=cast.mrs_zhou).get("health", [])]
            for name, who in {"lin": cast.lin, "zhu": cast.zhu, "mei": cast.mei, "qiao": cast.qiao}.items()
        }
        assert seen == {"lin": [("***", True)], "zhu": [("***", True)], "mei": [], "qiao": []}
        [row] = traits_of(viewer=SYSTEM, customer=cast.mrs_zhou)["health"]
        assert (row.text, row.is_masked) == (ILL, False)

    def test_nobody_filters_by_what_is_masked(self, cast: Cast) -> None:
        told(cast, ILL)
        for filters in (CustomerFilters(traits=(("health", ""),)), CustomerFilters(any_traits=(("health", (ILL,)),))):
            with pytest.raises(NotAllowed):
                customer_page(viewer=cast.zhu, filters=filters)

    def test_a_stranger_finds_no_row(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        for who in (cast.qiao, cast.mei, cast.an, cast.ji, cast.other):
            with pytest.raises(CustomerUnknown):
                trait_for(viewer=who, id=row.pk)
        assert masked_traits(viewer=cast.mei) == frozenset()
        assert traits_by_key(viewer=cast.zhu, key_ids=()) == {}


class TestWriting:
    def test_of_several_adds_and_takes_nothing_unseen(self, cast: Cast) -> None:
        told(cast, ILL)
        given = {"customer": cast.mrs_zhou, "by": cast.lin, "now": NOW}
        assert set_traits(values={"health": [OTHER]}, **given) == ["health"]
        assert set_traits(values={"health": [OTHER]}, **given) == []
        assert [text for _, text in values(cast.mrs_zhou)] == sorted([ILL, OTHER])
        assert set_traits(values={"health": []}, **given) == ["health"]
        assert values(cast.mrs_zhou) == []

    def test_nobody_drops_by_trying_words(self, cast: Cast) -> None:
        first, second = told(cast, ILL, OTHER)
        with pytest.raises(NotAllowed):
            drop_trait(customer=cast.mrs_zhou, key="health", text=ILL, by=cast.lin)
        assert drop_trait(customer=cast.mrs_zhou, key="health", trait=first.pk, by=cast.lin) == 1
        assert drop_trait(customer=cast.mrs_zhou, key="health", trait=first.pk, by=cast.lin) == 0
        assert [row.pk for row in Trait.objects.all()] == [second.pk]


class TestReveal:
    def test_is_counted_and_marked_and_the_mark_says_no_word(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        for n in (1, 2):  # each look leaves its own mark
            assert look(cast.lin, row.pk) == ILL
            assert RevealTally.objects.get(member=cast.lin).shown == n
        lines = AuditEntry.objects.filter(action="trait.revealed")
        assert [line.facts["kind"] for line in lines] == ["health", "health"]
        assert not any(ILL in str(line.facts) for line in AuditEntry.objects.all())

    def test_asks_for_reason_proof_and_what_is_left_of_the_day(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        with pytest.raises(ReasonMissing):
            look(cast.lin, row.pk, "because")
        with pytest.raises(ProofMissing):
            look(cast.lin, row.pk, proved=False)
        set_quotas(quotas={("shop_manager", 1): 0}, by=cast.zhu, now=NOW)
        with pytest.raises(RevealsUsedUp):
            look(cast.lin, row.pk)
        assert not RevealTally.objects.filter(shown__gt=0).exists()
        assert not AuditEntry.objects.filter(action="trait.revealed").exists()

    def test_is_nothing_for_who_is_not_shown_it(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        for who in (cast.mei, cast.qiao, cast.an, cast.ji):
            with pytest.raises(CustomerUnknown):
                look(who, row.pk)

    def test_of_a_protected_person_needs_a_second_one(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        CustomerTeam.objects.create(customer=cast.mrs_zhou, member=cast.lin, part="second", from_date=NOW.date())
        make(cast, 3)
        with pytest.raises(SecondPersonMissing):
            look(cast.lin, row.pk)
        asked = {"customer": cast.mrs_zhou, "group": GROUP, "subject": row.pk, "reason": "serve"}
        permit = ask_permit(**asked, by=cast.lin, now=NOW)
        decide_permit(permit=permit, agree=True, because="known", by=cast.zhu, now=NOW)
        assert look(cast.lin, row.pk) == ILL
        with pytest.raises(SecondPersonMissing):  # one look
            look(cast.lin, row.pk)

    def test_an_advisor_cannot_even_ask(self, cast: Cast) -> None:
        [row] = told(cast, ILL)
        make(cast, 3)
        with pytest.raises(NotAllowed):
            ask_permit(customer=cast.mrs_zhou, group=GROUP, subject=row.pk, reason="serve", by=cast.mei, now=NOW)


class TestKeys:
    def test_rotation_brings_rows_and_what_merges_keep(self, cast: Cast, ring: Path) -> None:
        told(cast, ILL)
        told(cast, ILL, OTHER, customer=cast.mr_zhou)
        merge_customers(winner=cast.mrs_zhou.pk, loser=cast.mr_zhou.pk, choices={}, by=cast.lin, now=NOW)
        assert [text for _, text in values(cast.mrs_zhou)] == sorted([ILL, OTHER])
        rotate(ring)
        assert traits_by_key(viewer=SYSTEM, key_ids=("k1", "k2")) == {"k1": 2}
        assert images_by_key(viewer=SYSTEM) == {"k1": 1}
        last, brought = reseal_traits(after=0, size=1)
        assert brought == 1 and reseal_traits(after=last or 0)[1] == 1
        reseal_merges(after=0)
        assert reseal_traits(after=0) == (None, 0)
        assert traits_by_key(viewer=SYSTEM, key_ids=("k1", "k2")) == {"k2": 2}
        save_keyring(ring, load_keyring(ring).without_key("k1"))
        undo_merge(merge=Merge.objects.get(), by=cast.lin, now=NOW)
        assert values(cast.mrs_zhou) == [("health", ILL)]
        assert [text for _, text in values(cast.mr_zhou)] == sorted([ILL, OTHER])

    def test_the_walk_seals_what_is_plain(self, cast: Cast, ring: Path) -> None:
        row = plain(cast, ILL)
        assert traits_by_key(viewer=SYSTEM, key_ids=("k1",)) == {"": 1}
        assert reseal_traits(after=0) == (row.pk, 1)
        row.refresh_from_db()
        assert trait_text(row) == ILL and ILL not in row.text + row.sealed
        assert traits_by_key(viewer=SYSTEM, key_ids=("k1",)) == {"k1": 1}


class TestAccessPack:
    def test_tells_her_whole_what_is_known(self, cast: Cast) -> None:
        told(cast, ILL)
        pack = archive_told(customer=cast.mrs_zhou, pieces=[])
        assert [(row["key"], row["text"]) for row in pack["known"]] == [("health", ILL)]


class TestMigration:
    def test_seals_rows_and_what_merges_keep_and_goes_on_where_it_was_cut_off(self, cast: Cast, ring: Path) -> None:
        save_custom_field(key="ill", name_en="Ill", name_zh="病", kind="text", level=4, by=cast.zhu, now=NOW)
        rows = [plain(cast, ILL), plain(cast, OTHER), plain(cast, OTHER, "custom.ill"), plain(cast, "gold", "metal")]
        gone = Trait.objects.create(customer=cast.mr_zhou, key="health", text=ILL, confirmed_at=NOW)
        image = {"id": gone.pk, "customer_id": cast.mr_zhou.pk, "key": "health", "text": ILL}
        moved = {"customers": {"before": {"customers_trait": {str(gone.pk): image}}}}
        key = gone.pk
        gone.delete()
        merge = Merge.objects.create(winner=cast.mrs_zhou, loser_key=1, moved=moved, at=NOW, by=cast.lin)
        seal = import_module("zhenke.customers.migrations.0015_sealed_traits")
        seal._seal_rows(apps.get_model("customers", "Trait"), {"health"})  # cut off after one kind
        sealed_first = Trait.objects.get(pk=rows[0].pk).sealed
        for _ in range(2):
            seal.seal_what_stands(apps, connection.schema_editor(atomic=False))
        kept = [("custom.ill", OTHER), *sorted([("health", ILL), ("health", OTHER)]), ("metal", "gold")]
        assert values(cast.mrs_zhou) == kept
        assert Trait.objects.get(pk=rows[0].pk).sealed == sealed_first
        assert {row.key for row in Trait.objects.filter(sealed="")} == {"metal"}
        merge.refresh_from_db()
        image = merge.moved["customers"]["before"]["customers_trait"][str(key)]
        assert ILL not in str(image)
        assert trait_text(Trait(id=key, text=image["text"], sealed=image["sealed"])) == ILL
