"""Exports over HTTP: the sheet over the list, where an export stands, and the commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import Settings

from tests.cast import PASSWORD, Cast
from tests.doors.pages.world import HTMX, queries_of, text_of
from zhenke.basics.boxes import BoxBroken, opened_box, sealed_box
from zhenke.customers.models import Customer, Export
from zhenke.doors.commands.export import export as command
from zhenke.doors.exports import drop_files
from zhenke.doors.jobs.export import export_task

pytestmark = pytest.mark.django_db
ASKED = {"purpose": "Invitations", "columns": ["name", "tags"], "format": "csv"}


@pytest.fixture(autouse=True)
def own_home(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def lin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.lin)
    return client


def asked(client: Client, **changes: object) -> Export:
    answer = client.post("/exports/new/", {**ASKED, **changes})
    assert answer.status_code == 302
    return Export.objects.order_by("-pk")[0]


class TestExportsPage:
    def test_teaches_what_to_do_when_there_is_none(self, lin: Client) -> None:
        assert "Open the list of customers, filter it, and choose Export." in text_of(lin, "/exports/")

    def test_lists_what_left_with_few_queries(self, lin: Client) -> None:
        for number in range(5):
            asked(lin, purpose=f"Invitation {number}")
        page = text_of(lin, "/exports/")
        assert all(f"Invitation {number}" in page for number in range(5))
        assert len(queries_of(lin, "/exports/")) <= 4

    def test_puts_what_waits_for_the_viewer_first(self, cast: Cast, lin: Client, client: Client) -> None:
        waiting = asked(lin, columns=["name", "address"], purpose="Waiting one")
        asked(lin, purpose="Made one")
        client.force_login(cast.zhu)
        page = text_of(client, "/exports/")
        assert page.index("Waiting one") < page.index("Made one")
        assert "Do you agree?" in text_of(client, f"/exports/{waiting.pk}/")

    def test_is_offered_to_those_who_may(self, cast: Cast, client: Client) -> None:
        for name, offered in (("lin", True), ("zhu", True), ("mei", False), ("an", False)):
            client.force_login(getattr(cast, name))
            page = text_of(client, "/customers/")
            assert ("/exports/new/" in page) == ('href="/exports/"' in page) == offered


class TestExportNew:
    def test_says_how_many_of_the_list_as_it_is_filtered(self, cast: Cast, lin: Client) -> None:
        Customer.objects.filter(pk=cast.mr_zhou.pk).update(source="online")
        assert "Export these 2 customers" in text_of(lin, "/exports/new/", headers=HTMX)
        sheet = text_of(lin, "/exports/new/?source=online", headers=HTMX)
        assert "Export this 1 customer" in sheet
        assert '<input type="hidden" name="source" value="online">' in sheet
        export = asked(lin, source="online")
        assert (export.keys, export.rows, export.told) == ([cast.mr_zhou.pk], 1, "Online")

    @pytest.mark.parametrize(
        "wrong", [{"purpose": ""}, {"purpose": "x"}, {"columns": []}, {"columns": ["notes"]}, {"format": "pdf"}]
    )
    def test_asks_again_for_what_is_wrong(self, lin: Client, wrong: dict[str, object]) -> None:
        answer = lin.post("/exports/new/", {**ASKED, **wrong})
        assert answer.status_code == 422
        assert not Export.objects.exists()

    def test_of_nobody_is_refused_in_words(self, lin: Client) -> None:
        answer = lin.post("/exports/new/", {**ASKED, "source": "referral"})
        assert answer.status_code == 422
        assert "There is nobody in this list." in answer.content.decode()


class TestExportPage:
    def test_shows_how_far_it_is_and_then_goes_on(self, lin: Client) -> None:
        export = asked(lin)
        address = f"/exports/{export.pk}/"
        assert "The file is being made" in text_of(lin, address)
        assert "<html" not in text_of(lin, address, headers=HTMX)
        export_task.call(str(export.pk))
        assert lin.get(address, headers=HTMX)["HX-Redirect"] == address
        page = text_of(lin, address)
        assert "Download" in page
        assert len(queries_of(lin, address)) <= 4

    def test_of_a_worker_that_broke_off_says_so(self, lin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        export = asked(lin)

        def full(box: bytes) -> str:
            raise OSError

        monkeypatch.setattr("zhenke.doors.exports._keep", full)
        with pytest.raises(OSError):
            export_task.call(str(export.pk))
        export.refresh_from_db()
        assert (export.state, export.keys) == ("failed", [])
        assert "Stopped" in text_of(lin, f"/exports/{export.pk}/")

    def test_made_twice_is_made_once(self, lin: Client) -> None:
        export = asked(lin)
        assert export_task.call(str(export.pk)) == {"made": 1}
        assert export_task.call(str(export.pk)) == {"made": 0}
        assert export_task.call("1") == {}


class TestExportDecide:
    @pytest.mark.parametrize("decision", ["agree", "refuse"])
    def test_shows_the_reason_as_it_was_written_and_runs_nothing(
        self, cast: Cast, lin: Client, client: Client, decision: str
    ) -> None:
        export = asked(lin, columns=["name", "address"], purpose="<b onclick=1>{{ 7 }}")
        client.force_login(cast.zhu)
        answer = client.post(f"/exports/{export.pk}/decide/", {"decision": decision, "reason": ""})
        assert answer.status_code == 422
        reason = "<script>alert(1)</script>{{ 7*7 }}"
        assert client.post(f"/exports/{export.pk}/decide/", {"decision": decision, "reason": reason}).status_code == 302
        export.refresh_from_db()
        assert (export.state, export.reason) == ({"agree": "queued", "refuse": "refused"}[decision], reason)
        export_task.call(str(export.pk))
        page = text_of(client, f"/exports/{export.pk}/")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page
        assert "&lt;b onclick=1&gt;{{ 7 }}" in page


class TestWho:
    def test_names_the_recipient_of_a_file(self, lin: Client, cast: Cast, tmp_path: Path) -> None:
        export = asked(lin)
        export_task.call(str(export.pk))
        leaked = tmp_path / "found.csv"
        leaked.write_bytes(lin.post(f"/exports/{export.pk}/download/", {"password": PASSWORD}).content)
        told = CliRunner().invoke(command, ["who", str(leaked)])
        assert told.exit_code == 0
        assert told.output.startswith("林静 (lin), export ")
        leaked.write_text("周丽华,水贝店")
        assert CliRunner().invoke(command, ["who", str(leaked)]).exit_code == 1
        assert "lin  2  ready  Invitations" in CliRunner().invoke(command, ["list"]).output


class TestDropFiles:
    @pytest.mark.parametrize("name", ["../keys/fields.json", "", "x", "a" * 63])
    def test_deletes_nothing_of_another_name(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "exports").mkdir()
        assert drop_files([name]) == 0


class TestBox:
    def test_opens_with_its_key_alone(self) -> None:
        (key, box), (other, _) = sealed_box(b"rows"), sealed_box(b"rows")
        assert opened_box(key, box) == b"rows"
        for wrong_key, wrong_box in ((other, box), (key, box[:-1]), (key, box[:-1] + b"x"), ("", box)):
            with pytest.raises(BoxBroken):
                opened_box(wrong_key, wrong_box)
