"""What members are to be told: points that end, tiers that moved, points of a sale that may be spent now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, Sum

from zhenke.membership.models import Membership, PointsEntry, PointsLeg, TierChange
from zhenke.membership.rules.ledger import Place

SALE_CAUSES = ("sale_line", "carried_line")


@dataclass(frozen=True, slots=True)
class EndingPoints:
    """Points of one customer that end in one month, and the first of their days."""

    customer_id: int
    month: str
    points: int
    first_end: date


@dataclass(frozen=True, slots=True)
class SpendablePoints:
    """Points that began to be spendable, by the line of the receipt that earned them."""

    customer_id: int
    line_id: int
    points: int


def ending_points(*, first: date, last: date) -> list[EndingPoints]:
    """Return whose points end on days in [`first`, `last`], by month of the calendar.

    Shape:  one row per customer and month with something left, by customer and month; one SQL query.
    Sees:   no viewer: the night asks.
    """
    rows = (
        PointsLeg.objects.filter(
            account__kind=Place.MEMBER,
            account__customer__isnull=False,
            lot__expires_on_date__gte=first,
            lot__expires_on_date__lte=last,
        )
        .values_list("account__customer_id", "lot_id", "lot__expires_on_date")
        .annotate(left=Sum("points"))
        .filter(left__gt=0)
        .order_by("account__customer_id", "lot__expires_on_date")
    )
    found: dict[tuple[int, str], EndingPoints] = {}
    for customer, _lot, ends, left in rows:
        key = (customer, f"{ends:%Y-%m}")
        known = found.get(key)
        found[key] = EndingPoints(*key, (known.points if known else 0) + left, known.first_end if known else ends)
    return list(found.values())


def tier_moves_since(*, first: date) -> list[TierChange]:
    """Return the last rise or fall of each member since a day, if it is still her tier; joining is none.

    Shape:  at most one row per member, by key; two SQL queries at most.
    Sees:   no viewer: the night asks.
    """
    moved = TierChange.objects.filter(on_date__gte=first, reason__in=("sale", "return", "night", "rules"))
    last = moved.exclude(from_tier="").values("customer_id").annotate(last=Max("pk")).values_list("last", flat=True)
    rows = list(TierChange.objects.filter(pk__in=list(last)).order_by("pk"))
    keys = [row.customer_id for row in rows]
    now = dict(Membership.objects.filter(customer_id__in=keys).values_list("customer_id", "tier"))
    return [row for row in rows if now.get(row.customer_id) == row.to_tier]


def spendable_since(*, first: date) -> list[SpendablePoints]:
    """Return points of receipts that waited and may be spent since a day, line by line.

    Shape:  one row per line, by line; one SQL query.
    Sees:   no viewer: the night asks.
    """
    is_sale = Q(lot__opened_by__cause_kind__in=SALE_CAUSES)
    rows = PointsLeg.objects.filter(
        is_sale,
        entry__kind=PointsEntry.Kind.ACTIVATE,
        entry__on_date__gte=first,
        account__kind=Place.PENDING,
        account__customer__isnull=False,
    ).values_list("account__customer_id", "lot__opened_by__cause_id", "points")
    return [SpendablePoints(customer, int(line), -points) for customer, line, points in rows.order_by("lot_id")]
