"""How many customers stand in each of the archive's own groupings: kind, age, region, taste, motive, what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet

from zhenke.customers.models import Customer, CustomerDate, Trait
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.conditions import filtered, wanted_rows
from zhenke.customers.rules.ages import age_band
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.customers.rules.sight import Birthday, sight_of
from zhenke.staff.models import Viewer

GROUPED_TRAITS = ("occasion", "style", "metal", "stone", "motive")
MOST_REGIONS, MOST_VALUES = 12, 16


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Customers by code of each grouping; a group of nobody is left out. `traits` holds the values of each key."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    ages: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)
    traits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wanted: int = 0


def group_counts(*, viewer: Viewer, today: date) -> GroupCounts:
    """Return how many customers in sight stand in each group.

    Shape:  five SQL statements, each one GROUP BY over one index (customer_kind, customer_region, date_once,
            trait_find); at most 12 regions and 16 values of a trait, the largest first. One customer may stand in
            several values of a trait.
    Sees:   as `visible`. Who may see only crowds gets no group of fewer than ten; who is shown no birthday no ages.
    """
    sight = sight_of(viewer.role)
    scope = visible(viewer=viewer).order_by()
    inside = scope.values("pk")
    shown = crowd if sight.only_crowds else int

    def told(rows: Iterable[tuple[str, int]], most: int = MOST_VALUES) -> dict[str, int]:
        counted = sorted(((code, shown(n)) for code, n in rows if code), key=lambda row: (-row[1], row[0]))
        return {code: n for code, n in counted[:most] if n}

    ages: dict[str, int] = {}
    if sight.birthday != Birthday.MASKED:
        born = CustomerDate.objects.filter(kind="birthday", year__isnull=False, customer__in=inside).order_by()
        for year, n in born.values_list("year").annotate(n=Count("customer", distinct=True)):
            band = age_band(today=today, year=year or 0)
            ages[band] = ages.get(band, 0) + n
    traits: dict[str, list[tuple[str, int]]] = {}
    rows = Trait.objects.filter(key__in=GROUPED_TRAITS, customer__in=inside).order_by()
    for key, text, n in rows.values_list("key", "text").annotate(n=Count("pk")):
        traits.setdefault(key, []).append((text, n))
    wanted = wanted_rows(today).filter(customer__in=inside).values("customer_id").distinct().count()
    return GroupCounts(
        kinds=told(scope.values_list("kind").annotate(n=Count("pk"))),
        ages=told(ages.items()),
        regions=told(_largest_regions(scope), MOST_REGIONS),
        traits={key: kept for key, values in traits.items() if (kept := told(values))},
        wanted=shown(wanted),
    )


def _largest_regions(scope: QuerySet[Customer]) -> list[tuple[str, int]]:
    named = scope.exclude(region="").values_list("region").annotate(n=Count("pk"))
    return list(named.order_by("-n", "region")[:MOST_REGIONS])


def regions_in_sight(*, viewer: Viewer) -> list[str]:
    """Return the largest regions of the customers in sight, at most 12. Sees: as `group_counts`."""
    sight = sight_of(viewer.role)
    return [
        name
        for name, n in _largest_regions(visible(viewer=viewer).order_by())
        if not sight.only_crowds or crowd(n)
    ]  # fmt: skip


def customers_kept(*, viewer: Viewer, filters: CustomerFilters, within: QuerySet | None = None) -> int:
    """Return how many customers in sight the filters keep.

    Shape:  one SQL statement.
    Errors: FilterWrong.
    Sees:   as `visible`; who may see only crowds gets 0 for fewer than ten.
    """
    n = filtered(viewer=viewer, filters=filters, within=within).order_by().count()
    return crowd(n) if sight_of(viewer.role).only_crowds else n
