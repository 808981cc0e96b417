"""Pieces through the journeys: made by a sale, taken back by a return, called in by the night, handed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import TODAY, ring

from zhenke.care.models import Task
from zhenke.care.operations import load_default_plans
from zhenke.catalogue.models import Inspection, Piece, PieceOwner
from zhenke.catalogue.operations import add_style
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.rules import BuyerSlip
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.hand_on_piece import hand_on_piece
from zhenke.journeys.inspect_piece import inspect_piece
from zhenke.journeys.plan_care import plan_care
from zhenke.journeys.record_return import record_return
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.journeys.undo_inspection import undo_inspection
from zhenke.sales.rules import LineSlip, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(cast: Cast) -> None:
    """A shop with rules, plans and three styles."""
    ensure_first_scheme(now=NOW)
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
    for draft in (
        StyleDraft("RG1", name="六爪钻戒", category="ring", metal="k18_white", stone="diamond", weight_mg=2_700),
        StyleDraft("BAR", name="投资金条", category="bar", metal="gold", price_mode="gram"),
        StyleDraft("GR", name="足金戒指", category="ring", metal="gold", price_mode="gram"),
    ):
        add_style(draft=draft, by=SYSTEM, now=NOW)


def sell(cast: Cast, *lines: LineSlip, key: str = "till:1") -> RecordedSale:
    """Sell lines to Mrs Zhou."""
    slip = SaleSlip(
        source_key=key,
        sold_at=NOW - timedelta(hours=1),
        lines=lines,
        shop="A",
        buyer=BuyerSlip(customer_id=cast.mrs_zhou.pk),
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW)


THREE = LineSlip(amount_minor=3_000_000, style_no="RG1", quantity=3, line_key="L1")


class TestRecordSale:
    def test_makes_a_piece_for_each_that_she_takes_home(self, cast: Cast) -> None:
        sell(
            cast,
            THREE,
            LineSlip(amount_minor=500_000, style_no="GR", weight_mg=5_200),
            LineSlip(amount_minor=9_000_000, style_no="BAR", weight_mg=100_000),
            LineSlip(amount_minor=80_000, description="珍珠耳钉"),
            LineSlip(amount_minor=70_000, description="足金散料", weight_mg=700),
        )
        pieces = list(Piece.objects.order_by("-price_minor", "source_key"))
        assert [piece.name for piece in pieces] == ["六爪钻戒"] * 3 + ["足金戒指", "珍珠耳钉"]
        diamond, gold = pieces[0], pieces[3]
        assert (diamond.price_minor, diamond.gross_mg, diamond.metal) == (1_000_000, 2_700, "k18_white")
        assert diamond.next_inspection_date == date(2027, 5, 22)
        assert (gold.gross_mg, gold.next_inspection_date) == (5_200, None)
        assert {piece.customer_id for piece in pieces} == {cast.mrs_zhou.pk}
        assert {piece.bought_date for piece in pieces} == {TODAY}

    def test_makes_none_twice_and_none_for_nobody(self, cast: Cast) -> None:
        sell(cast, THREE)
        sell(cast, THREE)
        assert Piece.objects.count() == 3
        slip = SaleSlip(source_key="till:2", sold_at=NOW, lines=(replace(THREE, line_key=""),), shop="A")
        record_sale(slip=slip, by=cast.mei, now=NOW)
        assert Piece.objects.count() == 3


class TestRecordReturn:
    def back(self, cast: Cast, key: str = "till:r1", quantity: int = 1, new: tuple[LineSlip, ...] = ()) -> None:
        slip = ReturnSlip(
            source_key=key,
            sold_at=NOW,
            sale="till:1",
            lines=(ReturnLine("L1", quantity),),
            new_lines=new,
            shop="A",
        )
        record_return(slip=slip, by=cast.mei, now=NOW)

    def test_takes_pieces_back_with_their_history_and_what_was_planned(self, cast: Cast) -> None:
        sell(cast, THREE)
        Piece.objects.update(next_inspection_date=TODAY)
        plan_care(today=TODAY, now=NOW)
        self.back(cast, quantity=2)
        self.back(cast, quantity=2)
        assert Piece.objects.filter(customer=None).count() == 2
        assert PieceOwner.objects.filter(how="returned", from_customer=cast.mrs_zhou).count() == 2
        states = list(Task.objects.filter(step="inspection").order_by("state").values_list("state", "result"))
        assert states == [("cancelled", "returned"), ("cancelled", "returned"), ("open", "")]

    def test_makes_the_new_pieces_of_an_exchange(self, cast: Cast) -> None:
        sell(cast, THREE)
        self.back(cast, new=(LineSlip(amount_minor=2_000_000, style_no="RG1"),))
        assert Piece.objects.filter(customer=cast.mrs_zhou).count() == 3
        assert Piece.objects.filter(customer=None).count() == 1

    def test_leaves_what_was_handed_on(self, cast: Cast) -> None:
        sell(cast, replace(THREE, quantity=1))
        piece = Piece.objects.get()
        hand_on_piece(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        self.back(cast)
        piece.refresh_from_db()
        assert piece.customer_id == cast.mr_zhou.pk


class TestPlanCare:
    def test_calls_in_a_piece_that_is_due_once(self, cast: Cast) -> None:
        piece = ring(cast)
        for _ in range(2):
            plan_care(today=TODAY, now=NOW)
        task = Task.objects.get(step="inspection")
        assert (task.customer_id, task.assignee_id, task.due_date) == (cast.mrs_zhou.pk, cast.mei.pk, TODAY)
        assert task.occurrence_key == f"inspection:{piece.pk}:2026-11-22"
        assert task.reason["piece"] == "六爪钻戒"

    @pytest.mark.parametrize(("days", "count"), [(-91, 0), (-90, 1), (10, 1), (11, 0)])
    def test_looks_ten_days_ahead_and_lets_go_what_is_long_past(self, cast: Cast, days: int, count: int) -> None:
        ring(cast, due=TODAY + timedelta(days=days))
        plan_care(today=TODAY, now=NOW)
        assert Task.objects.filter(step="inspection").count() == count

    def test_calls_in_again_for_the_next_day(self, cast: Cast) -> None:
        piece = ring(cast)
        plan_care(today=TODAY, now=NOW)
        inspect_piece(piece=piece, on_date=TODAY, seen="", next_date=date(2027, 5, 22), by=cast.mei, now=NOW)
        plan_care(today=date(2027, 5, 20), now=NOW)
        assert Task.objects.filter(step="inspection").count() == 2


class TestInspectPiece:
    def test_settles_the_follow_up_and_undo_opens_it_again(self, cast: Cast) -> None:
        piece = ring(cast)
        plan_care(today=TODAY, now=NOW)
        after = date(2027, 5, 22)
        for _ in range(2):
            made = inspect_piece(piece=piece, on_date=TODAY, seen="爪松", next_date=after, by=cast.mei, now=NOW)
        task = Task.objects.get(step="inspection")
        assert (task.state, task.result, task.done_by_id) == ("done", "inspected", cast.mei.pk)
        row = Inspection.objects.get(pk=made.pk)
        assert undo_inspection(inspection=row, by=cast.mei, now=NOW)
        assert not undo_inspection(inspection=made, by=cast.mei, now=NOW)
        task.refresh_from_db()
        piece.refresh_from_db()
        assert (task.state, task.result, task.done_by_id) == ("open", "", None)
        assert piece.next_inspection_date == TODAY


class TestHandOnPiece:
    def test_moves_the_follow_up_to_the_new_owners_advisor(self, cast: Cast) -> None:
        piece = ring(cast)
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        cast.mr_zhou.refresh_from_db()
        plan_care(today=TODAY, now=NOW)
        assert hand_on_piece(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.lin, now=NOW)
        assert hand_on_piece(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.lin, now=NOW) is None
        task = Task.objects.get(step="inspection")
        assert (task.customer_id, task.assignee_id) == (cast.mr_zhou.pk, cast.tao.pk)
