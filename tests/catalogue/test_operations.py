"""Writing styles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW

from zhenke.catalogue.models import Style
from zhenke.catalogue.operations import StyleNumberTaken, add_style, load_styles
from zhenke.catalogue.rules import BadStyle, StyleDraft
from zhenke.staff import SYSTEM

RING = StyleDraft("R1", "Ring", "ring", "k18_white", 750, "diamond", tag_price_minor=1_000_00)


@pytest.mark.django_db
class TestAddStyle:
    def test_writes_the_style(self) -> None:
        style = add_style(draft=RING, by=SYSTEM, now=NOW)
        assert Style.objects.get() == style
        assert (style.metal, style.purity_permille, style.price_mode) == ("k18_white", 750, "fixed")

    def test_twice_is_the_same_style(self) -> None:
        first = add_style(draft=RING, by=SYSTEM, now=NOW)
        assert add_style(draft=RING, by=SYSTEM, now=NOW) == first
        assert add_style(draft=StyleDraft("R1"), by=SYSTEM, now=NOW) == first
        assert Style.objects.count() == 1

    def test_refuses_a_number_that_means_something_else(self) -> None:
        add_style(draft=RING, by=SYSTEM, now=NOW)
        with pytest.raises(StyleNumberTaken) as refused:
            add_style(draft=replace(RING, metal="gold", stone="pearl"), by=SYSTEM, now=NOW)
        assert refused.value.facts["differences"] == "metal, stone"


@pytest.mark.django_db
class TestLoadStyles:
    def test_writes_only_what_is_new_in_a_few_statements(self) -> None:
        add_style(draft=RING, by=SYSTEM, now=NOW)
        drafts = [replace(RING, name="other"), *(StyleDraft(f"N{number}") for number in range(1_500))]
        with CaptureQueriesContext(connection) as caught:
            loaded = load_styles(drafts=drafts, now=NOW)
        assert (len(loaded), Style.objects.count(), loaded["R1"].name) == (1_501, 1_501, "Ring")
        assert len(caught) <= 30  # SQLite takes 83 such rows a statement
        assert {number: style.pk for number, style in load_styles(drafts=drafts, now=NOW).items()} == {
            number: style.pk for number, style in loaded.items()
        }

    def test_writes_nothing_when_one_draft_is_wrong(self) -> None:
        with pytest.raises(BadStyle):
            load_styles(drafts=[RING, StyleDraft("")], now=NOW)
        assert not Style.objects.exists()
