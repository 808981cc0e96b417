"""One line of a receipt on its way into the books, with the keys of everything it points at."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class LoadLine(NamedTuple):
    """One line of a receipt as a file tells of it, with the keys of everything it points at."""

    row: int
    sale_key: str
    line_key: str
    number: str
    customer_id: int | None
    shop_id: int
    advisor_id: int | None
    sold_at: datetime
    sold_date: date
    currency: str
    style_id: int | None
    description: str
    quantity: int
    weight_mg: int | None
    tag_minor: int | None
    amount_minor: int
    cost_minor: int | None
    is_gift: bool
    note: str
