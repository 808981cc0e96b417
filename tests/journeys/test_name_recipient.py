"""A gift named on its receipt is a gift on its piece, and a secret on both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_style
from zhenke.catalogue.queries import pieces_of
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.name_recipient import name_recipient
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.sales.queries import gifts_to
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(cast: Cast) -> None:
    """A shop with rules and one style."""
    ensure_first_scheme(now=NOW)
    add_style(draft=StyleDraft("BG1001", name="古法金手镯", category="bangle", metal="gold"), by=SYSTEM, now=NOW)


TODAY = NOW.date()
DAY = TODAY + timedelta(days=9)


def bought(cast: Cast, **line: object) -> RecordedSale:
    slip = SaleSlip(
        source_key="till:gift",
        sold_at=NOW,
        shop=cast.shop_a.code,
        buyer=BuyerSlip(customer_id=cast.mr_zhou.pk),
        lines=(LineSlip(amount_minor=880_000, style_no="BG1001", quantity=1, **line),),  # type: ignore[arg-type]
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW)


def seen(cast: Cast, day: object) -> list[int]:
    return [piece.id for piece in pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=day)]  # type: ignore[arg-type]


class TestNameRecipient:
    def test_lets_receipt_and_piece_say_the_same(self, cast: Cast) -> None:
        sale = bought(cast).sale
        named = {
            "sale": sale,
            "line_ids": [line.pk for line in sale.lines.all()],
            "recipient": cast.mrs_zhou,
            "secret_until_date": DAY,
            "by": cast.mei,
            "now": NOW,
        }
        assert [name_recipient(**named) for _ in range(2)] == [1, 0]
        piece = Piece.objects.get(customer=cast.mr_zhou)
        assert (piece.wearer_id, piece.secret_until_date) == (cast.mrs_zhou.pk, DAY)
        assert seen(cast, TODAY) == []
        assert seen(cast, DAY) == [piece.pk]
        assert gifts_to(viewer=cast.mei, customer=cast.mrs_zhou, now=NOW) == []

    def test_takes_both_back(self, cast: Cast) -> None:
        sale = bought(cast, gift_for=cast.mrs_zhou.pk, secret_until_date=DAY).sale
        assert Piece.objects.get(customer=cast.mr_zhou).wearer_id == cast.mrs_zhou.pk
        keys = [line.pk for line in sale.lines.all()]
        name_recipient(sale=sale, line_ids=keys, recipient=None, secret_until_date=None, by=cast.mei, now=NOW)
        piece = Piece.objects.get(customer=cast.mr_zhou)
        assert (piece.wearer_id, piece.secret_until_date) == (None, None)

    def test_leaves_other_receipts_alone(self, cast: Cast) -> None:
        first = bought(cast).sale
        other = SaleSlip(
            source_key="till:other",
            sold_at=NOW,
            shop=cast.shop_a.code,
            buyer=BuyerSlip(customer_id=cast.mr_zhou.pk),
            lines=(LineSlip(amount_minor=10_000, style_no="BG1001", quantity=1),),
        )
        second = record_sale(slip=other, by=cast.mei, now=NOW).sale
        keys = [line.pk for line in second.lines.all()]
        named = {"recipient": cast.mrs_zhou, "secret_until_date": None, "by": cast.mei, "now": NOW}
        assert name_recipient(sale=first, line_ids=keys, **named) == 0  # type: ignore[arg-type]
        assert not Piece.objects.filter(wearer=cast.mrs_zhou).exists()
