"""One demo shop of full size for all tests of this folder; it takes a few seconds."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.doors.demo.rows import DemoShop
from zhenke.doors.demo.shop import make_demo_shop

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="session")
def shop() -> DemoShop:
    """The demo shop as ./run makes it, for a fixed day."""
    return make_demo_shop(today=TODAY)
