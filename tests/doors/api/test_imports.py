"""Files over the api: handed in, taken in by the worker, and every row accounted for."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.api.till import FILE, Till, till_of
from zhenke.customers.models import Customer, ImportRun
from zhenke.doors import uploads
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.staff.models import StoredReply


def _file(text: str = FILE, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


class TestImports:
    def test_are_taken_in_by_the_worker_and_can_be_asked_for(
        self, till: Till, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # type: ignore[no-untyped-def]
        queued: list[str] = []
        monkeypatch.setattr(type(run_import_task), "enqueue", lambda self, key: queued.append(key))
        with django_capture_on_commit_callbacks(execute=True):
            answer = till.upload({"subject": "customers", "shop": "A", "file": _file(FILE + ",,\n何想,138001\n")})
        told = answer.json()
        assert (answer.status_code, told["state"], told["shop"]["code"]) == (202, "waiting", "A"), told
        assert queued == [told["id"]]
        run_import_task.call(told["id"])
        done = till.get(f"/imports/{told['id']}").json()
        assert (done["state"], done["rows_in"]) == ("done", 3)
        assert done["rows_in"] == done["created"] + done["updated"] + done["unchanged"] + done["rejected"]
        assert (done["created"], done["rejected"], done["customers"]) == (2, 1, 2)
        page = till.get(f"/imports/{told['id']}/rejects").json()
        assert page["after"] is None and page["rows"][0]["code"] and "138001" not in str(page)
        assert Customer.objects.filter(name="何念", shop=till.cast.shop_a).exists()

    def test_refuse_files_and_mappings_that_are_none_and_keep_nothing(self, till: Till) -> None:
        kept = set(uploads.folder().iterdir())
        cases = [
            {"subject": "customers", "shop": "A", "mapping": "nobody", "file": _file()},
            {"subject": "sales", "shop": "A", "file": _file()},
            {"subject": "customers", "shop": "OTHER", "file": _file()},
            {"subject": "customers", "shop": "A", "file": _file("", "empty.csv")},
            {"subject": "people", "shop": "A", "file": _file()},
            {"subject": "customers", "shop": "A"},
            {"subject": "customers", "shop": "A", "file": _file(), "by": "1"},
        ]
        for fields in cases:
            answer = till.upload(fields)
            assert answer.status_code == 422, (fields, answer.content)
        assert set(uploads.folder().iterdir()) == kept
        assert not ImportRun.objects.exists() and not StoredReply.objects.exists()

    def test_larger_than_the_limit_are_not_read(self, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "upload_limit", lambda: 10)
        monkeypatch.setattr(uploads, "_SLACK", 0)
        answer = till.upload({"subject": "customers", "shop": "A", "file": _file()})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")

    def test_show_a_stranger_nothing(self, till: Till) -> None:
        run = till.upload({"subject": "customers", "shop": "A", "file": _file()}).json()
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        for tail in ("", "/rejects"):
            hidden, absent = (stranger.get(f"/imports/{key}{tail}") for key in (run["id"], 77))
            assert (hidden.status_code, hidden.content) == (404, absent.content)
