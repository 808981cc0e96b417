"""What counts as a purchase, and when it is inside the window that grading looks at."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW_MONTHS = 36
"""Length of the window when nobody names another; a grading scheme carries its own."""


@dataclass(frozen=True)
class PurchaseSummary:
    """What one customer bought, as grading needs it. Units: minor units, whole purchases; definition: README.md."""

    last_bought_date: date | None = None
    first_bought_date: date | None = None
    frequency: int = 0
    amount_minor: int = 0
    cost_known_amount_minor: int = 0
    """The part of `amount_minor` whose cost is known; the margin is a margin on this part."""
    margin_minor: int | None = None
    lifetime_frequency: int = 0
    lifetime_minor: int = 0
    only_sale_id: int | None = None
    """The one receipt of somebody who bought exactly once; None for all others."""


def window_start(as_of: date, months: int = WINDOW_MONTHS) -> date:
    """Return the first day inside the window that ends on `as_of` (both days belong to it).

    Units:  local days; months of the calendar, a day that a month lacks becomes its last.
    Example: 2026-11-22, 36 months -> 2023-11-23
    """
    year, month0 = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    month = month0 + 1
    return date(year, month, min(as_of.day, monthrange(year, month)[1])) + timedelta(days=1)
