"""How well the shop knows its customers: the figures of the last night that counted, and of the weeks before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet, Sum

from zhenke.customers.models import RecordCount
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.records import Count, share
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import below, within_scope
from zhenke.staff.rules import Scope, SystemViewer

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """How well some people are known: shares in whole per cent, None where nothing is asked or known of them."""

    people: int
    filled: int | None
    accurate: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """One day of the trend, a week apart."""

    on_date: date
    known: Known


@dataclass(frozen=True, slots=True)
class Group:
    """The customers of one shop, or of one advisor in it; `owner` None and `is_nobodys` for those of nobody."""

    shop: int
    name: str
    known: Known
    owner: int | None = None
    is_nobodys: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows: the whole, field by field, the groups within it, and its weeks, the oldest first.

    `of_shop` is the shop against which an advisor reads her own; None for everybody else.
    """

    on_date: date
    whole: Known
    fields: Count
    groups: tuple[Group, ...]
    weeks: tuple[Week, ...]
    of_shop: Known | None = None


def record_figures(*, viewer: Viewer, shop: Shop | None = None) -> Figures | None:
    """Return how well the customers of the viewer, or of one node, are known; None before the first night.

    Shape:  shops where there are several, else the advisors of the one. At most five SQL queries.
    Sees:   own: own customers, and the one figure of the shop; shop, region, brand: as the scope says. For those who
            see several shops, or only crowds, a group of fewer than ten people has no figures (rules/crowds.py).
            Protected people are not counted.
    """
    last = RecordCount.objects.aggregate(last=Max("on_date"))["last"]
    mine = _in_sight(viewer)
    if last is None or mine is None:
        return None
    rows = mine.filter(below(shop.path, "shop__path")) if shop is not None else mine
    today = list(rows.filter(on_date=last).select_related("shop", "owner"))
    if not today:
        return None
    is_own = not isinstance(viewer, SystemViewer) and viewer.scope == Scope.OWN
    least = _least(viewer)
    whole = _known(today, least)
    groups = () if is_own else _groups(today, least)
    fields = Count(0)
    for row in today if whole.people else ():
        fields += Count(row.people, {name: (one[0], one[1], one[2]) for name, one in row.fields.items()})
    weeks = tuple(_weeks(rows, last, least))
    of_shop = _of_shop(viewer, last) if is_own else None
    return Figures(last, whole, fields, groups, weeks, of_shop)


def _in_sight(viewer: Viewer) -> QuerySet[RecordCount] | None:
    if not viewer.is_active:
        return None
    return RecordCount.objects.filter(within_scope(viewer, "shop", ("owner",)))


def _least(viewer: Viewer) -> bool:
    """Return whether groups of fewer than ten people are left out for this viewer."""
    if isinstance(viewer, SystemViewer):
        return False
    return sight_of(viewer.role).only_crowds or viewer.scope in (Scope.REGION, Scope.BRAND)


def _known(rows: Iterable[RecordCount], only_crowds: bool) -> Known:
    found = list(rows)
    return _shares(
        sum(row.people for row in found),
        sum(row.asked for row in found),
        sum(row.filled for row in found),
        sum(row.accurate for row in found),
        only_crowds,
    )


def _shares(people: int, asked: int, filled: int, accurate: int, only_crowds: bool) -> Known:
    if only_crowds and not crowd(people):
        return Known(0, None, None)
    return Known(people, share(filled, asked), share(accurate, filled))


def _groups(rows: list[RecordCount], only_crowds: bool) -> tuple[Group, ...]:
    shops = {row.shop_id: row.shop.name for row in rows}
    if len(shops) > 1:
        made = [
            Group(key, name, _known((row for row in rows if row.shop_id == key), only_crowds))
            for key, name in shops.items()
        ]
    else:
        made = [
            Group(row.shop_id, row.owner.name if row.owner else "", _known([row], only_crowds), row.owner_id)
            for row in rows
        ]
        made = [one if one.owner else replace(one, is_nobodys=True) for one in made]
    return tuple(sorted(made, key=lambda one: (one.known.filled is None, one.known.filled or 0, one.name)))


def _weeks(rows: QuerySet[RecordCount], last: date, only_crowds: bool) -> list[Week]:
    days = [last - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
    sums = rows.filter(on_date__in=days).order_by().values("on_date")
    told = sums.annotate(
        people_in=Sum("people"), asked_in=Sum("asked"), filled_in=Sum("filled"), accurate_in=Sum("accurate")
    )
    weeks = [
        Week(
            row["on_date"],
            _shares(row["people_in"], row["asked_in"], row["filled_in"], row["accurate_in"], only_crowds),
        )
        for row in told
    ]
    return sorted((one for one in weeks if one.known.people), key=lambda one: one.on_date)


def _of_shop(viewer: Viewer, last: date) -> Known | None:
    """Return the figure of the viewer's shop as a whole: one number for many people, of ten at least."""
    rows = RecordCount.objects.filter(Q(shop_id=viewer.shop_id) if not isinstance(viewer, SystemViewer) else Q())
    return _known(rows.filter(on_date=last), True)
