"""The tags that stand in every row: icons and addresses."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import reverse

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
