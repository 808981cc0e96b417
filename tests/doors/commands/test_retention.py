"""`zhenke retention`: a dry run counts and takes nothing away."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from tests.cast import NOW, Cast

from zhenke.customers.models import ImportReject, ImportRun
from zhenke.doors.commands.retention import retention

pytestmark = pytest.mark.django_db


class TestRetention:
    def test_counts_first_and_then_takes_away(self, cast: Cast) -> None:
        run = ImportRun.objects.create(
            subject="customers", file_name="a.csv", file_hash="0" * 64, shop=cast.shop_a, started_at=NOW
        )
        ImportReject.objects.create(run=run, row=2, code="row_fault", cells=["x"])
        with time_machine.travel(NOW + timedelta(days=31), tick=False):
            told = CliRunner().invoke(retention, ["--dry-run", "--json"], catch_exceptions=False).output
            assert json.loads(told) == {
                "prospects": 0, "members": 0, "children": 0, "after_hold": 0, "rejects": 1, "links": 0, "to_ask": 0,
            }  # fmt: skip
            assert ImportReject.objects.count() == 1
            done = CliRunner().invoke(retention, ["--json"], catch_exceptions=False).output
            assert json.loads(done)["rejects"] == 1
        assert not ImportReject.objects.exists()
