"""The two files to try the import with."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import python_calamine

from zhenke.doors.demo.sample_files import SampleFiles, write_sample_files

pytestmark = pytest.mark.one_database


@pytest.fixture
def files(tmp_path: Path) -> SampleFiles:
    return write_sample_files(tmp_path / "samples")


class TestWriteSampleFiles:
    def test_writes_a_workbook_with_titles_merged_headings_and_a_total(self, files: SampleFiles) -> None:
        rows = python_calamine.CalamineWorkbook.from_path(str(files.customers)).get_sheet_by_index(0).to_python()
        assert "登记表" in str(rows[0][0])
        assert rows[1][0] == "基本资料"
        assert rows[2][:2] == ["会员卡号", "姓名"]
        assert len(rows[3:-1]) == 60
        assert rows[-1][0] == "合计"

    def test_writes_phones_as_people_type_them(self, files: SampleFiles) -> None:
        rows = python_calamine.CalamineWorkbook.from_path(str(files.customers)).get_sheet_by_index(0).to_python()
        phones = [row[5] for row in rows[3:-1]]
        assert any(isinstance(phone, float) for phone in phones)
        written = [phone for phone in phones if isinstance(phone, str)]
        for sign in ("+86", "-", " ", "（", "１"):
            assert any(sign in phone for phone in written), sign
        assert written.count("1.3491E+10") == 1

    def test_writes_sixty_sales_in_gb18030_that_utf_8_cannot_read(self, files: SampleFiles) -> None:
        raw = files.sales.read_bytes()
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
        rows = list(csv.DictReader(raw.decode("gb18030").splitlines()))
        assert len(rows) == 60
        assert any(row["会员姓名"] == "王䶮" for row in rows)
        bad = {number: row for number, row in enumerate(rows, start=1) if number in files.bad_sales}
        assert [bad[14]["日期"], bad[29]["克重"], bad[44]["数量"]] == ["2025-02-30", "3.2两半", "若干"]

    def test_writes_the_same_sales_twice(self, files: SampleFiles) -> None:
        before = files.sales.read_bytes()
        again = write_sample_files(files.sales.parent)
        assert again.sales.read_bytes() == before
