"""What a door hands in about a customer: a new archive, or the few words that say which one is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import BadInput


class FieldWrong(BadInput):
    """One field cannot be taken. Facts: `field`."""

    code = "field_wrong"
    message = "The field {field} cannot be taken as it is."


class Keyed(Protocol):
    """A row that is known by its key: a shop, a member of staff."""

    @property
    def pk(self) -> int: ...


@dataclass(frozen=True, slots=True)
class DateDraft:
    """One day that comes back; `kind` is birthday, wedding, engagement, met, child_birthday, full_month, other …"""

    kind: str
    day: DayOfYear
    label: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class GuardianWord:
    """How the guardian of somebody under 14 agreed; `guardian` is her or his own archive, if there is one."""

    proof: str
    proof_note: str = ""
    guardian: Keyed | None = None


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """All that may be known of a new customer; everything may be empty, but not everything at once.

    Phones in any spelling. `owner`, `cover` and `shop` are rows of the staff room; without `shop` it is the shop of the
    person who writes, without `owner` that person if an advisor. `referrer_key` is the card number, source key or key
    of the customer who brought this one.
    """

    name: str = ""
    gender: str = ""
    kind: str = "person"
    card_number: str | None = None
    source_key: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    wechat_ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    birthday: DayOfYear | None = None
    dates: tuple[DateDraft, ...] = ()
    traits: Mapping[str, tuple[str, ...] | list[str]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    region: str = ""
    language: str = ""
    channel: str = ""
    hour_preference: str = ""
    source: str = ""
    caution: str = ""
    notes: str = ""
    first_met_date: date | None = None
    owner: Keyed | None = None
    cover: Keyed | None = None
    shop: Keyed | None = None
    referrer_key: str = ""
    guardian_word: GuardianWord | None = None

    @property
    def birthdays(self) -> tuple[DayOfYear, ...]:
        """Every day that says how old this customer is."""
        told = tuple(date.day for date in self.dates if date.kind == "birthday")
        return told if self.birthday is None else (self.birthday, *told)

    @property
    def is_empty(self) -> bool:
        """Nothing by which the customer could be known again."""
        known = (self.name.strip(), self.card_number, self.source_key)
        return not any(known) and not (self.phones or self.emails or self.wechat_ids)


@dataclass(frozen=True, slots=True)
class BuyerSlip:
    """Who bought, as the till knows it: the first key that is known wins; `draft` is used when none is.

    Empty: an anonymous buyer.
    """

    customer_id: int | None = None
    card_number: str | None = None
    source_key: str | None = None
    phone: str | None = None
    draft: CustomerDraft | None = None

    @property
    def is_anonymous(self) -> bool:
        """Nothing says who bought."""
        return not any((self.customer_id, self.card_number, self.source_key, self.phone, self.draft))
