"""One way in for every file: choices of the caller, samples, walks, and what is known about the file."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from tests.shared_data import shared_file

from zhenke.basics.tables.cells import OddCell, looks_rounded, tidy, why_ruined
from zhenke.basics.tables.encoding import detect_encoding
from zhenke.basics.tables.limits import Limits
from zhenke.basics.tables.reading import open_table
from zhenke.basics.tables.refusals import (
    BadChoice,
    BrokenText,
    EncodingUnknown,
    FileTooLarge,
    ReadingTooSlow,
    TooManyRows,
    refusal_from,
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, value in (("one", 1), ("two", 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["甲", "乙"])
            for row in range(1, 1200):
                sheet.write_row(row, 0, [f"x{row}", value])
    return path


def written(tmp_path: Path, text: bytes) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    return path


class TestOpenTable:
    def test_takes_the_encoding_a_person_chose(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a,b\n1,楼\n".encode("gb18030"))
        with pytest.raises(EncodingUnknown) as refusal:
            open_table(path)
        assert {"encoding": "gb18030", "sample": "1,楼"} in refusal.value.candidates
        assert list(open_table(path, encoding="GBK").rows()) == [(2, ["1", "楼"])]
        assert list(open_table(path, encoding="utf-8").rows()) == [(2, ["1", "¥"])]

    def test_offers_only_encodings_that_it_then_takes(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a,b\n1,José Müller\n".encode("cp1252"))
        with pytest.raises(EncodingUnknown) as refusal:
            open_table(path)
        for candidate in refusal.value.candidates:
            assert open_table(path, encoding=candidate["encoding"]).headings == ["a", "b"]

    def test_refuses_an_encoding_that_does_not_fit(self, tmp_path: Path) -> None:
        path = written(tmp_path, b"a,b\n" + b"1,2\n" * 100_000 + "1,客户\n".encode("gb18030"))
        table = open_table(path, encoding="utf-8")
        with pytest.raises(BrokenText):
            list(table.rows())

    def test_takes_the_delimiter_a_person_chose(self, tmp_path: Path) -> None:
        assert open_table(written(tmp_path, b"a,b;c\n1,2;3\n"), delimiter=";").headings == ["a,b", "c"]

    @pytest.mark.parametrize(
        "choice", [{"encoding": "rot13"}, {"encoding": "nonsense"}, {"delimiter": ",,"}, {"delimiter": '"'}]
    )
    def test_refuses_choices_that_do_not_exist(self, tmp_path: Path, choice: dict[str, str]) -> None:
        with pytest.raises(BadChoice):
            open_table(written(tmp_path, b"a,b\n1,2\n"), **choice)  # type: ignore[arg-type]

    def test_opens_the_sheet_asked_for(self, workbook: Path) -> None:
        with open_table(workbook, sheet="two") as table:
            assert table.facts.sheet_names == ("one", "two")
            assert next(table.rows()) == (2, ["x1", "2"])
        with pytest.raises(BadChoice):
            open_table(workbook, sheet="three")

    def test_walks_a_workbook_more_than_once(self, workbook: Path) -> None:
        with open_table(workbook) as table:
            assert len(table.sample()) == 20
            first, second = list(table.rows()), list(table.rows())
        assert first == second
        assert [number for number, _ in first] == list(range(2, 1201))

    def test_ends_the_separate_reader_when_closed(self, workbook: Path) -> None:
        table = open_table(workbook)
        next(table.rows())
        table.close()
        children = Path(f"/proc/self/task/{Path('/proc/thread-self').resolve().name}/children")
        assert not children.exists() or children.read_text().split() == []

    def test_refuses_more_rows_than_the_limit(self, tmp_path: Path, workbook: Path) -> None:
        limits = replace(Limits(), max_rows=10)
        with pytest.raises(TooManyRows):
            list(open_table(written(tmp_path, b"a,b\n" + b"1,2\n" * 10), limits=limits).rows())
        assert len(list(open_table(written(tmp_path, b"a,b\n" + b"1,2\n" * 9), limits=limits).rows())) == 9
        with pytest.raises(TooManyRows):
            open_table(workbook, limits=limits)

    def test_refuses_a_file_above_the_limit_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        with path.open("wb") as file:
            file.truncate(Limits().max_file_bytes + 1)
        with pytest.raises(FileTooLarge):
            open_table(path)

    def test_refuses_a_workbook_that_takes_too_long(self, workbook: Path) -> None:
        with pytest.raises(ReadingTooSlow):
            open_table(workbook, limits=replace(Limits(), base_seconds=0))

    def test_reads_the_whole_real_file(self) -> None:
        with open_table(shared_file("complete_journey/transactions.csv.gz")) as table:
            assert table.headings[0] == "household_id"
            cents = households = 0
            seen = set()
            for _, cells in table.rows():
                cents += round(float(cells[5]) * 100)
                seen.add(cells[0])
            households = len(seen)
            assert table.skipped == [] and table.blank_rows == 0
        assert households == 2377
        assert cents > 0


class TestMemory:
    def test_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        line = b"906,319,31198705046,1075313,1.0,1.5,0.29,0.0,0.0,1,2017-01-01 12:30:27\n"
        path = written(tmp_path, b"a,b,c,d,e,f,g,h,i,j,k\n" + line * 600_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert sum(1 for _ in open_table(path).rows()) == 600_000
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024


class TestDetectEncoding:
    @pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 4096])
    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le"])
    def test_does_not_depend_on_how_the_bytes_are_cut(self, encoding: str, size: int) -> None:
        text = "编号,姓名,电话\n" + "".join(f"{n},张三丰,139{n}\n" for n in range(400))
        content = text.encode(encoding)
        assert detect_encoding(content[at : at + size] for at in range(0, len(content), size)) == encoding


class TestWhyRuined:
    @pytest.mark.parametrize(
        "text", ["1.39E+10", "3.1e17", "13912345678.0", "#N/A", "####", OddCell("5", "ruined_number")]
    )
    def test_knows_what_a_spreadsheet_did(self, text: str) -> None:
        assert why_ruined(text) is not None

    @pytest.mark.parametrize("text", ["", "13912345678", "12.0", "E10", "张三", "310101199001011234", "12E"])
    def test_leaves_good_texts_alone(self, text: str) -> None:
        assert why_ruined(text) is None

    def test_suspects_zeros_behind_the_fifteenth_digit(self) -> None:
        assert looks_rounded("310101199001011000")
        assert not looks_rounded("310101199001011234")


class TestTidy:
    @pytest.mark.parametrize("text", ["\u200b张三\u202e", " 张三\u3000", "\ufeff张三", '="张三"', "\u00a0张三\u00a0"])
    def test_takes_off_what_nobody_sees(self, text: str) -> None:
        assert tidy(text) == "张三"


class TestRefusalFrom:
    def test_believes_no_unknown_code(self) -> None:
        assert refusal_from("os_system", {"x": 1}).code == "reading_failed"
        assert refusal_from("too_many_rows", {}).code == "reading_failed"
        assert refusal_from("too_many_rows", {"limit": 5}).code == "too_many_rows"


class TestIsolation:
    def test_imports_neither_django_nor_a_database(self) -> None:
        code = "import sys, zhenke.basics.tables.workbook; print({'django', 'sqlite3'} & set(sys.modules))"
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert found.stdout.strip() == "set()"
