"""What a list of customers is narrowed to, and its order; plain values, as a page or a saved list gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from zhenke.basics.days import YearRule


class Order(StrEnum):
    """The order of a list of customers."""

    UPDATED = "updated"
    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """What is asked of one field of the shop's own, by the key of its traits and its form: text, number or date.

    Of a text a part (`has`) or the whole (`equals`), of a number or day the ends of a range, both in, either open ("").
    """

    key: str
    form: str
    has: str = ""
    equals: str = ""
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class CustomerFilters:
    """Every filter that is set must hold. Grade, value, purchases and tasks live in rooms above: see `within`.

    `birthday_from`/`birthday_to` are days of this year, both ends in (a month, the next three weeks): solar birthdays
    that fall on them and lunar ones that come round on them. `not_seen_since` keeps customers without visit, call,
    message or service since then. Of `traits` each pair must be known, of `any_traits` one of each key's values;
    `own` are parts, wholes and ranges of the shop's own fields.
    `wanted_from` keeps who wants something by that day or later, `lacks` people of whom a field of rules/freshness.py
    is not known.
    """

    kind: str = ""
    gender: str = ""
    owner_id: int | None = None
    has_owner: bool | None = None
    shop_id: int | None = None
    region: str = ""
    importance: int = 0
    source: str = ""
    tag: str = ""
    kinds: tuple[str, ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    any_traits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own: tuple[OwnAsked, ...] = ()
    wanted_from: date | None = None
    lacks: str = ""
    age_bands: tuple[str, ...] = ()
    birthday_from: date | None = None
    birthday_to: date | None = None
    not_seen_since: datetime | None = None
    created_since: datetime | None = None
    today: date | None = field(default=None, compare=False)
    """The local day from which ages are counted; needed with `age_bands`."""
    year_rule: YearRule = field(default=YearRule(), compare=False)
    """What the shop does with birthdays that this year lacks."""
