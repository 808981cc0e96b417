"""The window of a summary."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.sales.rules import window_start


class TestWindowStart:
    @pytest.mark.parametrize(
        ("as_of", "months", "first"),
        [
            (date(2026, 11, 22), 36, date(2023, 11, 23)),
            (date(2026, 3, 31), 1, date(2026, 3, 1)),
            (date(2024, 3, 31), 1, date(2024, 3, 1)),
            (date(2026, 1, 15), 1, date(2025, 12, 16)),
            (date(2026, 12, 31), 12, date(2026, 1, 1)),
        ],
    )
    def test_is_the_day_after_the_same_day_so_many_months_ago(self, as_of: date, months: int, first: date) -> None:
        assert window_start(as_of, months) == first
