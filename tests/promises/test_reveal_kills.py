"""P18: a reveal, its count and its mark in the trail are one: killed anywhere between them, none of them is left.

A real installation and a real process that gets SIGKILL after each of its steps, before the transaction ends.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.promises.test_imports import House

pytestmark = [pytest.mark.one_database, pytest.mark.slow]
BEGIN = """
import os, signal, django
django.setup()
from datetime import datetime, UTC
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations import add_contact, contacts
from zhenke.staff.models import Shop, StaffMember
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""
MAKE = """
shop = Shop.objects.filter(kind="shop").first() or Shop.objects.first()
lin = StaffMember.objects.create(username="kill", name="林", role="shop_manager", shop=shop, created_at=NOW)
her = Customer.objects.create(name="周", shop=shop, created_at=NOW, updated_at=NOW)
add_contact(customer=her, kind="phone", text="13800138000", by=lin, now=NOW)
"""
LOOK = """
lin = StaffMember.objects.select_related("shop").get(username="kill")
print(contacts.reveal_contact(viewer=lin, contact=ContactPoint.objects.get().pk, reason="call", now=NOW))
"""
STEPS = {
    "before the count": "contacts.allow_look = die",
    "between count and mark": "contacts.record = die",
    "between mark and answer": "contacts.opened = die",
}
LEFT = "SELECT (SELECT count(*) FROM customers_revealtally), (SELECT count(*) FROM staff_auditentry WHERE action = %s)"
LEFT = LEFT.replace("%s", "'contact.revealed'")


class TestKilledReveal:
    def test_leaves_neither_count_nor_mark(self, tmp_path: Path) -> None:
        house = House(tmp_path / "house", "")
        house.run("-c", BEGIN + MAKE)
        for step, fault in STEPS.items():
            with house.start("-c", f"{BEGIN}{fault}\n{LOOK}") as process:
                out, _ = process.communicate(timeout=120)
            assert (process.returncode, out) == (-signal.SIGKILL, b""), step
            assert house.read(LEFT) == [(0, 0)], step
        assert house.run("-c", BEGIN + LOOK).strip() == "+8613800138000"
        assert house.read(LEFT) == [(1, 1)]
