"""P10: bad files are refused, never half-believed; three hundred of them, each with what must come of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.basics.tables import hostile_archives, hostile_layout, hostile_text, hostile_workbooks
from tests.basics.tables.hostile_cases import Case, Outcome

from zhenke.basics.tables.cells import why_ruined
from zhenke.basics.tables.reading import open_table
from zhenke.basics.tables.refusals import FileRefused

CORPUS: list[Case] = [
    *hostile_text.combinations(),
    *hostile_text.encodings(),
    *hostile_text.false_names(),
    *hostile_text.packed(),
    *hostile_text.quotes_and_widths(),
    *hostile_layout.titles(),
    *hostile_layout.totals(),
    *hostile_layout.cells(),
    *hostile_workbooks.values(),
    *hostile_workbooks.formulas(),
    *hostile_workbooks.shapes(),
    *hostile_archives.bombs(),
    *hostile_archives.entities(),
    *hostile_archives.damage(),
    *hostile_archives.programs(),
]
BOMBS = [case for case in CORPUS if case.bomb]

# What a page or a worker would do with the file, in a process of its own whose memory can be measured. The peak is read
# from /proc, since the other counter starts at the size of the process that forked.
_MEASURED = """
import json, resource, sys
from pathlib import Path
from zhenke.basics.tables.reading import open_table
from zhenke.basics.tables.refusals import FileRefused
code = "read"
try:
    with open_table(Path(sys.argv[1])) as table:
        for row in table.rows():
            pass
except FileRefused as refusal:
    code = refusal.code
own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"code": code, "megabytes": max(own, child) / 1024}))
"""


def outcome_of(path: Path, wanted: Outcome) -> Outcome:
    """What comes of a file, in as much detail as the case asks for."""
    try:
        with open_table(path) as table:
            found = list(table.rows())
            rows = [[str(cell) for cell in cells] for _, cells in found]
            odd = [reason for _, cells in found for cell in cells if (reason := why_ruined(cell))]
            return Outcome(
                rows=rows if wanted.rows is not None else None,
                count=len(rows) if wanted.count is not None else None,
                headings=table.headings if wanted.headings is not None else None,
                encoding=table.facts.encoding if wanted.encoding is not None else None,
                skipped=[row.reason for row in table.skipped] if wanted.skipped is not None else None,
                odd=odd if wanted.odd is not None else None,
                numbers=[number for number, _ in found] if wanted.numbers is not None else None,
            )
    except FileRefused as refusal:
        assert "{" not in refusal.message
        return Outcome(refused=refusal.code)


def measured(path: Path) -> tuple[float, dict[str, Any]]:
    """Seconds from start to end of a process that opens this file, and what it said."""
    begun = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return time.perf_counter() - begun, json.loads(run.stdout)


class TestCorpus:
    def test_holds_three_hundred_files_of_different_names(self) -> None:
        assert len(CORPUS) >= 300
        assert len({case.name for case in CORPUS}) == len(CORPUS)

    @pytest.mark.parametrize("case", [case for case in CORPUS if not case.bomb], ids=lambda case: case.name)
    def test_comes_out_as_expected(self, case: Case, tmp_path: Path) -> None:
        path = tmp_path / case.file_name
        case.make(path)
        assert outcome_of(path, case.expected) == case.expected


class TestBombs:
    @pytest.mark.parametrize("case", BOMBS, ids=lambda case: case.name)
    def test_is_refused_in_two_seconds_and_two_hundred_megabytes(self, case: Case, tmp_path: Path) -> None:
        path = tmp_path / case.file_name
        case.make(path)
        seconds, found = measured(path)
        if seconds > 2:  # once more: other work on the machine is no fault of the reader
            seconds, found = measured(path)
        assert found["code"] == case.expected.refused
        assert found["megabytes"] <= 200
        assert seconds <= 2
