"""`zhenke import`: the figures, the reasons and the next step; one JSON object for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cast import Cast

from zhenke.basics.errors import BadInput
from zhenke.customers.models import Customer
from zhenke.doors.commands.imports import imports
from zhenke.sales.models import Sale

KEYS = {
    *("rows_in", "created", "updated", "unchanged", "rejected", "customers", "sales", "lines", "amount"),
    *("reject_file", "currency", "dry_run", "import"),
}
PEOPLE = "姓名,手机,会员卡号,门店,顾问\n何念,13800138021,N1,A,mei\n苏晓,1380013,N2,A,\n林可,13800138023,N3,火星店,\n"
SALES = "日期,单号,会员卡号,品名,数量,实收\n2026-11-01,S1,N1,足金素圈,1,1999.00\n2026-11-02,S2,N1,钻戒,1,8888\n"


def _run(*words: object) -> Result:
    return CliRunner().invoke(imports, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def people(cast: Cast, tmp_path: Path) -> Path:
    """Three people as an old till writes them: one good, one with half a phone, one of a shop that is not here."""
    path = tmp_path / "会员.csv"
    path.write_bytes(PEOPLE.encode("gb18030"))
    return path


class TestImports:
    def test_answers_programs_with_one_object(self, people: Path) -> None:
        told = json.loads(_run("customers", people, "--shop", "A", "--json").output)
        assert set(told) == KEYS
        assert [told[name] for name in ("rows_in", "created", "updated", "unchanged", "rejected")] == [3, 1, 0, 0, 2]
        assert Path(told["reject_file"]).read_text("utf-8-sig").count("\n") == 3
        again = json.loads(_run("customers", people, "--shop", "A", "--json").output)
        assert [again[name] for name in ("created", "unchanged", "rejected")] == [0, 1, 2]

    def test_tells_people_why_rows_were_refused_and_what_to_do(self, people: Path) -> None:
        told = _run("customers", people, "--shop", "A").output
        assert "3 rows: 1 created, 0 updated, 0 unchanged, 2 rejected." in told
        assert "  1 × 手机: " in told and "  1 × 门店: " in told
        assert "--unknown-shop default" in told and "--unknown-advisor" not in told
        assert "Mend the rejected rows in" in told
        taken = _run("customers", people, "--shop", "A", "--unknown-shop", "default").output
        assert "1 created, 0 updated, 1 unchanged, 1 rejected" in taken

    def test_tried_out_writes_nothing(self, people: Path) -> None:
        before = Customer.objects.count()
        assert "Nothing was written (dry run)" in _run("customers", people, "--shop", "A", "--dry-run").output
        assert Customer.objects.count() == before

    def test_counts_receipts_lines_and_money_of_sales(self, people: Path, tmp_path: Path) -> None:
        _run("customers", people, "--shop", "A")
        path = tmp_path / "sales.csv"
        path.write_text(SALES, encoding="utf-8")
        told = json.loads(_run("sales", path, "--shop", "A", "--json").output)
        figures = [told[name] for name in ("customers", "sales", "lines", "amount", "currency", "rejected")]
        assert figures == [1, 2, 2, "10887.00", "CNY", 0]
        assert told["reject_file"] is None
        assert Sale.objects.filter(customer__card_number="N1").count() == 2

    def test_refuses_a_shop_and_a_person_who_are_not_there(self, people: Path) -> None:
        with pytest.raises(BadInput, match="no shop X"):
            _run("customers", people, "--shop", "X")
        with pytest.raises(BadInput, match="user name nobody"):
            _run("customers", people, "--shop", "A", "--as", "nobody")

    def test_does_not_understand_another_subject(self, people: Path) -> None:
        assert _run("dogs", people).exit_code == 2
