"""Lists of customers: filtered, in a fixed order, page after page by key.

Three plans, because a database that chooses between them by its own figures is wrong by seconds at a million:
everything, or all of one shop, in the order of its index; few customers (in sight, or behind the rarest filter), taken
first and then sorted; or a walk down the order in steps, each step asked who of it is in sight and kept by the filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet

from zhenke.basics.errors import BadInput, NotAllowed
from zhenke.customers.models import Customer, CustomerTag
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.conditions import filtered, starts
from zhenke.customers.queries.expressions import OneOf
from zhenke.customers.queries.knowledge import hidden_traits
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.customers.rules.sight import Birthday, Shown, sight_of
from zhenke.customers.rules.traits import KINDS
from zhenke.staff.models import Viewer
from zhenke.staff.queries import is_of_one_shop
from zhenke.staff.rules import Scope, SystemViewer

LARGEST = 100
FEW = 8_000
FEW_FILTERED = 25_000  # a filter thins out a walk, so sorting pays longer
LONGEST_WALK = 30_000
_STEPS = (250, 1_000, 3_000)
_SHOWN = (
    "name",
    "pinyin",
    "kind",
    "gender",
    "card_number",
    "caution",
    "updated_at",
    "shop_id",
    "cover_id",
    "owner__name",
    "importance",
)
_COLUMN = {Order.UPDATED: "updated_at", Order.NAME: "pinyin", Order.NEWEST: "id"}


_Read = Callable[[QuerySet[Customer]], QuerySet[Customer]]


class CursorWrong(BadInput):
    """The mark of the next page is not one of ours."""

    code = "cursor_wrong"
    message = "The list has moved on; open it again from the beginning."


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page: customers with shop, owner, cover and tags at hand, and the mark of the next page, "" at the end."""

    rows: list[Customer]
    after: str


def customer_page(
    *,
    viewer: Viewer,
    filters: CustomerFilters,
    order: Order = Order.UPDATED,
    after: str = "",
    size: int = 50,
    within: QuerySet | None = None,
    is_brief: bool = False,
) -> CustomerPage:
    """Return one page of the customers that the filters keep.

    `within` is a query of one column of customer keys that the caller made in a room above (grades, purchases, open
    tasks); it narrows and never widens: the viewer's sight holds. `is_brief` reads of each customer what a line of a
    list shows, the owner's name and the tags, and no shop or cover.

    Shape:  at most `size` (100) rows; may be empty. A page may be short, even empty, while `after` says that there is
            more: a walk stops after 30,000 customers. At most 3 SQL statements (a tag's name one more); a walk 2 more
            a step, nearly always one step.
    Errors: CursorWrong, FilterWrong; NotAllowed for an order or filter over what the viewer is shown masked.
    Sees:   as `visible`.
    """
    size = max(1, min(size, LARGEST))
    _refuse_hidden(viewer, filters, order)
    kept = filtered(viewer=viewer, filters=filters, within=within)
    sees_all = isinstance(viewer, SystemViewer) or viewer.scope == Scope.BRAND
    read = _brief if is_brief else _whole
    is_narrowed = filters != CustomerFilters() or within is not None
    if is_narrowed or not (sees_all or _has_index(viewer, order)):
        sets = starts(filters=filters, within=within)
        if not sees_all:
            sets.append(visible(viewer=viewer).order_by().values("pk"))
        few = _smallest(sets, FEW_FILTERED if is_narrowed else FEW)
        if few is None:
            return _walked(kept, order, after, size, read)
        kept = kept.filter(OneOf(F("pk"), few))
    page = list(read(_from(kept, order, after))[: size + 1])
    last = page[size - 1] if len(page) > size else None
    return CustomerPage(page[:size], _mark(last.pk, getattr(last, _COLUMN[order])) if last else "")


def _has_index(viewer: Viewer, order: Order) -> bool:
    """Return whether all that the viewer sees stands in this order in one index: customers of one shop do."""
    return is_of_one_shop(viewer) and order != Order.NAME


def _smallest(sets: list[QuerySet], most: int) -> QuerySet | None:
    """Return the smallest set of keys if it is small enough to sort; all are counted, up to there, in one statement."""
    if not sets:
        return None
    parts: list[str] = []
    params: list[Any] = []
    for each in sets:
        try:
            sql, own = each.order_by()[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # how Django says that nothing can match, before any database is asked
            return each
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - a compiled query
        params.extend(own)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        counts = cursor.fetchone()
    least = min(range(len(sets)), key=lambda number: counts[number])
    return sets[least] if counts[least] <= most else None


def _walked(kept: QuerySet[Customer], order: Order, after: str, size: int, read: _Read) -> CustomerPage:
    found: dict[int, str] = {}
    mark, walked = after, 0
    for step in _steps():
        page = list(_from(Customer.objects.all(), order, mark).values_list("pk", _COLUMN[order])[:step])
        seen = set(kept.filter(pk__in=[key for key, _ in page]).values_list("pk", flat=True)) if page else set()
        found.update((key, _mark(key, value)) for key, value in page if key in seen)
        walked += len(page)
        mark = _mark(*page[-1]) if len(page) == step else ""
        if len(found) > size or not mark or walked >= LONGEST_WALK:
            break
    keys = list(found)[:size]
    by_key = read(Customer.objects.all()).in_bulk(keys)
    next_mark = found[keys[-1]] if len(found) > size else mark
    return CustomerPage([by_key[key] for key in keys if key in by_key], next_mark)


def _steps() -> Iterator[int]:
    yield from _STEPS
    while True:
        yield _STEPS[-1]


def _whole(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    return rows.select_related("shop", "owner", "cover").prefetch_related(_tags())


def _brief(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    return rows.select_related("owner").only(*_SHOWN).prefetch_related(_tags())


def _tags() -> Prefetch:
    return Prefetch("tags", CustomerTag.objects.select_related("tag").order_by("tag__name"))


def _refuse_hidden(viewer: Viewer, filters: CustomerFilters, order: Order) -> None:
    """A mask that a sort order or a filter sees through is no mask."""
    sight = sight_of(viewer.role)
    if order == Order.NAME and not sight.names:
        raise NotAllowed(field="order")
    if filters.birthday_from and not sight.dates:
        raise NotAllowed(field="birthday_from")
    if filters.age_bands and sight.birthday == Birthday.MASKED:
        raise NotAllowed(field="age_bands")
    keys = {key for key, _ in (*filters.traits, *filters.any_traits)} | {one.key for one in filters.own}
    plain = {key for key in keys if key in KINDS and KINDS[key].level <= 2}
    if keys - plain and keys & hidden_traits(viewer=viewer):
        raise NotAllowed(field="traits")
    if filters.importance and sight.of("importance") != Shown.FULL:
        raise NotAllowed(field="importance")


def _from(rows: QuerySet[Customer], order: Order, after: str) -> QuerySet[Customer]:
    value, key = _read(after, order) if after else ("", 0)
    if order == Order.NAME:
        later = Q(pinyin__gt=value) | Q(pinyin=value, pk__gt=key)
        return (rows.filter(later, pinyin__gte=value) if after else rows).order_by("pinyin", "id")
    if order == Order.NEWEST:
        return (rows.filter(pk__lt=key) if after else rows).order_by("-id")
    if after:
        at = datetime.fromisoformat(value)
        rows = rows.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=key), updated_at__lte=at)
    return rows.order_by("-updated_at", "-id")


def _mark(key: int, value: object) -> str:
    return f"{key}~{value.isoformat() if isinstance(value, datetime) else value}"


def _read(after: str, order: Order) -> tuple[str, int]:
    key, _, value = after.partition("~")
    if not (key.isascii() and key.isdecimal() and len(key) < 20) or "\x00" in value:
        raise CursorWrong
    if order == Order.UPDATED:
        try:
            if datetime.fromisoformat(value).tzinfo is None:
                raise CursorWrong
        except ValueError:
            raise CursorWrong from None
    return value, int(key)
