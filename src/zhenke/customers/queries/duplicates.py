"""Pairs of archives that may be one person, for the people who see both."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.customers.models import Customer, CustomerDate, DuplicatePair
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.lists import CursorWrong
from zhenke.customers.queries.protection import unless_hidden
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope

SIZE = 20


class PairUnknown(NotFound):
    """There is no such pair, or one of the two is not the viewer's to see."""

    code = "pair_unknown"
    message = "This pair does not exist, or is not yours to see."


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs to be reviewed, the likeliest first; `after` leads to the next page, "" if there is none."""

    rows: list[DuplicatePair]
    after: str


def open_pairs(*, viewer: Viewer, after: str = "", size: int = SIZE) -> PairPage:
    """Return pairs that nobody has decided yet, with both archives, their shops and owners.

    Shape:  at most `size`, the likeliest first; may be empty. 1 SQL query.
    Sees:   pairs of which both are in sight.
    Errors: CursorWrong.
    """
    rows = _in_sight(viewer).filter(state=DuplicatePair.State.OPEN)
    if after:
        likely, key = _cursor(after)
        rows = rows.filter(
            Q(probability_permille__lt=likely) | Q(probability_permille=likely, pk__lt=key),
            probability_permille__lte=likely,
        )
    found = list(_with_both(rows).order_by("-probability_permille", "-id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return PairPage(found[:size], f"{last.probability_permille}.{last.pk}" if last else "")


def open_pair_count(*, viewer: Viewer, most: int = 1_000) -> int:
    """Return how many pairs wait for the viewer, counted to `most`."""
    return _in_sight(viewer).filter(state=DuplicatePair.State.OPEN).order_by()[:most].count()


def pair_for(*, viewer: Viewer, id: int) -> DuplicatePair:
    """Return one pair with both archives, decided or not.

    Errors: PairUnknown if there is none or one of the two is not in sight.
    Sees:   as `open_pairs`.
    """
    pair = _with_both(_in_sight(viewer)).filter(pk=id).first()
    if pair is None:
        raise PairUnknown
    return pair


def days_of_both(*, viewer: Viewer, customers: tuple[Customer, Customer]) -> list[tuple[CustomerDate, CustomerDate]]:
    """Return the days of one kind and label that both archives know and that differ, the first archive's first.

    Shape:  may be empty.
    Sees:   as the customers.
    """
    keys = [one.pk for one in customers]
    seen = CustomerDate.objects.filter(customer__in=visible(viewer=viewer).filter(pk__in=keys))
    rows = {(row.customer_id, row.kind, row.label): row for row in seen}
    first = [row for (key, *_), row in rows.items() if key == keys[0]]
    pairs = [(row, rows[(keys[1], row.kind, row.label)]) for row in first if (keys[1], row.kind, row.label) in rows]
    return [pair for pair in pairs if _day(pair[0]) != _day(pair[1])]


def _day(row: CustomerDate) -> tuple[object, ...]:
    return (row.calendar, row.month, row.day, row.is_leap_month, row.year)


def _in_sight(viewer: Viewer) -> QuerySet[DuplicatePair]:
    # By joins from the few pairs to their archives: asking for everybody in sight would be a million keys.
    sides = [
        within_scope(viewer, f"{side}__shop", (f"{side}__owner", f"{side}__cover")) & unless_hidden(viewer, side)
        for side in ("first", "second")
    ]
    return DuplicatePair.objects.filter(*sides)


def _with_both(rows: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
    sides = ("first", "second")
    return rows.select_related(*sides, *(f"{side}__{what}" for side in sides for what in ("shop", "owner")))


def _cursor(text: str) -> tuple[int, int]:
    likely, _, key = text.partition(".")
    if not (likely.isascii() and likely.isdecimal() and key.isascii() and key.isdecimal() and len(key) < 19):
        raise CursorWrong
    return min(int(likely[:6]), 1_000), int(key)
