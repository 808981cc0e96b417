"""One line of a timeline, and what a source of lines is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhenke.customers.models import Customer
from zhenke.customers.queries import may_have
from zhenke.sales.models import Sale
from zhenke.sales.queries import Gift
from zhenke.staff.models import StaffMember

_NOON = time(12)
Mark = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class VisitLines:
    """What a visit tells besides its words, ready to be shown."""

    laid_out: list[tuple[str, bool]]
    companions: list[tuple[str, Customer | None]]
    stopped_by: list[str]
    agreed: str
    agreed_date: date | None


@dataclass(frozen=True, slots=True)
class NoteLines:
    """What hangs on an entry: keys of photos, and the names of whom it names, in words."""

    photos: tuple[int, ...]
    named: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. A finished follow-up is the contact that it was, with the step that asked for it."""

    at: datetime
    id: int
    kind: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    sale: Sale | None = None
    gift: Gift | None = None
    visit: VisitLines | None = None
    note: NoteLines | None = None
    is_closed: bool = False
    """Whether there are words that are not shown to who looks."""
    day: date | None = None
    """Of a thing that has a day only: then `at` is its noon, by which it is put in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every source is asked: lines of her older than `before`, of these words, at most `size`."""

    viewer: StaffMember
    customer: Customer
    now: datetime
    before: Mark | None
    words: str
    size: int
    kind: str = ""

    def may_have(self, trace: str) -> bool:
        """Return whether to ask for lines that only who has left this trace can have (`care.queries.TRACES`)."""
        return may_have(self.customer, trace)

    def is_older(self, at: datetime, key: int) -> bool:
        """Return whether a line is still to come."""
        return self.before is None or (at, key) < self.before

    def noon(self, day: date) -> datetime:
        """Return the instant at which a thing that has a day only stands: noon where she is looked after."""
        return datetime.combine(day, _NOON, ZoneInfo(self.customer.shop.time_zone))

    def before_day(self) -> tuple[date, int] | None:
        """Return `before` for rows that have a day: the same lines come of it as of their noon."""
        if self.before is None:
            return None
        at, key = self.before
        day = at.astimezone(ZoneInfo(self.customer.shop.time_zone)).date()
        noon = self.noon(day)
        if noon == at:
            return day, key
        return (day + timedelta(days=1), 0) if noon < at else (day, 0)


Source = Callable[[Asked], list[Entry]]
