"""When a gift stops being a secret: a table of cases, no database."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.customers.rules.surprise import is_still_secret, secret_until

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


class TestSecretUntil:
    @pytest.mark.parametrize(
        ("occasions", "until"),
        [
            ([], date(2027, 1, 23)),
            ([date(2027, 3, 24), date(2027, 1, 2)], date(2027, 1, 2)),
            ([DAY, date(2026, 12, 1)], date(2027, 1, 23)),  # her day itself, or one that is past, hides nothing
            ([date(2027, 3, 24)], date(2027, 3, 24)),  # 90 days
            ([date(2027, 3, 25)], date(2027, 1, 23)),  # 91 days
        ],
    )
    def test_is_the_next_occasion_or_thirty_days(self, occasions: list[date], until: date) -> None:
        assert secret_until(occasions=occasions, bought=DAY) == until
