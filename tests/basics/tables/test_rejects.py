"""The file of refused rows runs nothing, rounds nothing, and comes back letter for letter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.tables.reading import open_table
from zhenke.basics.tables.rejects import RejectFile, guarded, restored

_TEXTS = [
    "=1+1",
    "+86 139",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "'quoted",
    "''twice",
    "'=x",
    "'",
    "",
    " ",
    "=cmd|' /C calc'!A0",
    "＝1",
    "000123",
    "310101199001011234",
    "1.39E+10",
    "-12.50",
    "张三",
    'say "hi"',
    "a,b;c|d",
    "line\nline",
    "\u202eabc",
]


class TestGuarded:
    @pytest.mark.parametrize(
        "text", ["=1", "+1", "-1+1", "@x", "\tx", "\rx", "\nx", "＝1", "'x", "007", "310101199001011234"]
    )
    def test_puts_a_mark_before_what_would_be_computed_or_rounded(self, text: str) -> None:
        assert guarded(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["张三", "-12.50", "100", "13912345678", "", "a=b"])
    def test_leaves_ordinary_texts_alone(self, text: str) -> None:
        assert guarded(text) == text

    @given(st.text())
    def test_is_undone_letter_for_letter(self, text: str) -> None:
        assert restored(guarded(text)) == text

    @given(st.text(alphabet="'=+-@\t01Ea", max_size=5))
    def test_never_leaves_a_formula_in_front(self, text: str) -> None:
        assert guarded(text)[:1] not in "=+@\t\r\n" or not text


class TestRejectFile:
    def test_comes_back_as_the_rows_were(self, tmp_path: Path) -> None:
        path = tmp_path / "rejects.csv"
        with RejectFile(path, ["=姓名", "电话", "备注"]) as file:
            for number, text in enumerate(_TEXTS):
                file.add(row=number + 2, cells=[text, f"139{number}", "x"], column="电话", reason="not a phone")
            assert file.count == len(_TEXTS)
        with open_table(path) as table:
            assert table.facts.mended
            assert table.headings == ["=姓名", "电话", "备注"]
            assert [cells for _, cells in table.rows()] == [[text, f"139{n}", "x"] for n, text in enumerate(_TEXTS)]
            assert table.skipped == []

    def test_gives_cells_beyond_the_headings_back_to_be_refused_again(self, tmp_path: Path) -> None:
        path = tmp_path / "rejects.csv"
        with RejectFile(path, ["a", "b"]) as file:
            file.add(row=2, cells=["1", "2", "=3", "4"], column="", reason="more cells than headings")
        with open_table(path) as table:
            assert list(table.rows()) == []
            assert [row.cells for row in table.skipped] == [["1", "2", "=3", "4"]]

    def test_ends_with_row_column_and_reason(self, tmp_path: Path) -> None:
        path = tmp_path / "rejects.csv"
        with RejectFile(path, ["a"]) as file:
            file.add(row=7, cells=["x"], column="a", reason="=why")
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        assert rows == [["a", "row", "column", "reason"], ["x", "7", "a", "'=why"]]

    def test_keeps_headings_that_a_table_of_values_would_not_have(self, tmp_path: Path) -> None:
        path = tmp_path / "rejects.csv"
        with RejectFile(path, ["2023", "2024"]) as file:
            file.add(row=2, cells=["1", "2"], column="2023", reason="x")
        with open_table(path) as table:
            assert table.headings == ["2023", "2024"]
            assert list(table.rows()) == [(2, ["1", "2"])]


class TestReimport:
    @given(
        st.lists(
            st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
            min_size=2,
            max_size=2,
        )
    )
    def test_restores_any_text_that_a_table_can_hold(self, cells: list[str]) -> None:
        path = Path(self.folder) / "rejects.csv"
        with RejectFile(path, ["甲", "乙"]) as file:
            file.add(row=2, cells=["x", *cells], column="", reason="")
        with open_table(path, encoding="utf-8") as table:
            found = [*table.rows(), *((row.row, row.cells) for row in table.skipped)]
        assert found == [(2, ["x", *cells])] or (not cells[1].strip() and found == [(2, ["x", cells[0]])])

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        type(self).folder = str(tmp_path_factory.mktemp("rejects"))

    folder: str
