"""The demo shop's painted photos are pictures, each always the same."""

from __future__ import annotations

import pytest

from zhenke.basics.pictures import redrawn
from zhenke.doors.demo.drawings import drawn

pytestmark = pytest.mark.one_database


class TestDrawn:
    @pytest.mark.parametrize("category", ["ring", "jade_bangle", "pendant", "earring"])
    def test_paints_a_picture_that_can_be_kept(self, category: str) -> None:
        picture = redrawn(drawn(category=category, metal="k18_white", stone="jadeite", seed=1))
        assert (picture.width, picture.height) == (1200, 900)

    def test_paints_the_same_twice_and_another_for_another_stone(self) -> None:
        first = drawn(category="ring", metal="gold", stone="ruby", seed=1)
        assert first == drawn(category="ring", metal="gold", stone="ruby", seed=1)
        assert first != drawn(category="ring", metal="gold", stone="emerald", seed=1)
