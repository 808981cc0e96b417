"""Keys of sealed values: listed, made, walked to, retired; each refusal, each audit line, each kind of value."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from click.testing import CliRunner
from pytest_django import Settings

from tests.cast import NOW, Cast
from zhenke.basics.cipher import load_keyring, make_keyring
from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations.contacts import add_contact
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.erasure import erased_still_here
from zhenke.doors.commands.keys import keys
from zhenke.doors.keys import (
    KeyInUse,
    KeyTooFresh,
    KeyUnknown,
    keys_in_use,
    reseal_everything,
    retire_key,
    rotate_keys,
    values_left,
)
from zhenke.journeys.forget_customer import forget_customer
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry
from zhenke.staff.operations.device_seals import reseal_devices
from zhenke.staff.queries import devices_by_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(cast: Cast, settings: Settings, tmp_path: Path) -> Path:
    """A ring of this test's own, which was made long ago; a phone, an authenticator's secret and recovery codes."""
    settings.KEY_FILE = tmp_path / "fields.json"
    make_keyring(settings.KEY_FILE)
    add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
    Authenticator.objects.create(user=cast.mei, type="totp", data={"secret": encrypt("JBSWY3DP")})
    Authenticator.objects.create(
        user=cast.lin, type="recovery_codes", data={"migrated_codes": [encrypt("1234"), encrypt("5678")]}
    )
    return settings.KEY_FILE


def rested(path: Path) -> None:
    """Let the key file be as old as work that began with the old ring could be."""
    os.utime(path, (now().timestamp() - 4_000, now().timestamp() - 4_000))


class TestTheForgotten:
    def test_stay_forgotten_when_the_key_that_was_there_then_is_gone(self, cast: Cast, ring: Path) -> None:
        old = load_keyring(ring).newest
        her = cast.mr_zhou.pk
        forget_customer(customer_id=her, by=SYSTEM, now=NOW)
        rotate_keys(now=NOW)
        reseal_everything(clock=now)
        rested(ring)
        retire_key(key=old, now=now())
        Customer.objects.create(id=her, name="旧", shop=cast.shop_a, created_at=NOW, updated_at=NOW)
        assert erased_still_here() == [her]


def counts() -> dict[str, dict[str, int]]:
    return {key.id: dict(key.values) for key in keys_in_use()}


class TestRotateKeys:
    def test_new_values_are_sealed_with_the_new_key_and_old_ones_follow(self, cast: Cast, ring: Path) -> None:
        assert counts() == {"k1": {"contacts": 1, "devices": 3}}
        assert rotate_keys(now=NOW) == "k2"
        add_contact(customer=cast.mr_zhou, kind="phone", text="13900139000", by=cast.mei, now=NOW)
        assert counts() == {"k2": {"contacts": 1}, "k1": {"contacts": 1, "devices": 3}}
        assert values_left() == 4
        rested(ring)
        seen: list[int] = []
        assert reseal_everything(clock=now, progress=seen.append) == 4
        assert counts() == {"k2": {"contacts": 2, "devices": 3}, "k1": {}}
        assert sum(seen) == 3  # one contact and two devices
        retire_key(key="k1", now=now())
        assert list(load_keyring(ring).sealing_keys) == ["k2"]
        assert opened(ContactPoint.objects.get(customer=cast.mrs_zhou)) == "+8613800138000"
        assert decrypt(Authenticator.objects.get(type="totp").data["secret"]) == "JBSWY3DP"
        codes = Authenticator.objects.get(type="recovery_codes").data["migrated_codes"]
        assert [decrypt(code) for code in codes] == ["1234", "5678"]

    def test_leaves_its_marks(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        reseal_everything(clock=now)
        retire_key(key="k1", now=now())
        entries = AuditEntry.objects.filter(action__startswith="keys.").order_by("position")
        assert [(entry.action, entry.facts) for entry in entries] == [
            ("keys.rotated", {"key": "k2"}),
            ("keys.resealed", {"key": "k2", "values": 4}),
            ("keys.retired", {"key": "k1"}),
        ]

    def test_twice_makes_a_third_key(self, ring: Path) -> None:
        assert (rotate_keys(now=NOW), rotate_keys(now=NOW)) == ("k2", "k3")


class TestResealEverything:
    def test_twice_brings_nothing_and_leaves_no_mark(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        reseal_everything(clock=now)
        lines = AuditEntry.objects.count()
        assert reseal_everything(clock=now) == 0
        assert AuditEntry.objects.count() == lines


class TestResealDevices:
    def test_twice_changes_nothing(self, cast: Cast, ring: Path) -> None:
        rotate_keys(now=NOW)
        first = Authenticator.objects.order_by("pk")[0]
        assert reseal_devices(after=0) == (first.pk, 1)
        assert reseal_devices(after=0) == (first.pk, 0)
        assert devices_by_key(viewer=cast.zhu) == {}
        assert devices_by_key(viewer=SYSTEM) == {"k1": 2, "k2": 1}


class TestRetireKey:
    def test_refuses_while_a_value_is_left(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        with pytest.raises(KeyInUse, match="4 values are still sealed with k1"):
            retire_key(key="k1", now=now())
        assert "k1" in load_keyring(ring).sealing_keys

    def test_refuses_while_old_work_may_still_write(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        reseal_everything(clock=now)
        os.utime(ring)
        with pytest.raises(KeyTooFresh, match=r"in (59|60) minutes"):
            retire_key(key="k1", now=now() + timedelta(seconds=1))

    @pytest.mark.parametrize("key", ["k1", "k7", "", "../keys"])
    def test_refuses_the_key_that_writes_and_one_it_does_not_know(self, ring: Path, key: str) -> None:
        with pytest.raises(KeyUnknown):
            retire_key(key=key, now=now())

    def test_twice_is_unknown(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        reseal_everything(clock=now)
        retire_key(key="k1", now=now())
        with pytest.raises(KeyUnknown):
            retire_key(key="k1", now=now())


class TestCommand:
    def test_lists_keys_with_their_counts(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        told = CliRunner().invoke(keys, [])
        assert told.output == "k2 (writes): nothing\nk1: contacts 1, devices 3\n"

    def test_reseals_what_is_left(self, ring: Path) -> None:
        rotate_keys(now=NOW)
        rested(ring)
        told = CliRunner().invoke(keys, ["reseal"])
        assert "4 values were brought under the newest key." in told.output
        assert values_left() == 0
