"""A real house is backed up while it is there, damaged files are refused, and the forgotten stay forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FILL = """
import django; django.setup()
import json
from pathlib import Path
from django.conf import settings
from zhenke.basics.clock import now
from zhenke.customers.models import Customer
from zhenke.customers.operations.contacts import add_contact
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop
at, shop = now(), Shop.objects.get(code="A")
people = [Customer.objects.create(name=f"CANARY-{n}", shop=shop, created_at=at, updated_at=at) for n in range(20)]
for n, one in enumerate(people):
    add_contact(customer=one, kind="phone", text=f"139{n:08d}", by=SYSTEM, now=at)
place = Path(settings.HOME) / "pieces"
place.mkdir(mode=0o700, exist_ok=True)
(place / "photo.jpg").write_bytes(b"PHOTO-CANARY" * 200_000)
print(json.dumps([one.pk for one in people]))
"""
# Each damaged or foreign file is put back: what is said, and whether anything changed meanwhile.
DAMAGE = """
import django; django.setup()
import json, sys
from pathlib import Path
from django.conf import settings
from zhenke.basics.keyring import new_keyring, load_keyring
from zhenke.basics.streams import SealedWriter
from zhenke.customers.models import Customer
from zhenke.doors.backups import BackupRefused, restore_backup
box, place, told = Path(BOX).read_bytes(), Path(BOX + ".bad"), {}
start = box.index(b"\\n", box.index(b"\\n") + 1) + 1
def flip(at):
    return box[:at] + bytes([box[at] ^ 1]) + box[at + 1:]
def other(ring, about, raw):
    with place.open("wb") as out:
        writer = SealedWriter(out, keyring=ring, about=about)
        writer.write(raw)
        writer.finish()
    return place.read_bytes()
ring = load_keyring(Path(settings.KEY_FILE))
from django.db import connection
mine = {"kind": "zhenke backup", "engine": connection.vendor, "made_at": "2026-01-01T00:00:00+00:00"}
files = {
    "empty": b"", "a text": b"hello" * 100, "another magic": flip(2), "head": flip(40), "first piece": flip(start + 99),
    "last tag": flip(len(box) - 1), "cut off": box[: len(box) // 2], "last byte gone": box[:-1],
    "something added": box + b"x" * 50, "another house": other(new_keyring(), mine, b""),
    "no archive": other(ring, mine, b"no tar" * 500), "another kind": other(ring, {**mine, "kind": "letter"}, b""),
    "another engine": other(ring, {**mine, "engine": "oracle"}, b""),
    "nothing in it": other(ring, mine, b"\\0" * 10240),
}
for name, raw in files.items():
    place.write_bytes(raw)
    try:
        restore_backup(path=place, replaces=True)
        told[name] = "TAKEN"
    except BackupRefused as refused:
        told[name] = str(refused)
try:
    restore_backup(path=Path(BOX), replaces=False)
    told["no --replace"] = "TAKEN"
except BackupRefused as refused:
    told["no --replace"] = str(refused)
left = sorted(path.name for path in Path(settings.HOME).glob(".backup-*"))
print(json.dumps({"told": told, "people": Customer.objects.count(), "left": left,
                  "photo": (Path(settings.HOME) / "pieces" / "photo.jpg").stat().st_size}))
"""

CHANGE = """
import django; django.setup()
from zhenke.customers.models import Customer
Customer.objects.filter(pk=KEY).update(name="CHANGED")
"""


def rows_of(house: House) -> list[tuple[object, ...]]:
    return house.read("SELECT id, name, updated_at FROM customers_customer ORDER BY id")


class TestBackup:
    def test_comes_back_whole_and_refuses_what_is_damaged_or_of_another_house(
        self, house: House, tmp_path: Path
    ) -> None:
        keys = json.loads(house.run("-c", FILL))
        before, file = rows_of(house), tmp_path / "one.backup"
        made = json.loads(house.run("-m", "zhenke.cli", "backup", str(file), "--json"))
        raw = file.read_bytes()
        assert made == {"file": str(file), "bytes": len(raw)}
        assert file.stat().st_mode & 0o077 == 0
        ring = (house.home / "keys" / "fields.json").read_bytes()
        assert not any(word in raw for word in (b"CANARY", ring, b"SQLite format", b"PGDMP"))
        done = json.loads(house.run("-c", f"BOX = {str(file)!r}" + DAMAGE))
        assert "TAKEN" not in done["told"].values()
        assert len(done["told"]) == 15
        assert "--replace" in done["told"]["no --replace"]
        assert (done["people"], done["left"], done["photo"]) == (20, [], 2_400_000)
        assert rows_of(house) == before

        her = keys[3]
        house.run("-m", "zhenke.cli", "forget", str(her), "--yes")
        house.run("-c", f"KEY = {keys[5]}" + CHANGE)
        (house.home / "pieces" / "photo.jpg").unlink()
        house.run("-m", "zhenke.cli", "restore", str(file), "--replace")
        assert rows_of(house) == [row for row in before if row[0] != her]
        assert (house.home / "pieces" / "photo.jpg").read_bytes() == b"PHOTO-CANARY" * 200_000
        if (house.home / "zhenke.sqlite3").exists():
            held = b"".join(path.read_bytes() for path in house.home.glob("zhenke.sqlite3*"))
            assert b"CANARY-3" not in held
            assert b"CANARY-4" in held
