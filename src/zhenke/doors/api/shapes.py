"""Shapes that several nouns share. What is asked refuses fields that were not offered; what is told holds no others.

Keys are text, because they are larger than what every reader of JSON keeps exactly. Money is whole minor units with its
currency, days are ISO days, moments are ISO with their zone; told in UTC, so that their text sorts as they do.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from zhenke.basics.days import DayOfYear
from zhenke.sales.rules import CurrencyMismatch
from zhenke.staff.models import Shop, StaffMember

MOST_MINOR = 10**13
Key = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
Moment = Annotated[AwareDatetime, PlainSerializer(lambda at: at.astimezone(UTC), return_type=datetime)]
Mark = Annotated[str, Field(default="", max_length=120, description="`after` of the page before; empty: the first.")]
Size = Annotated[int, Field(default=50, ge=1, le=100, description="Rows on one page.")]


class Asked(BaseModel):
    """What a caller sends: each field is offered here, and nothing else is taken (promise P14)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Told(BaseModel):
    """What a caller is told: these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Money(Told):
    """An amount in minor units (fen, cents) of its currency."""

    minor: Annotated[int, Field(strict=True, ge=-MOST_MINOR, le=MOST_MINOR)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Problem(Told):
    """A refusal (RFC 9457): `code` is stable, `title` is for people, `facts` are for programs."""

    type: str
    title: str
    status: int
    code: str
    facts: dict[str, object]


class Place(Told):
    """A shop, region or brand."""

    id: str
    code: str
    name: str


class Person(Told):
    """A member of staff; `username` is what calls name them by."""

    id: str
    username: str
    name: str


class Day(Asked):
    """A day that comes back every year, in the solar or the lunar calendar; the year may be unknown."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=0, le=31, description="0 only with lunar month 12: the last day of the lunar year.")]
    calendar: Literal["solar", "lunar"] = "solar"
    is_leap_month: bool = False
    year: Annotated[int, Field(ge=1850, le=2150)] | None = None

    def day_of_year(self) -> DayOfYear:
        """Return the day. Errors: DayImpossible."""
        return DayOfYear(self.month, self.day, self.calendar, self.is_leap_month, self.year)


def place(shop: Shop) -> Place:
    """Tell a shop."""
    return Place(id=str(shop.pk), code=shop.code, name=shop.name)


def person(member: StaffMember | None) -> Person | None:
    """Tell a member of staff."""
    return Person(id=str(member.pk), username=member.username, name=member.name) if member else None


def key(value: int | None) -> str | None:
    """Tell a key."""
    return None if value is None else str(value)


def money(minor: int | None, currency: str) -> Money | None:
    """Tell an amount that may be unknown."""
    return None if minor is None else Money(minor=minor, currency=currency)


def one_currency(amounts: list[Money | None]) -> str:
    """Return the currency of all amounts of one receipt, "" if there is none. Errors: CurrencyMismatch."""
    found = list(dict.fromkeys(amount.currency for amount in amounts if amount is not None))
    if len(found) > 1:
        raise CurrencyMismatch(currency=found[1], shop_currency=found[0])
    return found[0] if found else ""


def minor(amount: Money | None) -> int | None:
    """Return the minor units of an amount that may be unsaid."""
    return None if amount is None else amount.minor


REFUSALS = frozenset({401, 403, 404, 409, 411, 413, 415, 422, 429, 503})
