"""Numbers are written as people of the language write them."""

from __future__ import annotations

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import override

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_thousands_are_set_apart(language: str) -> None:
    with override(language):
        assert intcomma(1234567) == "1,234,567"
