"""P16, P17: keys rotate live; killed in the middle and resumed, every value is readable and everybody is found."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

FILL = """
import django; django.setup()
from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations.contacts import sealed_contact
from zhenke.customers.queries.contacts import field_cipher
from zhenke.staff.models import Shop
at, shop, cipher = now(), Shop.objects.get(code="A"), field_cipher()
people = Customer.objects.bulk_create(
    [Customer(name=f"C{n}", shop=shop, created_at=at, updated_at=at) for n in range(ROWS)], batch_size=500)
ContactPoint.objects.bulk_create([
    sealed_contact(cipher=cipher, customer_id=one.pk, kind="phone", kept=f"+86139{n:08d}")
    for n, one in enumerate(people)], batch_size=500)
"""
# The shop at work: looks for people by whole phone and by tail, opens what it finds, writes new ones down. A failure
# of any kind ends up in the answer.
SHOP = """
import django; django.setup()
import json, pathlib, random, sys, time
from django.db.models import Q
from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations.contacts import add_contact
from zhenke.customers.queries.contacts import contacts_of, opened
from zhenke.customers.queries.search import search
from zhenke.staff import SYSTEM
rng, told = random.Random(SEED), {"looks": 0, "writes": 0, "failed": []}
people = dict(Customer.objects.filter(name__startswith="C").values_list("name", "pk"))
while not pathlib.Path(STOP).exists():
    n = rng.randrange(ROWS)
    phone = f"139{n:08d}"
    try:
        found = {hit.id for hit in search(viewer=SYSTEM, text=phone)}
        by_tail = {hit.id for hit in search(viewer=SYSTEM, text=phone[-4:])}
        whole = opened(ContactPoint.objects.filter(customer=people[f"C{n}"], kind="phone").order_by("pk")[0])
        if found != {people[f"C{n}"]} or people[f"C{n}"] not in by_tail or whole != "+86" + phone:
            told["failed"].append([phone, sorted(found), whole])
        told["looks"] += 1
        if told["looks"] % 5 == 0:
            one = Customer.objects.get(pk=people[f"C{n}"])
            mail = f"c{SEED}.{told['looks']}@example.com"
            add_contact(customer=one, kind="email", text=mail, by=SYSTEM, now=now())
            add_contact(customer=one, kind="phone", text=phone, by=SYSTEM, now=now())
            told["writes"] += 1
    except Exception as fault:
        told["failed"].append([phone, type(fault).__name__, str(fault)[:200]])
    time.sleep(PAUSE)
print(json.dumps(told))
"""
LOOK = """
import django; django.setup()
import json
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.search import search
from zhenke.staff import SYSTEM
people = dict(Customer.objects.filter(name__startswith="C").values_list("pk", "name"))
unread = unfound = 0
for row in ContactPoint.objects.filter(kind="phone"):
    n = int(people[row.customer_id][1:])
    unread += opened(row) != f"+86139{n:08d}"
for key, name in list(people.items())[::STEP]:
    n = int(name[1:])
    unfound += {hit.id for hit in search(viewer=SYSTEM, text=f"139{n:08d}")} != {key}
    unfound += key not in {hit.id for hit in search(viewer=SYSTEM, text=f"{n % 10000:04d}")}
print(json.dumps([len(people), ContactPoint.objects.filter(kind="phone").count(), unread, unfound]))
"""
MOVED = "SELECT count(*) FROM customers_contactpoint WHERE sealed LIKE 'v1|k2|%'"


def script(text: str, **values: object) -> str:
    """Return a script with its numbers filled in."""
    for name, value in values.items():
        text = text.replace(name, repr(value))
    return text


def rotate_with_kills(house: House, kills: int) -> list[int]:
    """Rotate; kill the walk each time it got on; return how many values were moved at each kill."""
    moved: list[int] = []
    walk = house.start("-m", "zhenke.cli", "keys", "rotate", "--wait")
    for _ in range(kills):
        before = house.read(MOVED)[0][0]
        deadline = time.monotonic() + 120
        while walk.poll() is None and house.read(MOVED)[0][0] < before + 400 and time.monotonic() < deadline:
            time.sleep(0.005)
        if walk.poll() is None:
            walk.send_signal(signal.SIGKILL)
            moved.append(house.read(MOVED)[0][0])
        walk.communicate()
        walk = house.start("-m", "zhenke.cli", "keys", "reseal")
    _, errors = walk.communicate(timeout=600)
    assert walk.returncode == 0, errors.decode()[-2_000:]
    return moved


def prove(house: House, folder: Path, *, rows: int, kills: int, clients: int = 1) -> dict[str, object]:
    """Walk the whole promise in one installation and return its figures."""
    house.run("-c", script(FILL, ROWS=rows))
    stop = folder / "stop"
    pause = 0 if clients == 1 else 0.1 * clients / 16  # so many at once think between two looks, as people do
    shops: list[subprocess.Popen[bytes]] = [
        house.start("-c", script(SHOP, ROWS=rows, STOP=str(stop), SEED=4 + number, PAUSE=pause))
        for number in range(clients)
    ]
    try:
        time.sleep(2)
        began = time.monotonic()
        met = rotate_with_kills(house, kills)
        seconds = time.monotonic() - began
    finally:
        stop.touch()
        answers = [(shop, *shop.communicate(timeout=300)) for shop in shops]
    told: dict[str, Any] = {"looks": 0, "writes": 0, "failed": []}
    for shop, out, errors in answers:
        assert shop.returncode == 0, errors.decode()[-2_000:]
        for name, value in json.loads(out).items():
            told[name] += value
    [newest, *older] = json.loads(house.run("-m", "zhenke.cli", "keys", "--json"))["keys"]
    looked = json.loads(house.run("-c", script(LOOK, STEP=7)))
    return {
        "kills": met,
        "shop": told,
        "left": sum(sum(key["values"].values()) for key in older),
        "newest": newest["values"]["contacts"],
        "looked": looked,
        "seconds": round(seconds, 1),
    }


def check(figures: dict[str, object], *, rows: int, kills: int) -> None:
    """Fail unless nothing was lost, nobody went unfound, and the shop noticed nothing."""
    shop = figures["shop"]
    assert isinstance(shop, dict)
    assert shop["failed"] == []
    assert shop["looks"] > 50
    assert shop["writes"] > 5
    assert figures["looked"] == [rows, rows, 0, 0]
    assert (figures["left"], figures["newest"]) == (0, rows + shop["writes"])
    met = figures["kills"]
    assert isinstance(met, list)
    assert len(met) == kills
    assert all(0 < moved < rows for moved in met)


@pytest.mark.django_db
class TestKeyRotation:
    def test_is_live_and_resumable(self, house: House, tmp_path: Path) -> None:
        figures = prove(house, tmp_path, rows=4_000, kills=3)
        print(json.dumps(figures))
        check(figures, rows=4_000, kills=3)
        early = house.start("-m", "zhenke.cli", "keys", "retire", "k1")
        _, errors = early.communicate(timeout=60)
        assert early.returncode == 1
        assert b"Try again in" in errors

    @pytest.mark.soak
    def test_is_live_under_sixteen_clients_and_twenty_kills(self, house: House, tmp_path: Path) -> None:
        figures = prove(house, tmp_path, rows=20_000, kills=20, clients=16)
        print(json.dumps(figures))
        check(figures, rows=20_000, kills=20)
        assert isinstance(figures["seconds"], float)
        assert figures["seconds"] <= 600
