"""Bringing contacts under a new key: nothing is lost, everybody is still found, equal contacts stay one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError
from pytest_django import Settings
from tests.cast import NOW, Cast

from zhenke.basics.cipher import key_of, load_keyring, make_keyring, save_keyring
from zhenke.customers.models import ContactPoint, Merge
from zhenke.customers.operations.contacts import add_contact
from zhenke.customers.operations.resealing import reseal_contacts, reseal_contacts_of, reseal_merges
from zhenke.customers.queries.contacts import opened, with_contact
from zhenke.customers.queries.sealed import contacts_by_key, images_by_key
from zhenke.customers.queries.search import search
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM

PHONE, MAIL = "13800138000", "zhou@example.com"


@pytest.fixture
def ring(cast: Cast, settings: Settings, tmp_path: Path) -> Path:
    """A ring of this test's own, and a phone and an e-mail sealed with its first key."""
    settings.KEY_FILE = tmp_path / "fields.json"
    make_keyring(settings.KEY_FILE)
    for kind, text in (("phone", PHONE), ("email", MAIL)):
        add_contact(customer=cast.mrs_zhou, kind=kind, text=text, by=cast.mei, now=NOW)
    return settings.KEY_FILE


def rotate(ring: Path) -> None:
    save_keyring(ring, load_keyring(ring).with_new_key())


def under() -> dict[str, int]:
    return contacts_by_key(viewer=SYSTEM, key_ids=("k1", "k2"))


def found(cast: Cast, text: str) -> list[int]:
    return [hit.id for hit in search(viewer=cast.mei, text=text)]


class TestResealContacts:
    def test_keeps_values_and_finds_them_before_between_and_after(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        add_contact(customer=cast.mr_zhou, kind="phone", text="13900139000", by=cast.mei, now=NOW)
        for expected in ({"k1": 2, "k2": 1}, {"k1": 1, "k2": 2}, {"k2": 3}):
            assert under() == expected
            assert found(cast, PHONE) == found(cast, "8000") == [cast.mrs_zhou.pk]
            assert found(cast, "13900139000") == found(cast, "9000") == [cast.mr_zhou.pk]
            assert [opened(row) for row in ContactPoint.objects.order_by("pk")] == [
                "+8613800138000",
                MAIL,
                "+8613900139000",
            ]
            reseal_contacts(after=0, size=1)
        save_keyring(ring, load_keyring(ring).without_key("k1"))
        assert found(cast, PHONE) == found(cast, "8000") == [cast.mrs_zhou.pk]

    def test_twice_finds_nothing_more(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        last, brought = reseal_contacts(after=0)
        assert (last, brought) == (ContactPoint.objects.order_by("-pk").values_list("pk", flat=True)[0], 2)
        rows = list(ContactPoint.objects.order_by("pk").values())
        assert reseal_contacts(after=0) == (None, 0)
        assert list(ContactPoint.objects.order_by("pk").values()) == rows

    def test_a_contact_told_again_between_stays_one(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        again = add_contact(customer=cast.mrs_zhou, kind="phone", text="+86 138 0013 8000", by=cast.mei, now=NOW)
        assert key_of(again.sealed) == "k1"
        assert ContactPoint.objects.filter(kind="phone").count() == 1

    def test_of_two_rows_of_one_contact_the_newer_seal_stays(self, cast: Cast, ring: Path) -> None:
        old = ContactPoint.objects.get(kind="phone")
        ContactPoint.objects.filter(pk=old.pk).delete()
        rotate(ring)
        new = add_contact(customer=cast.mrs_zhou, kind="phone", text=PHONE, by=cast.mei, now=NOW)
        ContactPoint.objects.filter(pk=new.pk).update(is_primary=False)
        old.save(force_insert=True)  # what a loader with the old ring in its hand would have written
        reseal_contacts(after=0)
        [left] = ContactPoint.objects.filter(kind="phone")
        assert (left.pk, left.is_primary, opened(left)) == (new.pk, True, "+8613800138000")

    def test_the_database_itself_refuses_two(self, cast: Cast, ring: Path) -> None:
        row = ContactPoint.objects.get(kind="phone")
        row.pk = row.pk + 1
        with pytest.raises(IntegrityError):
            row.save(force_insert=True)


class TestResealContactsOf:
    def test_merging_between_sees_that_two_phones_are_one(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        add_contact(customer=cast.mr_zhou, kind="phone", text=PHONE, by=cast.mei, now=NOW)
        merge = merge_customers(winner=cast.mrs_zhou.pk, loser=cast.mr_zhou.pk, choices={}, by=cast.lin, now=NOW)
        assert ContactPoint.objects.filter(kind="phone").count() == 1
        rotate(ring)
        assert images_by_key(viewer=SYSTEM) == {"k2": 1}
        reseal_contacts(after=0)
        reseal_merges(after=0)
        assert images_by_key(viewer=SYSTEM) == {"k3": 1}
        save_keyring(ring, load_keyring(ring).without_key("k2").without_key("k1"))
        undo_merge(merge=Merge.objects.get(), by=cast.lin, now=NOW)
        assert {row.customer_id: opened(row) for row in ContactPoint.objects.filter(kind="phone")} == {
            cast.mrs_zhou.pk: "+8613800138000",
            cast.mr_zhou.pk: "+8613800138000",
        }
        assert merge is not None

    def test_twice_brings_none(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        assert reseal_contacts_of(customer_ids=[cast.mrs_zhou.pk]) == 2
        assert reseal_contacts_of(customer_ids=[cast.mrs_zhou.pk]) == 0


class TestCounts:
    def test_a_stranger_is_told_nothing(self, cast: Cast, ring: Path) -> None:
        assert contacts_by_key(viewer=cast.zhu, key_ids=("k1",)) == images_by_key(viewer=cast.zhu) == {}

    def test_a_key_that_is_not_on_the_ring_is_seen(self, cast: Cast, ring: Path) -> None:
        assert contacts_by_key(viewer=SYSTEM, key_ids=("k7",)) == {"": 2}


class TestWithContact:
    def test_finds_by_both_keys(self, cast: Cast, ring: Path) -> None:
        rotate(ring)
        rows = type(cast.mrs_zhou).objects.all()
        assert with_contact(rows, kind="email", kept=MAIL).get() == cast.mrs_zhou
