"""From what a batch of a sales file says to rows that can be believed: words become shops, people and moments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhenke.basics.errors import BadInput
from zhenke.basics.tables.batches import Batch
from zhenke.basics.tables.cells import why_ruined
from zhenke.customers.queries.places import Places
from zhenke.customers.rules.cells import Judged
from zhenke.customers.rules.contacts import contact_spelling
from zhenke.customers.rules.intake import RowFault
from zhenke.sales.rules.intake import ReadRows
from zhenke.sales.rules.keys import sale_key
from zhenke.sales.rules.rows import Column, SaleRows, WallClock

SHORT_NUMBER = 36  # of shop and number; with the day it is below what `sale_key` shortens
FIRST_DAY = date(1950, 1, 1)
_TEXTS = ("number", "card_number", "customer_name", "style_no", "description", "category", "metal", "stone", "note")
_VALUES = {
    "quantity": "quantity",
    "weight": "weight_mg",
    "tag": "tag_minor",
    "amount": "amount_minor",
    "cost": "cost_minor",
    "is_gift": "is_gift",
}


@dataclass
class Believing:
    """Puts the columns of a batch together; what does not fit becomes a fault of its row.

    `last_day` is the last day that a sale may have.
    """

    source: str
    places: Places
    last_day: date
    _walls: dict[str, WallClock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shops = Judged(self.places.shop)
        self._advisors = Judged(self.places.advisor)
        self._phones = Judged(_phone)

    def rows(self, found: ReadRows, batch: Batch) -> SaleRows:
        """Return the rows of a batch, faulty ones still among them; line keys are not yet given."""
        columns: dict[str, Column] = {name: found.column(name) for name in _TEXTS}
        columns |= {kept: found.column(name) for name, kept in _VALUES.items()}
        columns["row"] = [number for number, _ in batch.rows]
        columns["cells"] = [cells for _, cells in batch.rows]
        columns["phone"] = _looked_up(self._phones, "phone", found)
        columns["advisor_id"] = _looked_up(self._advisors, "advisor", found)
        shops = _looked_up(self._shops, "shop", found)
        columns["shop_id"] = [shop and shop.shop_id for shop in shops]
        outside = found.column("customer_key")
        columns["customer_key"] = [key and f"{self.source}:{key}" for key in outside] if any(outside) else outside
        columns["buyer"] = _buyers(columns)
        moments = found.column("sold_at", None)
        self._check_days(moments, found)
        columns["sold_date"] = [moment and moment.date() for moment in moments]
        columns["sold_at"] = self._in_utc(moments, columns["sold_date"], shops)
        columns["sale_key"] = self._sale_keys(columns, moments, found)
        return SaleRows(columns)

    def _check_days(self, moments: Column, found: ReadRows) -> None:
        there = [moment for moment in moments if moment is not None]
        if not there or (min(there).date() >= FIRST_DAY and max(there).date() <= self.last_day):
            return
        for place, moment in enumerate(moments):
            if moment is not None and not FIRST_DAY <= moment.date() <= self.last_day:
                found.refuse(place, RowFault("sold_at", "date_impossible", text=moment.date().isoformat()))

    def _in_utc(self, moments: Column, days: Column, shops: Column) -> Column:
        zones = {shop.zone.key: shop.zone for shop in set(shops) if shop is not None}
        for name, zone in zones.items():
            self._walls.setdefault(name, WallClock(zone))
        if len(zones) == 1 and None not in moments:
            return self._walls[next(iter(zones))].in_utc(moments, days)
        return [
            self._walls[shop.zone.key].in_utc([moment], [day])[0] if moment is not None and shop is not None else None
            for moment, day, shop in zip(moments, days, shops, strict=True)
        ]

    def _sale_keys(self, columns: dict[str, Column], moments: Column, found: ReadRows) -> Column:
        """Give each row its receipt's key; a row with neither number nor buyer cannot be told from others."""
        numbers, days, shops = columns["number"], columns["sold_date"], found.column("shop")
        heads = {shop: f"{self.source}:{shop}:" if shop else f"{self.source}:" for shop in set(shops)}
        longest = max(map(len, heads), default=0) + max(map(len, numbers), default=0)
        if all(numbers) and longest <= SHORT_NUMBER:
            tails = {day: f"@{day}" for day in set(days)}
            return [heads[shop] + number + tails[day] for number, day, shop in zip(numbers, days, shops, strict=True)]
        known: dict[tuple[str, date | None, str], str] = {}
        keys: Column = []
        for place, spot in enumerate(zip(numbers, days, shops, strict=True)):
            key = known.get(spot)
            if key is None:
                number, day, shop = spot
                if number:
                    key = known[spot] = sale_key(self.source, number=number, buyer="", moment=str(day), shop=shop)
                else:
                    key = self._key_by_buyer(columns, place, moments[place], shop, found)
            keys.append(key)
        return keys

    def _key_by_buyer(
        self, columns: dict[str, Column], place: int, moment: datetime | None, shop: str, found: ReadRows
    ) -> str:
        buyer = columns["buyer"][place] or columns["customer_name"][place]
        if not buyer:
            found.refuse(place, RowFault("number", "receipt_unknown"))
        return sale_key(self.source, number="", buyer=buyer, moment=str(moment), shop=shop)


def line_contents(rows: SaleRows, places: list[int]) -> list[tuple[Any, ...]]:
    """Return what these rows say of their lines."""
    said = list(zip(*(rows[name] for name in ("style_no", "description", *_VALUES.values())), strict=True))
    return said if len(places) == len(said) else [said[place] for place in places]


def _looked_up(judged: Judged, name: str, found: ReadRows) -> Column:
    """Return what the words of a column mean; a word that means nothing is a fault."""
    words = found.columns.get(name)
    if words is None:
        return [judged[""]] * found.count
    values = list(map(judged.__getitem__, words))
    if judged.has_faults:
        for place, value in enumerate(values):
            if type(value) is RowFault:
                values[place] = None
                found.refuse(place, value)
    return values


def _buyers(columns: dict[str, Column]) -> Column:
    """Return what tells each row's buyer from others; empty for nobody."""
    if all(columns["card_number"]):
        return columns["card_number"]
    parts = zip(columns["card_number"], columns["customer_key"], columns["phone"], strict=True)
    return [card or key or phone or "" for card, key, phone in parts]


def _phone(text: str) -> str | None:
    if not text:
        return None
    if why_ruined(text):
        raise RowFault("phone", "number_ruined", text=text[:24])
    try:
        return contact_spelling("phone", text)
    except BadInput as wrong:
        raise RowFault("phone", wrong.code, **{**wrong.facts, "text": text[:24]}) from None
