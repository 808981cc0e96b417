"""The shop board: trend, shops, advisors, categories, price bands, best customers; amounts as booked.

A return takes its amount off on the day it came back, as the till's own books do; receipts are sales and exchanges.
Sums of money keep protected people, as the books do; lists and counts of people leave them out.
Who may see only crowds (`Sight.only_crowds`) gets nothing of fewer than ten known buyers, and amounts in round figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from zhenke.customers.queries import visible
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.crowds import LEAST, crowd, rounded_minor
from zhenke.customers.rules.sight import sight_of
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.rules import Booked, Grain, Period, PeriodSales, periods_until, year_before
from zhenke.staff.models import Shop
from zhenke.staff.queries import Viewer, below, within_scope
from zhenke.staff.rules import Scope, SystemViewer

PRICE_EDGES_MINOR = (100_000, 300_000, 500_000, 1_000_000, 3_000_000, 5_000_000, 10_000_000)
"""Where price bands begin and end when the shop names no other: 1, 3, 5, 10, 30, 50, 100 thousand yuan."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One shop or advisor, with the same days of the year before; `key` None = sold by nobody named."""

    key: int | None
    name: str
    now: Booked
    before: Booked


@dataclass(frozen=True, slots=True)
class CategorySlice:
    """One category; '' = style not known. Pieces and amount are net of what came back in these days."""

    category: str
    pieces: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PriceBand:
    """Pieces sold at a price from `from_minor` to below `to_minor` (None: no end), as sold, returns not counted."""

    from_minor: int
    to_minor: int | None
    pieces: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TopCustomer:
    """One customer by key, and what she paid in these days."""

    customer_id: int
    booked: Booked


def sales_by_month(*, viewer: Viewer, until: date, months: int = 12, shop: Shop | None = None) -> list[PeriodSales]:
    """Return the last months up to `until`, each with the same days of the year before.

    Units:  minor units, whole receipts, local days of the shops.
    Shape:  exactly `months` rows, oldest first, zero where nothing was sold; one SQL query. `shop` narrows to a node.
    Sees:   an advisor what she sold or her customers bought; shop, region, brand what their shops sold.
    """
    return _trend(viewer, periods_until(until, count=months), shop)


def sales_by_week(*, viewer: Viewer, until: date, weeks: int = 13, shop: Shop | None = None) -> list[PeriodSales]:
    """Return the last weeks (from Monday) up to `until`, each with the week 52 weeks before.

    Units, Shape, Sees: as `sales_by_month`.
    """
    grain: Grain = "week"
    return _trend(viewer, periods_until(until, count=weeks, grain=grain), shop)


def sales_by_shop(*, viewer: Viewer, since: date, until: date, shop: Shop | None = None) -> list[Slice]:
    """Return what each shop sold in some days and in the same days of the year before.

    Shape:  one row per shop that sold anything then or now, the largest amount first; one SQL query.
    Sees:   as `sales_by_month`.
    """
    return _slices(viewer, since, until, shop, key="shop_id", name="shop__name")


def sales_by_advisor(*, viewer: Viewer, since: date, until: date, shop: Shop | None = None) -> list[Slice]:
    """Return what each advisor sold; as `sales_by_shop`, with one row for sales without an advisor."""
    return _slices(viewer, since, until, shop, key="advisor_id", name="advisor__name")


def sales_by_category(*, viewer: Viewer, since: date, until: date, shop: Shop | None = None) -> list[CategorySlice]:
    """Return what was sold of each category.

    Shape:  one row per category, the largest amount first; one SQL query.
    Sees:   as `sales_by_month`.
    """
    rows = (
        SaleLine.objects.filter(sale__in=_receipts(viewer, Q(sold_date__range=(since, until)), shop))
        .values_list("style__category")
        .annotate(pieces=Sum("quantity"), amount=Sum("amount_minor"), people=_people(viewer, "sale__customer"))
    )
    sums: dict[str, list[int]] = {}
    for category, pieces, amount, people in rows:
        shown = _shown(viewer, Booked(int(amount), pieces), people)
        group = sums.setdefault(category or "", [0, 0])
        group[0] += shown.receipts
        group[1] += shown.amount_minor
    slices = [CategorySlice(category, pieces, amount) for category, (pieces, amount) in sums.items()]
    return sorted(slices, key=lambda one: (-one.amount_minor, one.category))


def price_bands(
    *,
    viewer: Viewer,
    since: date,
    until: date,
    edges_minor: Sequence[int] = PRICE_EDGES_MINOR,
    shop: Shop | None = None,
) -> list[PriceBand]:
    """Return how many pieces were sold at which price per piece.

    Units:  `edges_minor` ascending, minor units a piece; a piece at an edge belongs to the band above it.
    Shape:  one row per band, lowest first, empty bands too; one SQL query.
    Sees:   as `sales_by_month`.
    """
    band = Case(
        *[When(amount_minor__lt=F("quantity") * edge, then=Value(number)) for number, edge in enumerate(edges_minor)],
        default=Value(len(edges_minor)),
        output_field=IntegerField(),
    )
    rows = (
        SaleLine.objects.filter(sale__in=_receipts(viewer, Q(sold_date__range=(since, until)), shop))
        .filter(returned_line=None, quantity__gt=0)
        .annotate(band=band)
        .values_list("band")
        .annotate(pieces=Sum("quantity"), amount=Sum("amount_minor"), people=_people(viewer, "sale__customer"))
    )
    told = {number: _shown(viewer, Booked(int(amount), pieces), people) for number, pieces, amount, people in rows}
    found = {number: (booked.receipts, booked.amount_minor) for number, booked in told.items()}
    ends = [0, *edges_minor, None]
    return [
        PriceBand(ends[number] or 0, ends[number + 1], *found.get(number, (0, 0))) for number in range(len(ends) - 1)
    ]


def top_customers(
    *, viewer: Viewer, since: date, until: date, size: int = 20, shop: Shop | None = None
) -> list[TopCustomer]:
    """Return who paid most in some days: keys and sums, never names.

    Shape:  at most `size` rows, the largest amount first; one SQL query.
    Sees:   as `sales_by_month`; nobody for who may see only crowds. The caller asks `customers.queries` for the names,
            which shows only visible people.
    """
    if sight_of(viewer.role).only_crowds:
        return []
    rows = (
        _receipts(viewer, Q(sold_date__range=(since, until)), shop)
        .filter(unless_hidden(viewer, "customer"))
        .exclude(customer=None)
        .values_list("customer_id")
        .annotate(amount=Sum("amount_minor"), receipts=_RECEIPTS)
        .order_by("-amount", "customer_id")[:size]
    )
    return [TopCustomer(customer, Booked(int(amount), receipts)) for customer, amount, receipts in rows]


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who bought in some days: for the first time, or again; people and what they paid."""

    new: int = 0
    returning: int = 0
    new_minor: int = 0
    returning_minor: int = 0


def new_and_returning(*, viewer: Viewer, since: date, until: date, shop: Shop | None = None) -> Buyers:
    """Return how many of the buyers of some days had bought before, in any shop of the house.

    Shape:  one SQL query; zeros where nobody bought.
    Sees:   as `sales_by_month`.
    """
    sold = ~Q(kind=Sale.Kind.RETURN)
    earlier = Sale.objects.filter(sold, customer=OuterRef("customer"), sold_date__lt=since)
    rows = (
        _receipts(viewer, Q(sold_date__range=(since, until)) & sold, shop)
        .filter(unless_hidden(viewer, "customer"))
        .exclude(customer=None)
        .annotate(came_back=Exists(earlier))
        .values_list("came_back")
        .annotate(people=Count("customer", distinct=True), amount=Sum("amount_minor"))
    )
    found = {bool(came_back): (people, int(amount)) for came_back, people, amount in rows}
    if sight_of(viewer.role).only_crowds:
        found = {
            key: (crowd(people), rounded_minor(minor) if crowd(people) else 0) for key, (people, minor) in found.items()
        }
    (new, new_minor), (back, back_minor) = found.get(False, (0, 0)), found.get(True, (0, 0))
    return Buyers(new, back, new_minor, back_minor)


_RECEIPTS = Count("kind", filter=~Q(kind=Sale.Kind.RETURN))
_SHORT_GAP = timedelta(days=31)


def _people(viewer: Viewer, field: str = "customer", **kept: Q) -> Count | Value:
    """Return how many known buyers are behind a figure; counted only for those who may see only crowds."""
    if not sight_of(viewer.role).only_crowds:
        return Value(0)
    return Count(field, distinct=True, **kept)


def _shown(viewer: Viewer, booked: Booked, people: int) -> Booked:
    """Return a figure as the viewer may see it."""
    if not sight_of(viewer.role).only_crowds:
        return booked
    if 0 < people < LEAST:
        return Booked()
    return Booked(rounded_minor(booked.amount_minor), booked.receipts)


def _receipts(viewer: Viewer, days: Q, shop: Shop | None) -> QuerySet[Sale]:
    rows = Sale.objects.filter(days)
    if shop is not None:
        rows = rows.filter(below(shop.path, "shop__path"))
    if isinstance(viewer, SystemViewer) or viewer.scope != Scope.OWN:
        return rows.filter(within_scope(viewer))
    # An OR over two tables would walk every sale of the days, while each way by itself has its index.
    sold_by_me = rows.filter(within_scope(viewer, owner_fields=("advisor",)))
    bought_by_mine = rows.filter(customer__in=visible(viewer=viewer).values("pk"))
    return Sale.objects.filter(pk__in=sold_by_me.values("pk").union(bought_by_mine.values("pk")))


def _trend(viewer: Viewer, periods: list[Period], shop: Shop | None) -> list[PeriodSales]:
    if not periods:
        return []
    first, last = periods[0], periods[-1]
    days_asked = Q(sold_date__range=(first.before_since, last.until))
    if first.since - last.before_until > _SHORT_GAP:
        now = Q(sold_date__range=(first.since, last.until))
        days_asked = now | Q(sold_date__range=(first.before_since, last.before_until))
    # Grouped by day in the database and by period here: a day is a plain column that an index holds in order.
    rows = _receipts(viewer, days_asked, shop).values_list("sold_date")
    days = {
        day: (int(amount), receipts)
        for day, amount, receipts in rows.annotate(amount=Sum("amount_minor"), receipts=_RECEIPTS)
    }

    def booked(since: date, until: date) -> Booked:
        inside = [figures for day, figures in days.items() if since <= day <= until]
        return Booked(sum(amount for amount, _ in inside), sum(receipts for _, receipts in inside))

    people = _buyers_by_period(viewer, days_asked, shop, periods)
    return [
        PeriodSales(
            period,
            _shown(viewer, booked(period.since, period.until), people.get(2 * place, 0)),
            _shown(viewer, booked(period.before_since, period.before_until), people.get(2 * place + 1, 0)),
        )
        for place, period in enumerate(periods)
    ]


def _buyers_by_period(viewer: Viewer, days: Q, shop: Shop | None, periods: list[Period]) -> dict[int, int]:
    """Return the known buyers of each period (2 × its place) and of the same days before (2 × its place + 1).

    Counted only for those who may see only crowds.
    """
    if not sight_of(viewer.role).only_crowds:
        return {}
    whens = []
    for place, one in enumerate(periods):
        whens.append(When(sold_date__range=(one.since, one.until), then=Value(2 * place)))
        whens.append(When(sold_date__range=(one.before_since, one.before_until), then=Value(2 * place + 1)))
    rows = _receipts(viewer, days, shop).annotate(place=Case(*whens, default=Value(-1), output_field=IntegerField()))
    return dict(rows.order_by().values_list("place").annotate(people=Count("customer", distinct=True)))


def _slices(viewer: Viewer, since: date, until: date, shop: Shop | None, *, key: str, name: str) -> list[Slice]:
    now = Q(sold_date__range=(since, until))
    before = Q(sold_date__range=(year_before(since), year_before(until)))
    sold = ~Q(kind=Sale.Kind.RETURN)
    rows = (
        _receipts(viewer, now | before, shop)
        .values_list(key, name)
        .annotate(
            amount=Sum("amount_minor", filter=now, default=0),
            receipts=Count("kind", filter=now & sold),
            amount_before=Sum("amount_minor", filter=before, default=0),
            receipts_before=Count("kind", filter=before & sold),
            people=_people(viewer, filter=now),
            people_before=_people(viewer, filter=before),
        )
    )
    slices = [
        Slice(
            row[0],
            row[1] or "",
            _shown(viewer, Booked(int(row[2]), row[3]), row[6]),
            _shown(viewer, Booked(int(row[4]), row[5]), row[7]),
        )
        for row in rows
    ]
    return sorted(slices, key=lambda one: (-one.now.amount_minor, -one.before.amount_minor, one.name))
