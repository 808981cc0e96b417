"""Every job of the bench runs at small size and says how ours stands to its floor; how fast is not judged here."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from bench.__main__ import JOBS
from bench.measure import Figure
from bench.places import CHECKOUT, SMALL
from bench.report import append, table

pytestmark = pytest.mark.one_database


def figure(**known: object) -> Figure:
    """Return a figure of three rounds at half the floor's rate."""
    return Figure(**{"job": "a job", "unit": "req/s", "ours": [5, 6, 4], "floors": [10, 10, 10], **known})  # type: ignore[arg-type]


class TestFigure:
    def test_takes_the_middle_of_the_rounds_ratios(self) -> None:
        assert figure().ratio == 0.5

    def test_counts_processor_time_the_same_way_round_as_the_clock(self) -> None:
        assert figure(cpu_ours=[2, 2, 2], cpu_floors=[1, 1, 1]).cpu_ratio == 0.5
        assert figure(cpu_ours=[2, 2, 2], cpu_floors=[1, 1, 1], is_rate=False).cpu_ratio == 2

    def test_names_each_target_that_is_missed(self) -> None:
        missed = figure(target_ratio=0.6, p95_ms=120, target_p95_ms=100, queries=12, target_queries=12)
        assert missed.misses == ["ratio", "p95"]
        assert figure(is_rate=False, target_ratio=0.4).misses == ["ratio"]
        assert figure(is_rate=False, target_ratio=0.6).misses == []


class TestTable:
    def test_is_appended_below_what_is_there(self, tmp_path: Path) -> None:
        page = tmp_path / "benchmarks.md"
        page.write_text("# Head\n")
        append(page, day=date(2026, 11, 22), size=SMALL, figures=[figure(database="sqlite", note="why")])
        told = page.read_text()
        assert told.startswith("# Head\n\n## 2026-11-22, small: 3,000 customers\n\n| Job |")
        assert "| a job | sqlite | 5.0 req/s (4.0–6.0) |" in told and "**0.50** (0.40–0.60)" in told
        assert told.endswith("- a job, sqlite: why.\n")

    def test_has_as_many_cells_in_each_row(self) -> None:
        assert {line.count("|") for line in table([figure(), figure(ours=[], floors=[])]).splitlines()} == {12}


@pytest.mark.slow
class TestSmallRun:
    @pytest.mark.parametrize(
        "left_out",
        # Lists and searches are pages like Today, files and linkage have tests of their own; all take long.
        [
            pytest.param(["search", "import", "linkage"], id="at every commit"),
            pytest.param([], marks=pytest.mark.soak, id="whole"),
        ],
    )
    def test_runs_every_job_and_prints_ratios(self, tmp_path: Path, left_out: list[str]) -> None:
        page = CHECKOUT / "docs" / "benchmarks.md"
        asked = [job for job in JOBS if job not in left_out]
        before = page.read_text()
        done = subprocess.run(
            [sys.executable, "-m", "bench", *asked, "--small", "--database", "sqlite"],
            cwd=CHECKOUT,
            env={**os.environ, "ZHENKE_BENCH_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        rows = [line for line in done.stdout.splitlines() if "| sqlite |" in line]
        assert all(" **" in row for row in rows if "febrl" not in row)
        of_files = ("CSV", "XLSX", "linkage", "newcomer")
        long = () if left_out else ("profile", "customer list", "digits", "initials", *of_files)
        short = ("Today", "record_sale", "earn and spend", "night's end", "regrade")
        for job in (*long, *short):
            assert any(job in row for row in rows), job
        assert len(JOBS) == 7
        assert page.read_text() == before
