"""Words of receipts, tasks and imported remarks: private ones are refused where all read, or become notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import reasons, take_in, write_csv

from zhenke.basics.errors import BadInput
from zhenke.care.models import Task
from zhenke.care.operations import add_task
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.queries.timeline import interactions_of
from zhenke.customers.rules.notes import (
    BankNumberInNote,
    PaperNumberInNote,
    WordsTooPrivate,
    fault_of_words,
    open_words,
)
from zhenke.journeys.undo_import import undo_import
from zhenke.sales.models import Sale
from zhenke.sales.operations import add_sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
ILL, PAPER, CARD = "怀孕三个月", "身份证 11010519491231002X", "工行卡 6222021234567890128"
PEOPLE = ("会员卡号", "姓名", "手机", "备注", "注意事项")
SALES = ("小票号", "会员卡号", "姓名", "销售日期", "款号", "品名", "数量", "实收金额", "备注")
SLIP = SaleSlip(source_key="till:1", sold_at=NOW, lines=(LineSlip(amount_minor=100, description="戒指"),))


class TestOpenWords:
    @pytest.mark.parametrize(
        ("text", "wrong"),
        [(ILL, WordsTooPrivate), (PAPER, PaperNumberInNote), ("卡号 6222021234567890128", BankNumberInNote)],
    )
    def test_refuses_and_says_where_but_not_what(self, text: str, wrong: type[BadInput]) -> None:
        with pytest.raises(wrong) as refusal:
            open_words(text, field="note", line="2")
        assert refusal.value.facts == {"field": "note", "line": "2"} and text not in str(refusal.value)
        assert fault_of_words(text) == wrong.code

    @pytest.mark.parametrize("text", ["", "足金佛公吊坠", "证书 NGTC 12345678", "送给妈妈的生日礼物"])
    def test_takes_words_of_the_trade(self, text: str) -> None:
        assert open_words(text, field="note") == text and fault_of_words(text) == ""


class TestReceipts:
    def test_with_private_words_are_refused(self, cast: Cast) -> None:
        line = replace(SLIP.lines[0], description=f"戒指 {ILL}")
        for slip, field in ((replace(SLIP, note=ILL), "note"), (replace(SLIP, lines=(line,)), "description")):
            with pytest.raises(WordsTooPrivate) as refusal:
                add_sale(slip=slip, customer=None, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW)
            assert refusal.value.facts["field"] == field
        with pytest.raises(PaperNumberInNote):
            add_sale(
                slip=replace(SLIP, note=PAPER), customer=None, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW
            )
        assert not Sale.objects.exists()

    def test_of_a_file_are_rejected_at_their_column(self, cast: Cast, tmp_path: Path) -> None:
        rows = [
            ["R1", "S1", "买家", "2026-05-06", "K1", "戒指", "1", "1000.00", ILL],
            ["R2", "S1", "买家", "2026-05-06", "K1", f"戒指 {ILL}", "1", "1000.00", ""],
            ["R3", "S1", "买家", "2026-05-06", "K1", "戒指", "1", "1000.00", PAPER],
            ["R4", "S1", "买家", "2026-05-06", "K1", "足金佛公", "1", "1000.00", "送礼"],
        ]
        run = take_in(write_csv(tmp_path / "s.csv", SALES, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert sorted(reasons(run).values()) == [
            ("description", "words_too_private"), ("note", "note_holds_id_number"), ("note", "words_too_private"),
        ]  # fmt: skip
        assert [sale.number for sale in Sale.objects.all()] == ["R4"]


class TestTasks:
    def test_written_by_hand_with_private_words_are_refused(self, cast: Cast) -> None:
        given = {
            "customer": cast.mrs_zhou,
            "assignee": cast.mei,
            "due_date": NOW.date() + timedelta(days=1),
            "key": "1",
        }
        for text, wrong in ((ILL, WordsTooPrivate), (PAPER, PaperNumberInNote)):
            with pytest.raises(wrong):
                add_task(**given, note=text, by=cast.mei, today=NOW.date(), now=NOW)
        assert not Task.objects.exists()


class TestImportedRemarks:
    def test_that_are_private_become_a_note_of_level_four_once(self, cast: Cast, tmp_path: Path) -> None:
        rows = [
            ["ZK000001", "周丽华", "", ILL, ""],
            ["N1", "新客", "13900139001", ILL, ""],
            ["N2", "新客二", "", "寄卡", ""],
        ]
        path = write_csv(tmp_path / "p.csv", PEOPLE, rows)
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert run.rejected == 0
        assert sorted(Customer.objects.exclude(notes="").values_list("notes", flat=True)) == ["寄卡"]
        assert set(Interaction.objects.values_list("kind", "text", "level")) == {("note", ILL, 4)}
        assert Interaction.objects.count() == 2
        assert [row.text for row in interactions_of(viewer=cast.mei, customer=cast.mrs_zhou)] == [""]
        again = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (again.updated, again.unchanged) == (0, 3) and Interaction.objects.count() == 2
        undo_import(run=again, by=SYSTEM, now=NOW)
        undo_import(run=run, by=SYSTEM, now=NOW)
        assert not Interaction.objects.exists() and not Customer.objects.filter(card_number__in=["N1", "N2"]).exists()

    def test_with_a_number_are_rejected_and_private_cautions_become_notes(self, cast: Cast, tmp_path: Path) -> None:
        rows = [["N1", "甲", "", PAPER, ""], ["N2", "乙", "", "", ILL], ["N3", "丙", "", "", "不要打电话"]]
        run = take_in(write_csv(tmp_path / "p.csv", PEOPLE, rows), subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert sorted(reasons(run).values()) == [("notes", "note_holds_id_number")]
        assert Interaction.objects.get().text == ILL and not Customer.objects.get(card_number="N2").caution
        assert Customer.objects.filter(card_number="N3").exists()
