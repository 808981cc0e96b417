"""What a slip must hold before it is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.cast import NOW

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.sales.rules import (
    WRONGS,
    BadSlip,
    CurrencyMismatch,
    LineSlip,
    ReturnLine,
    ReturnSlip,
    SaleSlip,
    SoldInFuture,
    check_return,
    check_sale,
    check_weights,
)

RING = LineSlip(style_no="R1", amount_minor=1_000_00)
SLIP = SaleSlip(source_key="till-1:7", sold_at=NOW, lines=(RING,), currency="CNY")
BACK = ReturnSlip(source_key="till-1:8", sold_at=NOW, sale="till-1:7", lines=(ReturnLine("1"),))


class TestCheckSale:
    def test_numbers_lines_without_a_key(self) -> None:
        slip = replace(SLIP, lines=(RING, replace(RING, line_key="b"), RING))
        assert list(check_sale(slip, shop_currency="CNY", now=NOW)) == ["1", "b", "3"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"source_key": ""}, "source_key_missing"),
            ({"source_key": "x" * 161}, "text_too_long"),
            ({"number": "a\x00b"}, "text_not_readable"),
            ({"lines": ()}, "sale_without_lines"),
            ({"lines": (RING,) * 1001}, "too_many_lines"),
            ({"lines": (RING, replace(RING, line_key="1"))}, "line_key_twice"),
            ({"lines": (replace(RING, quantity=0),)}, "quantity_wrong"),
            ({"lines": (replace(RING, quantity=-1),)}, "quantity_wrong"),
            ({"lines": (replace(RING, amount_minor=-1),)}, "amount_wrong"),
            ({"lines": (replace(RING, amount_minor=10**13 + 1),)}, "amount_wrong"),
            ({"lines": (replace(RING, cost_minor=-1),)}, "amount_wrong"),
            ({"lines": (replace(RING, weight_mg=0),)}, "weight_wrong"),
            ({"lines": (replace(RING, style_no=""),)}, "style_missing"),
            ({"lines": (replace(RING, description="x" * 161),)}, "text_too_long"),
            ({"total_minor": 1}, "total_differs"),
            ({"currency": "yuan"}, "currency_unknown"),
            ({"sold_at": NOW.replace(tzinfo=None)}, "sold_at_without_zone"),
        ],
    )
    def test_refuses_with_the_code_of_what_is_wrong(self, change: dict[str, object], code: str) -> None:
        with pytest.raises(BadSlip) as refused:
            check_sale(replace(SLIP, **change), shop_currency="CNY", now=NOW)
        assert refused.value.code == code
        assert code in WRONGS and isinstance(refused.value, BadInput)

    def test_refuses_another_currency_than_the_shops(self) -> None:
        with pytest.raises(CurrencyMismatch) as refused:
            check_sale(SLIP, shop_currency="HKD", now=NOW)
        assert refused.value.facts == {"currency": "CNY", "shop_currency": "HKD"}

    def test_takes_an_empty_currency_as_the_shops(self) -> None:
        assert check_sale(replace(SLIP, currency=""), shop_currency="HKD", now=NOW)

    @pytest.mark.parametrize(("ahead", "is_refused"), [(5, False), (6, True)])
    def test_lets_a_tills_clock_run_five_minutes_ahead(self, ahead: int, is_refused: bool) -> None:
        slip = replace(SLIP, sold_at=NOW + timedelta(minutes=ahead))
        if not is_refused:
            assert check_sale(slip, shop_currency="CNY", now=NOW)
            return
        with pytest.raises(SoldInFuture) as refused:
            check_sale(slip, shop_currency="CNY", now=NOW)
        assert isinstance(refused.value, RuleBroken)
        assert datetime.fromisoformat(str(refused.value.facts["sold_at"])) == slip.sold_at

    def test_takes_an_amount_of_nothing(self) -> None:
        assert check_sale(replace(SLIP, lines=(replace(RING, amount_minor=0),)), shop_currency="CNY", now=NOW)


class TestCheckReturn:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"lines": ()}, "return_without_lines"),
            ({"lines": (ReturnLine("1"), ReturnLine("1"))}, "line_key_twice"),
            ({"lines": (ReturnLine("1", quantity=0),)}, "quantity_wrong"),
            ({"lines": (ReturnLine("1", amount_minor=-1),)}, "amount_wrong"),
            ({"new_lines": (replace(RING, quantity=0),)}, "quantity_wrong"),
            ({"source_key": ""}, "source_key_missing"),
        ],
    )
    def test_refuses_with_the_code_of_what_is_wrong(self, change: dict[str, object], code: str) -> None:
        with pytest.raises(BadSlip) as refused:
            check_return(replace(BACK, **change), now=NOW)
        assert refused.value.code == code

    def test_returns_the_new_lines_of_an_exchange(self) -> None:
        assert check_return(BACK, now=NOW) == {}
        assert check_return(replace(BACK, new_lines=(RING,)), now=NOW) == {"1": RING}


class TestCheckWeights:
    def test_needs_a_weight_only_for_styles_by_gram(self) -> None:
        keyed = {"1": RING, "2": replace(RING, style_no="G1", weight_mg=5_000)}
        check_weights(keyed, gram_styles=["G1"])
        with pytest.raises(BadSlip) as refused:
            check_weights(keyed, gram_styles=["G1", "R1"])
        assert (refused.value.code, refused.value.facts["line"]) == ("weight_missing", "1")


class TestBadSlip:
    @pytest.mark.parametrize("code", WRONGS)
    def test_has_a_sentence_for_every_code(self, code: str) -> None:
        names = "field limit currency line style_no lines_minor total_minor shop advisor bought_at"
        facts = dict.fromkeys(names.split(), "?")
        assert "{" not in BadSlip(code, **facts).message
