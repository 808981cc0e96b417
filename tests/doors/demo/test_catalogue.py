"""The catalogue and the gold board."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from zhenke.doors.demo.catalogue import METALS, catalogue
from zhenke.doors.demo.gold import BOARD_METALS, GOLD, board_price, is_low

pytestmark = pytest.mark.one_database


class TestCatalogue:
    def test_names_every_style_once_in_both_languages(self) -> None:
        styles = catalogue()
        for field in ("style_no", "name", "name_en"):
            assert len({getattr(style, field) for style in styles}) == len(styles)
        assert not any("一" <= sign <= "鿿" for style in styles for sign in style.name_en)

    def test_covers_the_trade(self) -> None:
        styles = catalogue()
        usual = (
            "ring necklace pendant earring bangle bracelet bar bead jade_bangle jade_pendant pearl_strand lock watch"
        )
        assert {style.category for style in styles} == set(usual.split())
        assert {style.metal for style in styles} == set(METALS)
        assert {"diamond", "jadeite", "nephrite", "pearl", "ruby", "sapphire", ""} == {style.stone for style in styles}

    def test_prices_each_style_in_one_of_two_ways(self) -> None:
        for style in catalogue():
            assert style.weight_mg > 0
            assert style.cost_minor > 0
            if style.price_mode == "gram":
                assert METALS[style.metal][1] in BOARD_METALS
                assert style.tag_minor == 0
                assert style.making_per_gram_minor + style.making_per_piece_minor > 0
            else:
                assert style.tag_minor > style.cost_minor
                assert style.making_per_gram_minor == style.making_per_piece_minor == 0

    def test_gives_stones_with_a_weight_in_their_name_that_weight(self) -> None:
        carats = {style.name_en: style.stone_millicarats for style in catalogue() if style.name_en.endswith(" ct")}
        assert carats["Swan Shank Diamond Ring 1.01 ct"] == 1010
        assert carats["Six-Prong Crown Diamond Ring 0.18 ct"] == 180


class TestBoardPrice:
    def test_moves_little_from_day_to_day_and_much_in_three_years(self) -> None:
        days = [date(2023, 3, 1) + timedelta(days=number) for number in range(1096)]
        prices = [board_price(GOLD, day) for day in days]
        steps = [abs(after - before) / before for before, after in pairwise(prices)]
        assert max(steps) < 0.03
        assert prices[-1] > 1.5 * prices[0]
        assert all(price % 100 == 0 for price in prices)

    def test_goes_on_before_and_after_the_known_years(self) -> None:
        assert board_price(GOLD, date(2015, 1, 1)) > 0
        assert board_price(GOLD, date(2040, 1, 1)) > board_price(GOLD, date(2027, 1, 1))

    def test_is_low_now_and_then(self) -> None:
        lows = [is_low(GOLD, date(2023, 3, 1) + timedelta(days=7 * week)) for week in range(150)]
        assert 10 < sum(lows) < 100

    def test_refuses_a_metal_without_a_board(self) -> None:
        with pytest.raises(KeyError):
            board_price("k18_white", date(2026, 1, 1))
