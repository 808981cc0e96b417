"""A real house is put back: nobody comes in with what the copy had open, even if the restore was cut off."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FILL = """
import django; django.setup()
import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from django.conf import settings
from zhenke.basics.clock import now
from zhenke.customers.operations.sign_up import open_sign_up
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.operations import add_staff, issue_token
from zhenke.staff.rules import Role
at, shop = now(), Shop.objects.get(code="A")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session["proof"] = "x"
session.create()
till = add_staff(username="till", name="till", role=Role.INTEGRATION, shop=shop, password=None, by=SYSTEM, now=at)
token, secret = issue_token(name="till", acts_as=till, scopes=["sales:read"], by=SYSTEM, now=at)
open_sign_up(advisor=StaffMember.objects.get(username="mei"), hours=12, now=at)
place = Path(settings.HOME) / "notes"
place.mkdir(mode=0o700, exist_ok=True)
(place / "photo.jpg").write_bytes(b"PHOTO")
print(json.dumps([str(token.pk), secret]))
"""
LOOK = """
import django; django.setup()
import json
from django.contrib.sessions.models import Session
from zhenke.basics.clock import now
from zhenke.customers.models import SignUpLink
from zhenke.staff.models import AuditEntry
from zhenke.staff.queries import token_for
print(json.dumps({
    "sessions": Session.objects.count(),
    "token": token_for(secret=SECRET, now=now()) is not None,
    "links": SignUpLink.objects.filter(closed_at=None).count(),
    "lines": AuditEntry.objects.filter(action="backup.restored").count(),
}))
"""
CUT_OFF = """
import django; django.setup()
import os, signal
from pathlib import Path
from zhenke.doors.backups import restore_backup
restore_backup(path=Path(BOX), replaces=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
OPEN = {"sessions": 1, "token": True, "links": 1, "lines": 0}
ENDED = {"sessions": 0, "token": False, "links": 0, "lines": 1}


class TestRestore:
    def test_lets_nobody_in_with_what_the_copy_had_open(self, house: House, tmp_path: Path) -> None:
        key, secret = json.loads(house.run("-c", FILL))

        def found() -> dict[str, Any]:
            return dict(json.loads(house.run("-c", f"SECRET = {secret!r}" + LOOK)))

        file, mark = tmp_path / "one.backup", house.home / ".restored"
        house.run("-m", "zhenke.cli", "backup", str(file))
        assert found() == OPEN
        (house.home / "notes" / "photo.jpg").unlink()
        told = json.loads(house.run("-m", "zhenke.cli", "restore", str(file), "--replace", "--json"))
        assert told["ended"] == {
            "sessions": 1, "tokens": 1, "sign_up_links": 1, "piece_links": 0, "permits": 0, "exports": 0,
        }  # fmt: skip
        assert "mei" in told["people"]
        assert found() == ENDED
        assert not mark.exists()
        assert (house.home / "notes" / "photo.jpg").read_bytes() == b"PHOTO"
        house.run("-m", "zhenke.cli", "resume-token", key)
        assert found() == {**ENDED, "token": True}

        process = house.start("-c", f"BOX = {str(file)!r}" + CUT_OFF)
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
        assert mark.exists()
        assert found() == OPEN
        house.run("-m", "zhenke.cli", "init")
        assert not mark.exists()
        assert found() == ENDED

        words = house.run("-m", "zhenke.cli", "restore", str(file), "--replace", "--keep-tokens")
        assert "tokens 0" in words
        assert found() == {**ENDED, "token": True}
