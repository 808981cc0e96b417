"""The shop with its rules, and a till that speaks to it."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.doors.api.till import Till, open_shop, till_of
from zhenke.doors.api.access import BUDGET


@pytest.fixture
def till(cast: Cast) -> Till:
    """A till in the region of shops A and B."""
    open_shop()
    BUDGET.forget()
    return till_of(cast)
