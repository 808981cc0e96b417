"""How much of a bought line comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from zhenke.sales.rules import AlreadyReturned, Portion, RefundTooHigh, ReturnLine, portion_back

THREE = Portion(3, 1_000, 601, 10, 1_200)


class TestPortionBack:
    def test_gives_all_that_is_left_when_no_quantity_is_named(self) -> None:
        assert portion_back(bought=THREE, already=Portion(0, 0), wanted=ReturnLine("1")) == THREE

    def test_gives_the_pieces_their_share(self) -> None:
        one = portion_back(bought=THREE, already=Portion(0, 0), wanted=ReturnLine("1", 1))
        assert one == Portion(1, 333, 200, 3, 400)

    @given(
        quantity=some.integers(1, 50),
        amount=some.integers(0, 10**9),
        steps=some.lists(some.integers(1, 50), min_size=1, max_size=50),
    )
    def test_portions_add_up_to_the_line_exactly(self, quantity: int, amount: int, steps: list[int]) -> None:
        bought, back, paid = Portion(quantity, amount, amount), 0, 0
        for step in [*steps, None]:
            if back == quantity:
                break
            wanted = ReturnLine("1", None if step is None else min(step, quantity - back))
            portion = portion_back(bought=bought, already=Portion(back, paid), wanted=wanted)
            back, paid = back + portion.quantity, paid + portion.amount_minor
        assert (back, paid) == (quantity, amount)

    def test_does_not_pay_a_kept_fee_back_later(self) -> None:
        already = Portion(1, 300)
        rest = portion_back(bought=THREE, already=already, wanted=ReturnLine("1"))
        assert rest.amount_minor == 667

    def test_refuses_more_pieces_than_are_out(self) -> None:
        with pytest.raises(AlreadyReturned) as refused:
            portion_back(bought=THREE, already=Portion(2, 667), wanted=ReturnLine("1", 2))
        assert refused.value.facts == {"line": "1", "left": 1, "wanted": 2}

    def test_refuses_a_line_that_is_back_already(self) -> None:
        with pytest.raises(AlreadyReturned):
            portion_back(bought=THREE, already=Portion(3, 1_000), wanted=ReturnLine("1"))

    def test_refuses_more_money_than_was_paid(self) -> None:
        with pytest.raises(RefundTooHigh) as refused:
            portion_back(bought=THREE, already=Portion(1, 600), wanted=ReturnLine("1", 1, 401))
        assert refused.value.facts == {"line": "1", "left_minor": 400, "wanted_minor": 401}

    def test_keeps_unknown_cost_and_weight_unknown(self) -> None:
        back = portion_back(bought=Portion(2, 100), already=Portion(0, 0), wanted=ReturnLine("1", 1))
        assert (back.cost_minor, back.weight_mg, back.tag_minor) == (None, None, None)
