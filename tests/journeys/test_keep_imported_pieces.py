"""Pieces of receipts from older files: written once, none for what came back, gone with the import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import differences, picture, take_in, write_csv

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_valuation
from zhenke.catalogue.rules import ValuationDraft
from zhenke.customers.models import ImportRun
from zhenke.journeys import import_sales as sales_journey
from zhenke.journeys.keep_imported_pieces import keep_imported_pieces
from zhenke.journeys.undo_import import undo_import
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
HEADINGS = ("小票号", "会员卡号", "姓名", "销售日期", "款号", "品名", "品类", "主石", "数量", "实收金额")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make several batches of a small file."""
    monkeypatch.setattr(sales_journey, "BATCH_ROWS", 3)


def taken(cast: Cast, folder: Path, *, bought: str = "2026-05-06", receipts: int = 5) -> ImportRun:
    """Take in receipts of two lines, a ring each and two pairs of earrings."""
    rows = []
    for n in range(receipts):
        rows.append([f"R{n}", f"S{n}", f"买家{n}", bought, "RG", "钻戒", "戒指", "钻石", "1", "9000.00"])
        rows.append([f"R{n}", f"S{n}", f"买家{n}", bought, "EA", "耳钉", "耳饰", "", "2", "900.00"])
    path = write_csv(folder / "sales.csv", HEADINGS, rows)
    return take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)


def keep(run: ImportRun, today: date = TODAY) -> int:
    return keep_imported_pieces(run=run, today=today, now=NOW)


class TestKeepImportedPieces:
    def test_gives_each_buyer_what_she_took_home_once(self, cast: Cast, tmp_path: Path) -> None:
        run = taken(cast, tmp_path)
        assert [keep(run), Piece.objects.count(), keep(run), Piece.objects.count()] == [15, 15, 15, 15]
        pieces = Piece.objects.filter(customer__card_number="S3").order_by("-price_minor", "source_key")
        assert [(one.name, one.price_minor, one.bought_date) for one in pieces] == [
            ("钻戒", 900_000, date(2026, 5, 6)),
            ("耳钉", 45_000, date(2026, 5, 6)),
            ("耳钉", 45_000, date(2026, 5, 6)),
        ]

    def test_tells_how_far_it_is(self, cast: Cast, tmp_path: Path) -> None:
        run, told = taken(cast, tmp_path), []
        keep_imported_pieces(run=run, today=TODAY, now=NOW, progress=told.append)
        assert told == sorted(told) and told[-1] == 15 and len(told) > 2

    def test_makes_none_of_what_came_back(self, cast: Cast, tmp_path: Path) -> None:
        run = taken(cast, tmp_path, receipts=1)
        pair = SaleLine.objects.get(quantity=2)
        back = Sale.objects.create(
            source_key="back", kind="return", customer=pair.sale.customer, shop=cast.shop_a, amount_minor=-45_000,
            sold_at=NOW, sold_date=TODAY, returns=pair.sale, created_at=NOW,
        )  # fmt: skip
        SaleLine.objects.create(sale=back, line_key="1", quantity=-1, amount_minor=-45_000, returned_line=pair)
        assert keep(run) == 2
        assert Piece.objects.filter(name="耳钉").count() == 1

    @pytest.mark.parametrize(
        ("bought", "due"),
        [("2026-05-06", date(2027, 5, 6)), ("2026-06-30", date(2026, 12, 30)), ("2019-03-01", None)],
    )
    def test_calls_nobody_in_for_a_day_that_has_passed(
        self, cast: Cast, tmp_path: Path, bought: str, due: date | None
    ) -> None:
        keep(taken(cast, tmp_path, bought=bought, receipts=1))
        assert Piece.objects.get(name="钻戒").next_inspection_date == due


class TestUndo:
    def test_takes_the_pieces_back_and_leaves_no_trace(self, cast: Cast, tmp_path: Path) -> None:
        before = picture()
        run = taken(cast, tmp_path)
        keep(run)
        assert undo_import(run=run, by=SYSTEM, now=NOW).kept == []
        assert differences(before, picture()) == []
        assert keep(run) == 0

    def test_keeps_the_receipt_of_a_piece_that_somebody_worked_on(self, cast: Cast, tmp_path: Path) -> None:
        run = taken(cast, tmp_path)
        keep(run)
        ring = Piece.objects.get(customer__card_number="S2", name="钻戒")
        add_valuation(piece=ring, draft=ValuationDraft("insurance", 950_000, TODAY, "CNY"), by=cast.mei, now=NOW)
        kept = undo_import(run=run, by=SYSTEM, now=NOW).kept
        assert {(row.kind, row.reason) for row in kept} == {("sale", "piece_kept"), ("customer", "sale")}
        assert Piece.objects.count() == 3
        assert SaleLine.objects.count() == 2
