"""When a gift stops being a secret: a table of cases, no database."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.customers.rules.surprise import is_still_secret

pytestmark = pytest.mark.one_database
DAY = date(2026, 12, 24)


class TestIsStillSecret:
    @pytest.mark.parametrize(
        ("secret_until_date", "today", "is_secret"),
        [
            (None, DAY, False),
            (DAY, date(2026, 12, 23), True),
            (DAY, DAY, False),
            (DAY, date(2026, 12, 25), False),
        ],
    )
    def test_ends_on_its_day(self, secret_until_date: date | None, today: date, is_secret: bool) -> None:
        assert is_still_secret(secret_until_date=secret_until_date, today=today) is is_secret
