"""The tags that stand in every row: icons, addresses, days, lists of words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

pytestmark = pytest.mark.one_database


def _drawn(text: str, **words: object) -> str:
    return Template(text).render(Context(words))


class TestIcon:
    def test_is_the_same_written_out_or_named_by_a_word(self) -> None:
        fixed = _drawn('{% icon "flag" "small" %}')
        assert fixed == '<svg class="icon is-small" aria-hidden="true"><use href="#i-flag"></use></svg>'
        assert fixed == _drawn('{% icon name|default:"flag" "small" %}', name="")

    def test_lets_no_markup_through(self) -> None:
        assert "<b>" not in _drawn("{% icon name %}", name='"><b>')


class TestAddress:
    @pytest.mark.parametrize("route", ["customer", "customer_call", "customer_task", "task_done", "task_more"])
    def test_is_that_of_the_route(self, route: str) -> None:
        assert _drawn("{% address route 7 %} {% address route 123 %}", route=route) == " ".join(
            reverse(route, args=[key]) for key in (7, 123)
        )


class TestDay:
    LATE = datetime(2026, 11, 30, 23, 49, tzinfo=UTC)

    def test_of_an_instant_is_the_day_of_the_shop(self) -> None:
        with timezone.override("Asia/Shanghai"), override("en"):
            assert _drawn("{{ at|local_day|exact }}", at=self.LATE) == "1 Dec 2026"
            drawn = _drawn("{% day at today %}", at=self.LATE, today=date(2026, 12, 1))
        assert 'title="1 Dec 2026">today 07:49<' in drawn

    @pytest.mark.parametrize(("language", "words"), [("en", "in 8 months"), ("zh-hans", "8 个月后")])
    def test_far_says_how_far_a_distant_day_is(self, language: str, words: str) -> None:
        with override(language):
            drawn = _drawn('{% day at today "far" %}', at=date(2027, 8, 4), today=date(2026, 12, 1))
        assert f">{words}<" in drawn


class TestListed:
    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Never: gold, jade; 83 %"), ("zh-hans", "Never：gold、jade; 83%")]
    )
    def test_is_written_as_the_reader_writes(self, language: str, words: str) -> None:
        with override(language):
            drawn = _drawn(
                '{{ "Never"|led_by }}{{ parts|listed }}; {{ share|percent }}', parts=["gold", "jade"], share=0.83
            )
        assert drawn == words
