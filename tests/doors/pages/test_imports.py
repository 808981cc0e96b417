"""Imports over HTTP: a file is chosen, its columns understood, tried out, taken in, mended and undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.doors.pages.world import HTMX, queries_of, text_of
from zhenke.customers.models import Customer, ImportMapping, ImportReject, ImportRun
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.doors.jobs.undo_import import undo_import_task
from zhenke.doors.uploads import folder
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.models import Sale

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
ROWS = "姓名,会员卡号,手机,生日\n陈晓,C1,13800138001,1990-05-06\n李雷,C2,13800138002,8月15日\n坏人,C3,123,\n"
MAPPED = {"column-0": "name", "column-1": "card_number", "column-2": "phone", "column-3": "birthday"}
OPTIONS = {"unknown_shop": "refuse", "unknown_advisor": "refuse", "currency": "CNY", "grams_in_weight_unit": "1"}
SALES = "单号,日期,会员卡号,品名,实收金额\nR1,2026-11-01,C9,足金素圈,1200.00\n"


def upload(client: Client, cast: Cast, content: bytes | str = ROWS, **given: object) -> ImportRun:
    """Hand in a file and return its trial run."""
    body = content.encode("gb18030") if isinstance(content, str) else content
    form = {"subject": "customers", "shop": cast.shop_a.pk, "file": SimpleUploadedFile("老会员.csv", body), **given}
    answer = client.post("/imports/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportRun.objects.get(pk=int(answer.url.split("/")[2]))


def try_out(client: Client, cast: Cast, run: ImportRun, **given: object) -> ImportRun:
    """Choose the columns and let the worker try the file out."""
    answer = client.post(f"/imports/{run.pk}/columns/", {**MAPPED, **OPTIONS, "shop": cast.shop_a.pk, **given})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    run_import_task.func(str(run.pk))
    run.refresh_from_db()
    return run


def take_in(client: Client, run: ImportRun) -> ImportRun:
    """Take the trial in and let the worker do it."""
    answer = client.post(f"/imports/{run.pk}/take/")
    taken = ImportRun.objects.get(pk=int(answer.url.split("/")[2]))
    run_import_task.func(str(taken.pk))
    taken.refresh_from_db()
    return taken


class TestImportsPage:
    def test_is_for_those_who_may_import(self, cast: Cast, desk: Desk) -> None:
        assert desk("mei").get("/imports/").status_code == 403
        for who in ("lin", "zhu", "an"):
            assert "No file yet" in text_of(desk(who), "/imports/")

    def test_refuses_a_hostile_file_at_once_and_keeps_nothing(self, cast: Cast, desk: Desk) -> None:
        before = {path.name for path in folder().iterdir()}
        file = SimpleUploadedFile("x.csv", b"\x7fELF" + b"\0" * 5000)
        answer = desk("lin").post("/imports/", {"subject": "customers", "shop": cast.shop_a.pk, "file": file})
        assert answer.status_code == 422
        assert "not a table" in answer.content.decode()
        assert not ImportRun.objects.exists()
        assert {path.name for path in folder().iterdir()} == before

    def test_refuses_a_file_over_the_limit_before_it_is_read(
        self, cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("zhenke.doors.uploads.upload_limit", lambda: 0)
        file = SimpleUploadedFile("big.csv", b"a,b\n" * 500_000)
        answer = desk("lin").post("/imports/", {"subject": "customers", "shop": cast.shop_a.pk, "file": file})
        assert answer.status_code == 422
        assert f"larger than {settings.INSTALLATION.upload_limit_mb} MB" in answer.content.decode()

    def test_lists_runs_only_to_those_who_see_the_shop(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast)
        assert "老会员.csv" in text_of(desk("lin"), "/imports/")
        assert "老会员.csv" in text_of(desk("zhu"), "/imports/")
        assert "老会员.csv" not in text_of(desk("other"), "/imports/")
        assert desk("other").get(f"/imports/{run.pk}/columns/").status_code == 404

    def test_stays_within_its_queries(self, cast: Cast, desk: Desk) -> None:
        for _ in range(3):
            try_out(desk("lin"), cast, upload(desk("lin"), cast))
        assert len(queries_of(desk("lin"), "/imports/")) <= 7


class TestImportColumns:
    def test_shows_each_column_with_values_and_the_guessed_field(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast)
        page = text_of(desk("lin"), f"/imports/{run.pk}/columns/")
        assert "13800138001" in page
        assert "Read as GB18030" in page
        for field in ("name", "card_number", "phone", "birthday"):
            assert f'<option value="{field}" selected>' in page

    def test_asks_when_the_letters_can_be_read_in_several_ways(self, cast: Cast, desk: Desk) -> None:
        client = desk("lin")
        run = upload(client, cast, b"name,note\nA," + b"\xc2\xa5\n" * 2)
        page = text_of(client, f"/imports/{run.pk}/columns/")
        assert "Which one can you read?" in page
        assert "楼" in page
        assert "楼" in text_of(client, f"/imports/{run.pk}/columns/?encoding=gb18030")
        assert "¥" in text_of(client, f"/imports/{run.pk}/columns/?encoding=utf-8")

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"column-1": "name"}, "2 columns are “Name”"),
            (dict.fromkeys(MAPPED, ""), "At least one of these is needed"),
        ],
    )
    def test_names_what_is_wrong_and_runs_nothing(
        self, cast: Cast, desk: Desk, given: dict[str, str], says: str
    ) -> None:
        run = upload(desk("lin"), cast)
        form = {**MAPPED, **OPTIONS, "shop": cast.shop_a.pk, **given}
        answer = desk("lin").post(f"/imports/{run.pk}/columns/", form)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        run.refresh_from_db()
        assert run.columns == {}

    def test_wants_day_and_amount_of_sales(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast, SALES, subject="sales")
        answer = desk("lin").post(f"/imports/{run.pk}/columns/", {**OPTIONS, "shop": cast.shop_a.pk})
        assert "Say which column is: Day of the sale、Paid amount." in answer.content.decode()

    def test_refuses_a_shop_that_is_not_the_persons(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast)
        form = {**MAPPED, **OPTIONS, "shop": cast.shop_b.pk}
        assert desk("lin").post(f"/imports/{run.pk}/columns/", form).status_code == 422

    def test_remembers_columns_by_name_and_offers_them_for_the_next_file(self, cast: Cast, desk: Desk) -> None:
        try_out(desk("lin"), cast, upload(desk("lin"), cast), **{"remember_as": "金蝶", "column-3": ""})
        assert ImportMapping.objects.get().columns["phone"] == "手机"
        again = upload(desk("lin"), cast, ROWS + "王五,C5,13800138005,\n")
        assert "?mapping=%E9%87%91%E8%9D%B6" in text_of(desk("lin"), f"/imports/{again.pk}/columns/")
        page = text_of(desk("lin"), f"/imports/{again.pk}/columns/?mapping=金蝶")
        assert '<option value="phone" selected>' in page
        assert '<option value="birthday" selected>' not in page


class TestTrial:
    def test_counts_and_explains_and_writes_nothing(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        assert (run.rows_in, run.created, run.rejected, run.state) == (3, 2, 1, "ready")
        page = text_of(desk("lin"), f"/imports/{run.pk}/")
        assert "Take in 2 rows" in page
        assert "“123” has 3 digits" in page
        assert not Customer.objects.filter(card_number="C1").exists()

    def test_is_done_anew_with_other_columns(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        run = try_out(desk("lin"), cast, run, **{"column-2": ""})
        assert (run.rows_in, run.created, run.rejected) == (3, 3, 0)
        assert not ImportReject.objects.exists()

    def test_shows_live_progress_to_htmx_and_goes_on_when_it_ends(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast)
        desk("lin").post(f"/imports/{run.pk}/columns/", {**MAPPED, **OPTIONS, "shop": cast.shop_a.pk})
        fragment = text_of(desk("lin"), f"/imports/{run.pk}/", headers=HTMX)
        assert "Waiting for its turn" in fragment
        assert "<html" not in fragment
        run_import_task.func(str(run.pk))
        ended = desk("lin").get(f"/imports/{run.pk}/", headers=HTMX)
        assert ended["HX-Redirect"] == f"/imports/{run.pk}/"

    def test_is_forgotten_with_its_file(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        assert Path(run.file_path).exists()
        assert desk("lin").post(f"/imports/{run.pk}/drop/").status_code == 302
        assert not Path(run.file_path).exists()
        assert not ImportRun.objects.exists()

    def test_says_why_the_file_as_a_whole_is_refused(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast)
        Path(run.file_path).unlink()
        assert desk("lin").get(f"/imports/{run.pk}/columns/").status_code == 409
        ImportRun.objects.filter(pk=run.pk).update(columns={"name": "姓名"})
        run_import_task.func(str(run.pk))
        assert "no longer kept here" in text_of(desk("lin"), f"/imports/{run.pk}/")


class TestTakeIn:
    def test_writes_the_rows_and_deletes_the_upload(self, cast: Cast, desk: Desk) -> None:
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast)))
        assert (taken.created, taken.rejected, taken.state) == (2, 1, "done")
        assert Customer.objects.get(card_number="C1").shop == cast.shop_a
        assert not Path(taken.file_path).exists()
        page = text_of(desk("lin"), f"/imports/{taken.pk}/")
        assert "Taken in" in page
        assert "Undo this import" in page

    def test_says_when_everybody_is_graded_with_its_rows(self, cast: Cast, desk: Desk) -> None:
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast)))
        assert "graded anew" in text_of(desk("lin"), f"/imports/{taken.pk}/")
        regrade_customers(reason="import", now=taken.finished_at)
        assert "Everybody is graded with these rows" in text_of(desk("lin"), f"/imports/{taken.pk}/")

    def test_is_one_run_when_pressed_twice(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        first, second = (desk("lin").post(f"/imports/{run.pk}/take/").url for _ in range(2))
        assert first == second
        assert ImportRun.objects.filter(is_dry_run=False).count() == 1
        for _ in range(2):
            run_import_task.func(first.split("/")[2])
        assert Customer.objects.filter(card_number__in=["C1", "C2"]).count() == 2
        assert desk("lin").post(f"/imports/{run.pk}/take/").url == first

    def test_makes_sales_with_exact_figures(self, cast: Cast, desk: Desk) -> None:
        run = upload(desk("lin"), cast, SALES, subject="sales")
        columns = ("number", "sold_at", "card_number", "description", "amount")
        given = {f"column-{place}": name for place, name in enumerate(columns)}
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, run, **given))
        assert Sale.objects.get().amount_minor == 120_000
        assert "1 customer, 1 receipt, 1 line · ¥1,200" in text_of(desk("lin"), f"/imports/{taken.pk}/")

    def test_goes_on_after_it_was_cut_off(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        taken = ImportRun.objects.get(pk=int(desk("lin").post(f"/imports/{run.pk}/take/").url.split("/")[2]))
        ImportRun.objects.filter(pk=taken.pk).update(state="failed", message="cut off")
        assert "Go on where it stopped" in text_of(desk("lin"), f"/imports/{taken.pk}/")
        assert desk("lin").post(f"/imports/{taken.pk}/resume/").status_code == 302
        run_import_task.func(str(taken.pk))
        taken.refresh_from_db()
        assert (taken.state, taken.created) == ("done", 2)


class TestRejectFile:
    def test_is_sent_as_it_is_made_and_can_be_handed_in_mended(self, cast: Cast, desk: Desk) -> None:
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast)))
        answer = desk("lin").get(f"/imports/{taken.pk}/refused.csv")
        assert answer.streaming
        assert "attachment" in answer["Content-Disposition"]
        sent = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        lines = list(csv.reader(io.StringIO(sent.decode("utf-8-sig"))))
        assert lines[0] == ["姓名", "会员卡号", "手机", "生日", "row", "column", "reason"]
        assert lines[1][:3] == ["坏人", "C3", "123"]
        mended = sent.replace(b",123,", b",13800138003,")
        again = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast, mended)))
        assert (again.created, again.rejected) == (1, 0)
        assert Customer.objects.filter(card_number="C3").exists()

    def test_is_nobody_elses(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        assert desk("other").get(f"/imports/{run.pk}/refused.csv").status_code == 404


class TestUndo:
    def test_takes_everything_back_and_says_what_went(self, cast: Cast, desk: Desk) -> None:
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast)))
        assert desk("lin").post(f"/imports/{taken.pk}/undo/").status_code == 302
        assert "Taking it back" in text_of(desk("lin"), f"/imports/{taken.pk}/")
        undo_import_task.func(str(taken.pk))
        assert not Customer.objects.filter(card_number__in=["C1", "C2"]).exists()
        page = text_of(desk("lin"), f"/imports/{taken.pk}/")
        assert "This import was undone" in page
        assert "2 customers" in page
        assert "Everything is as it was before." in page

    def test_names_whom_it_kept_and_why(self, cast: Cast, desk: Desk) -> None:
        taken = take_in(desk("lin"), try_out(desk("lin"), cast, upload(desk("lin"), cast)))
        Customer.objects.filter(card_number="C1").update(caution="nickel", updated_at=cast.lin.created_at)
        desk("lin").post(f"/imports/{taken.pk}/undo/")
        undo_import_task.func(str(taken.pk))
        page = text_of(desk("lin"), f"/imports/{taken.pk}/")
        kept = set(Customer.objects.filter(card_number__in=["C1", "C2"]).values_list("card_number", flat=True))
        assert ("陈晓" in page) == ("C1" in kept)
        assert "C2" not in kept

    def test_is_not_for_a_trial_nor_for_a_stranger(self, cast: Cast, desk: Desk) -> None:
        run = try_out(desk("lin"), cast, upload(desk("lin"), cast))
        assert desk("lin").post(f"/imports/{run.pk}/undo/").status_code == 409
        assert desk("other").post(f"/imports/{run.pk}/undo/").status_code == 404
