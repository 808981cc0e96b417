"""A process that forgets a customer is killed after its transaction and before the files: nothing of her stays."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FILL = """
import django; django.setup()
import json
from zhenke.basics.clock import now
from zhenke.customers.models import Customer
from zhenke.doors.uploads import folder
from zhenke.staff.models import Shop
at, shop, told = now(), Shop.objects.get(code="A"), []
for n in range(3):
    one = Customer.objects.create(name=f"CANARY-{n}x", shop=shop, created_at=at, updated_at=at)
    for part in "ab":
        (folder() / f"{n}{part}").write_text(f"name\\nCANARY-{n}x\\n")
    told.append(one.pk)
(folder() / "other").write_text("name\\nsomebody else\\n")
print(json.dumps(told))
"""
# The process kills itself when it first opens, or first deletes, a file that somebody handed in.
KILLED = """
import os, signal, sys
def watch(event, given):
    if event == EVENT and f"{os.sep}imports{os.sep}" in str(given[0]):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
sys.argv = ["zhenke", "forget", KEY, "--yes"]
from zhenke.cli import main
main()
"""


def files(house: House) -> set[str]:
    return {path.name for path in (house.home / "imports").iterdir()}


class TestCutErasure:
    def test_is_finished_by_the_next_start_the_night_and_reapply(self, house: House) -> None:
        keys = json.loads(house.run("-c", FILL))
        everything = {f"{n}{part}" for n in range(3) for part in "ab"} | {"other"}
        sweeps = (("init",), ("night",), ("forget", "--reapply"))
        for number, (key, sweep) in enumerate(zip(keys, sweeps, strict=True)):
            event = "os.remove" if number == 1 else "open"
            process = house.start("-c", f"KEY, EVENT = {str(key)!r}, {event!r}" + KILLED)
            process.communicate(timeout=120)
            assert process.returncode == -signal.SIGKILL
            assert house.read(f"SELECT count(*) FROM customers_customer WHERE id = {key}") == [(0,)]
            assert files(house) == everything
            [(sealed,)] = house.read("SELECT sealed FROM customers_fileerasure")
            assert "CANARY" not in sealed
            house.run("-m", "zhenke.cli", *sweep)
            everything -= {f"{number}a", f"{number}b"}
            assert files(house) == everything
            assert house.read("SELECT count(*) FROM customers_fileerasure") == [(0,)]
        assert everything == {"other"}
        assert isinstance(house.home, Path)
