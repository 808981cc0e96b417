"""Believed rows of a sales file, column by column, on their way into the books."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Column = list[Any]

LINE_FIELDS = (
    "style_id",
    "description",
    "quantity",
    "weight_mg",
    "tag_minor",
    "amount_minor",
    "cost_minor",
    "is_gift",
)
HEAD_FIELDS = ("customer_id", "shop_id", "advisor_id")


@dataclass(slots=True)
class SaleRows:
    """Rows of a batch; the n-th value of each column is the n-th row's.

    Columns: row (as a person counts), cells, sale_key, line_key, buyer, customer_key, card_number, customer_name,
    phone, number, shop_id, advisor_id, sold_at (UTC, without a zone), sold_date (the shop's), style_no, description,
    category, metal, stone, quantity, weight_mg, tag_minor, amount_minor, cost_minor, is_gift, note; later customer_id
    and style_id.
    """

    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.columns["row"])

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def without(self, places: Collection[int]) -> SaleRows:
        """Return the rows that do not stand at these places; the same object when there are none."""
        if not places:
            return self
        gone = set(places)
        kept = [place for place in range(len(self)) if place not in gone]
        return self.only(kept)

    def only(self, places: list[int]) -> SaleRows:
        """Return the rows at these places, in that order."""
        return SaleRows({name: [column[place] for place in places] for name, column in self.columns.items()})


@dataclass(slots=True)
class Receipt:
    """A receipt that the books have: its key, its head, and its lines by line key as (key, values of LINE_FIELDS)."""

    id: int
    head: dict[str, int | None]
    lines: dict[str, tuple[int, tuple[Any, ...]]]


class WallClock:
    """Turns moments on a shop's wall into UTC; the offset of each day is found once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offsets: dict[date, timedelta | None] = {}

    def in_utc(self, moments: list[datetime], days: list[date]) -> list[datetime]:
        """Return the moments in UTC, without a zone. `days` are their days."""
        for day in set(days) - self._offsets.keys():
            self._offsets[day] = self._offset(day)
        offsets = set(map(self._offsets.__getitem__, set(days)))
        if len(offsets) == 1 and None not in offsets:
            offset = offsets.pop() or timedelta()
            return [moment - offset for moment in moments]
        return [self._exactly(moment, self._offsets[day]) for moment, day in zip(moments, days, strict=True)]

    def _offset(self, day: date) -> timedelta | None:
        """The offset of a whole day; None for a day on which clocks are set."""
        first = datetime.combine(day, time.min, self._zone).utcoffset()
        last = datetime.combine(day, time.max, self._zone).utcoffset()
        return first if first == last else None

    def _exactly(self, moment: datetime, offset: timedelta | None) -> datetime:
        if offset is not None:
            return moment - offset
        return moment.replace(tzinfo=self._zone).astimezone(UTC).replace(tzinfo=None)
