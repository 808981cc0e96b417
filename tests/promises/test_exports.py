"""P19: a file that leaves the house shows no more than the screen, names its recipient in every part, and ends.

A customer carries a canary in every field; every role asks for every column there is, by page and by hand.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.cast import NOW, PASSWORD, Cast
from tests.doors.matrix_world import World
from tests.promises.test_sight import ALLOWED, SIGNS
from tests.promises.test_sight import known as known
from zhenke.basics.watermarks import codes_in, plain
from zhenke.customers.models import ContactPoint, Customer, Export
from zhenke.customers.operations import add_tag
from zhenke.customers.rules.exports import COLUMNS
from zhenke.doors.exports import folder, recipient_codes
from zhenke.doors.jobs.export import end_exports_of_the_day, export_task
from zhenke.staff.models import AuditEntry, StaffMember
from zhenke.staff.rules import Role

pytestmark = pytest.mark.django_db
EVERY = [one.code for one in COLUMNS]


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def own_home(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def world(known: World) -> World:
    """The world of the walk of sight; of her phones only the canary is left, so that a file holds it."""
    phones = ContactPoint.objects.filter(customer=known.cast.mrs_zhou, kind="phone").order_by("pk")
    ContactPoint.objects.filter(pk=phones[0].pk).delete()
    return known


def page_of(person: StaffMember) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(person: StaffMember, columns: list[str], kind: str = "csv") -> Export | None:
    """Ask on the page for everybody in sight; None if the page refuses."""
    answer = page_of(person).post(
        "/exports/new/", {"purpose": "invitations to the jade evening", "columns": columns, "format": kind}
    )
    return Export.objects.order_by("-pk").first() if answer.status_code == 302 else None


def with_password(person: StaffMember) -> StaffMember:
    """The matrix's people have none."""
    person.set_password(PASSWORD)
    person.save()
    return person


def make(export: Export, approver: StaffMember) -> None:
    """Let a second person agree if one must, and the worker make the file."""
    if export.state == "waiting":
        address = f"/exports/{export.pk}/decide/"
        answer = page_of(approver).post(address, {"decision": "agree", "reason": "I know of it"})
        assert answer.status_code == 302
    export_task.call(str(export.pk))
    export.refresh_from_db()
    assert export.state == "ready", export.state


def fetched(export: Export, person: StaffMember) -> bytes:
    answer = page_of(person).post(f"/exports/{export.pk}/download/", {"password": PASSWORD})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content


def text_of(raw: bytes, kind: str) -> str:
    """Return all that stands in a file."""
    if kind == "csv":
        return raw.decode("utf-8-sig")
    with ZipFile(io.BytesIO(raw)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
class TestCanaries:
    @pytest.mark.parametrize("role", [role.value for role in Role if role != Role.INTEGRATION])
    def test_of_every_role_show_no_more_than_its_screen(self, world: World, role: str, kind: str) -> None:
        person = with_password(world.cast.mei if role == Role.ADVISOR else world.members[role])
        if ask(person, EVERY, kind) is None:
            offered = [code for code in EVERY if ask(person, [code], kind) is not None]
            assert role in {"owner", "area_manager", "shop_manager"} or offered == []
        for export in Export.objects.filter(asked_by=person):
            make(export, world.cast.hua if role == "owner" else world.cast.zhu)
            text = plain(text_of(fetched(export, person), kind))
            assert "马" in text or "name" not in export.columns
            told = {group for group, sign in SIGNS.items() if sign.search(text)}
            assert told <= ALLOWED[role]
            assert told.isdisjoint({"notes", "family", "traits_level_4"})
        assert Export.objects.filter(asked_by=person).exists() == (role in {"owner", "area_manager", "shop_manager"})

    def test_a_gift_leaves_no_trace(self, world: World, kind: str) -> None:
        export = ask(world.cast.zhu, EVERY, kind)
        assert export is not None
        make(export, world.cast.hua)
        text = text_of(fetched(export, world.cast.zhu), kind)
        assert "BG1001" not in text
        assert "翡翠手镯" not in text


class TestSecondPerson:
    def test_forty_small_exports_are_one_large_one(self, cast: Cast) -> None:
        people = Customer.objects.bulk_create(
            Customer(name=f"C{n}", shop=cast.shop_a, created_at=NOW, updated_at=NOW) for n in range(8)
        )
        assert len(people) == 8
        states = []
        for _ in range(40):
            export = ask(cast.lin, ["name"])
            assert export is not None
            states.append(export.state)
        assert states == ["queued"] * 10 + ["waiting"] * 30  # ten people in the shop, one hundred rows a day

    def test_who_asked_cannot_agree_and_nobody_fetches_before(self, world: World) -> None:
        lin = world.cast.lin
        export = ask(lin, ["name", "address"])
        assert export is not None
        assert export.state == "waiting"
        answer = page_of(lin).post(f"/exports/{export.pk}/decide/", {"decision": "agree", "reason": "myself"})
        assert answer.status_code == 403
        export_task.call(str(export.pk))
        answer = page_of(lin).post(f"/exports/{export.pk}/download/", {"password": PASSWORD})
        assert answer.status_code == 409
        export.refresh_from_db()
        assert (export.state, export.file_name) == ("waiting", "")


class TestWatermark:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_any_part_of_a_file_names_its_recipient(self, world: World, kind: str, tmp_path: Path) -> None:
        cast = world.cast
        Customer.objects.bulk_create(
            Customer(name=f"客{n}", shop=cast.shop_a, created_at=NOW, updated_at=NOW) for n in range(60)
        )
        mine, other = ask(cast.lin, ["name", "shop"], kind), ask(cast.zhu, ["card_number", "name"], kind)
        assert mine is not None
        assert other is not None
        for export, person in ((mine, cast.lin), (other, cast.zhu)):
            make(export, cast.hua)
            text = text_of(fetched(export, person), kind)
            assert set(codes_in(text)) == {export.watermark}
            assert person.name in text
            lines = text.splitlines() if kind == "csv" else text.split("</si>")
            rows = [line for line in lines if codes_in(line)]
            assert len(rows) >= export.rows
            for seed in range(20):
                half = Random(seed).sample(rows, len(rows) // 2)
                assert set(codes_in("\n".join(half))) == {export.watermark}
            assert all(set(codes_in(row)) == {export.watermark} for row in rows)  # one line is enough
            leaked = tmp_path / f"leaked-{export.pk}"
            leaked.write_bytes(text_of(fetched(export, person), kind).encode("utf-16"))
            assert set(recipient_codes(leaked)) == {export.watermark}
            leaked.write_bytes(fetched(export, person))
            assert set(recipient_codes(leaked)) == {export.watermark}


class TestFile:
    def test_runs_nothing(self, cast: Cast) -> None:
        evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1"]
        Customer.objects.bulk_create(
            Customer(name=text, shop=cast.shop_a, created_at=NOW, updated_at=NOW) for text in evil
        )
        add_tag(customer=cast.mrs_zhou, name="=HYPERLINK(1)", by=cast.lin)
        for kind in ("csv", "xlsx"):
            export = ask(cast.lin, ["name", "tags"], kind)
            assert export is not None
            make(export, cast.zhu)
            text = text_of(fetched(export, cast.lin), kind)
            assert "<f>" not in text
            assert "<hyperlink" not in text
            if kind == "csv":
                cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell]
                assert [cell for cell in cells if cell[0] in "=+-@\t＝"] == []
                assert {plain(cell) for cell in cells} >= {f"'{text}" for text in evil}

    def test_lies_sealed_under_a_name_nobody_can_guess(self, world: World) -> None:
        export = ask(world.cast.lin, ["name"])
        assert export is not None
        make(export, world.cast.zhu)
        [path] = list(folder().iterdir())
        assert (path.name, len(path.name)) == (export.file_name, 64)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder().stat().st_mode) == 0o700
        raw = path.read_bytes()
        assert "司马".encode() not in raw
        assert world.cast.lin.name.encode() not in raw

    def test_is_handed_over_for_the_password_alone_and_to_nobody_else(self, world: World) -> None:
        lin = world.cast.lin
        export = ask(lin, ["name"])
        assert export is not None
        make(export, world.cast.zhu)
        address = f"/exports/{export.pk}/download/"
        for given in ({}, {"password": ""}, {"password": "wrong password"}):
            assert page_of(lin).post(address, given).status_code == 422
        assert page_of(lin).get(address).status_code == 405
        assert page_of(world.cast.zhu).post(address, {"password": PASSWORD}).status_code == 403
        assert page_of(world.cast.mei).post(address, {"password": PASSWORD}).status_code == 403
        assert page_of(world.cast.other).post(address, {"password": PASSWORD}).status_code == 404
        export.refresh_from_db()
        assert export.downloads == 0

    def test_ends_after_a_day_and_at_once_when_taken_back(self, world: World) -> None:
        lin = world.cast.lin
        first, second = ask(lin, ["name"]), ask(lin, ["name"])
        assert first is not None
        assert second is not None
        for export in (first, second):
            make(export, world.cast.zhu)
        page_of(lin).post(f"/exports/{first.pk}/withdraw/")
        assert [path.name for path in folder().iterdir()] == [second.file_name]
        left_over = folder() / ("a" * 64)
        left_over.write_bytes(b"")
        os.utime(left_over, (0, 0))
        assert end_exports_of_the_day(NOW + timedelta(hours=23)) == {"ended": 0, "left_over": 1}
        assert end_exports_of_the_day(NOW + timedelta(hours=24)) == {"ended": 1, "left_over": 0}
        assert list(folder().iterdir()) == []
        for export in (first, second):
            answer = page_of(lin).post(f"/exports/{export.pk}/download/", {"password": PASSWORD})
            assert answer.status_code == 409

    def test_leaves_no_personal_value_in_the_trail(self, world: World) -> None:
        export = ask(world.cast.zhu, EVERY)
        assert export is not None
        make(export, world.cast.hua)
        fetched(export, world.cast.zhu)
        lines = AuditEntry.objects.filter(action__startswith="export.").order_by("position")
        assert [line.action for line in lines] == [
            "export.asked",
            "export.approved",
            "export.made",
            "export.downloaded",
        ]
        assert not any(sign.search(str(line.facts)) for line in lines for sign in SIGNS.values())


class TestTheWalkItself:
    def test_finds_a_mask_that_is_taken_out(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zhenke.customers.queries.exports.masked_contact", lambda kind, kept: kept)
        export = ask(world.cast.lin, EVERY)
        assert export is not None
        make(export, world.cast.zhu)
        text = plain(text_of(fetched(export, world.cast.lin), "csv"))
        assert {"phone", "email", "wechat", "address"} <= {group for group, sign in SIGNS.items() if sign.search(text)}
