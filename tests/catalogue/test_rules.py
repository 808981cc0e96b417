"""What a style must be."""

from __future__ import annotations

import pytest

from zhenke.catalogue.models import Style
from zhenke.catalogue.rules import CATEGORIES, METALS, PRICE_MODES, STONES, BadStyle, StyleDraft, check_style


class TestCheckStyle:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"style_no": " "},
            {"style_no": "x" * 61},
            {"name": "a\x00"},
            {"price_mode": "carat"},
            {"purity_permille": 1001},
            {"weight_mg": -1},
            {"tag_price_minor": 10**14},
        ],
    )
    def test_names_the_field_that_is_wrong(self, wrong: dict[str, object]) -> None:
        with pytest.raises(BadStyle) as refused:
            check_style(StyleDraft(**{"style_no": "R1", **wrong}))
        assert refused.value.facts["field"] == next(iter(wrong))

    def test_takes_the_shops_own_words(self) -> None:
        check_style(StyleDraft("R1", category="三金", metal="古法金"))


class TestCodes:
    @pytest.mark.parametrize(("codes", "field"), [(CATEGORIES, "category"), (METALS, "metal"), (STONES, "stone")])
    def test_fit_their_column_and_differ(self, codes: tuple[str, ...], field: str) -> None:
        longest = Style._meta.get_field(field).max_length
        assert len(set(codes)) == len(codes) and max(map(len, codes)) <= longest

    def test_price_modes_are_those_of_the_table(self) -> None:
        assert set(PRICE_MODES) == set(Style.PriceMode.values)
