"""Promise P30: a spreadsheet engine that opens what we hand out computes nothing and follows nothing.

LibreOffice opens, told to compute what it takes for a formula, every file of refused rows of the injection run: all
classes of naughty strings in every column. Seen to go red: on planted formulas, and on the same cells without their
guard.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cast import Cast
from tests.promises.files import sent_files
from tests.promises.test_injection import opened
from zhenke.basics.tables.rejects import RejectFile, restored

OFFICE = shutil.which("soffice")
# Commas, quotes, UTF-8, from line 1, numbers and dates are known as such, formulas are computed.
AS_PEOPLE_OPEN_IT = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
# What a spreadsheet computes or fetches: formulas, links to other files, scripts, embedded things.
ALIVE = {"formula", "href", "script", "event-listener", "object", "dde-link", "dde-source", "table-source", "a"}
LEAST_FILES, LEAST_CELLS = 10, 1_500

pytestmark = [
    pytest.mark.soak,
    pytest.mark.one_database,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; ./check soak installs it"),
]


def alive_in(folder: Path, contents: list[bytes]) -> tuple[list[str], int]:
    """Open files in LibreOffice; return what is alive in them, and how many cells it saw."""
    for number, content in enumerate(contents):
        (folder / f"refused-{number}.csv").write_bytes(content)
    command = [str(OFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += [f"--infilter={AS_PEOPLE_OPEN_IT}", "--convert-to", "fods", "--outdir", str(folder / "opened")]
    names = sorted(map(str, folder.glob("*.csv")))
    done = subprocess.run([*command, *names], capture_output=True, text=True, timeout=600, check=False)
    made = sorted((folder / "opened").glob("*.fods"))
    assert len(made) == len(contents), done.stderr[-500:]
    found, cells = [], 0
    for path in made:
        # The document's settings and empty library stand outside the sheets.
        (sheets,) = (one for one in ElementTree.parse(path).iter() if _bare(one.tag) == "spreadsheet")
        for element in sheets.iter():
            names_here = {_bare(name) for name in (element.tag, *element.attrib)}
            if _bare(element.tag) == "table-cell":
                cells += any(_bare(name) == "value-type" for name in element.attrib)
            if names_here & ALIVE:
                found.append(f"{path.name}: {_bare(element.tag)} {dict(element.attrib)}"[:200])
    return found, cells


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def unguarded(content: bytes) -> bytes:
    """Return the same file as a careless program would write it."""
    text = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    csv.writer(text).writerows([restored(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


class TestASpreadsheet:
    @pytest.mark.django_db
    def test_computes_nothing_of_what_was_refused(
        self, cast: Cast, settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stage = opened(cast, settings, rounds=2)
        with stage.run.watch.on():
            refused = sent_files(stage.run, stage.house, rounds=stage.rounds).refused
        (tmp_path / "ours").mkdir()
        found, cells = alive_in(tmp_path / "ours", refused)
        with capsys.disabled():
            print(f"\nspreadsheet: {len(refused)} files of refused rows, {cells} cells with something in them")
        assert found == []
        assert len(refused) >= LEAST_FILES and cells >= LEAST_CELLS
        (tmp_path / "careless").mkdir()
        assert len(alive_in(tmp_path / "careless", [unguarded(content) for content in refused])[0]) >= 10

    def test_computes_what_is_planted(self, tmp_path: Path) -> None:
        planted = ["=1+1", '=HYPERLINK("http://evil.example")', "=A1&B1", "=cmd|' /C calc'!A0"]
        with RejectFile(tmp_path / "guarded", ["a"]) as file:
            for number, text in enumerate(planted):
                file.add(row=number, cells=[text], column="a", reason="-")
        careful = (tmp_path / "guarded").read_bytes()
        (tmp_path / "one").mkdir()
        (tmp_path / "other").mkdir()
        assert alive_in(tmp_path / "one", [careful])[0] == []
        assert len(alive_in(tmp_path / "other", [unguarded(careful)])[0]) >= 3
