"""Finding styles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW

from zhenke.catalogue.operations import load_styles
from zhenke.catalogue.queries import find_styles, style_by_no, styles
from zhenke.catalogue.rules import StyleDraft


@pytest.fixture(autouse=True)
def shelf(db: None) -> None:
    """Four styles, one of them retired."""
    drafts = [
        StyleDraft("ZK-100", "足金转运珠", "bead", "gold"),
        StyleDraft("ZK-1001", "Solitaire", "ring", "k18_white", stone="diamond"),
        StyleDraft("AB-100", "ZK homage", "ring", "pt950"),
        StyleDraft("ZK-9", "Old ring", "ring"),
    ]
    retired = load_styles(drafts=drafts, now=NOW)["ZK-9"]
    retired.is_active = False
    retired.save()


class TestFindStyles:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("zk-100", ["ZK-100", "ZK-1001"]),
            ("100", ["AB-100", "ZK-100", "ZK-1001"]),
            ("zk", ["ZK-100", "ZK-1001", "AB-100"]),
            ("转运", ["ZK-100"]),
            ("solit", ["ZK-1001"]),
            ("ZK-9", []),
            ("%", []),
            ("  ", []),
            ("\x00", []),
        ],
    )
    def test_puts_the_nearest_first(self, text: str, numbers: list[str]) -> None:
        assert [style.style_no for style in find_styles(text)] == numbers

    def test_keeps_to_the_limit(self) -> None:
        assert len(find_styles("zk", limit=2)) == 2


class TestStyleByNo:
    def test_leaves_out_what_the_catalogue_does_not_have(self) -> None:
        found = style_by_no(["ZK-100", "ZK-9", "nothing", "ZK-100"])
        assert sorted(found) == ["ZK-100", "ZK-9"]

    def test_asks_nothing_for_nothing(self) -> None:
        with CaptureQueriesContext(connection) as caught:
            assert style_by_no([]) == {}
        assert len(caught) == 0


class TestStyles:
    def test_filters_by_code(self) -> None:
        assert [style.style_no for style in styles(category="ring")] == ["AB-100", "ZK-1001"]
        assert [style.style_no for style in styles(category="ring", active_only=False)][-1] == "ZK-9"
        assert [style.style_no for style in styles(metal="gold")] == ["ZK-100"]
